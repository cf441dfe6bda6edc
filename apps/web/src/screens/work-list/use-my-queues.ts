import { useQueues, type Queues } from '../../api/index.ts';
import type { Shown } from './use-filter.ts';

/** The counts of the queues that are shown. */
export function useMyQueues({ queues }: Shown): Queues | undefined {
  return useQueues().data?.filter(({ queue }) => queues.includes(queue));
}
