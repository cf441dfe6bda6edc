import { useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMe } from '../../api/index.ts';
import { buckets, type Assignment, type Bucket, type ListFilter } from './queries.ts';

export interface Shown extends ListFilter {
  /** Only this bucket; undefined: all. */
  readonly bucket: Bucket | undefined;
  /** The one queue that is looked at; undefined where it is several. */
  readonly queue: string | undefined;
  /** What I have claimed, wherever it lies. */
  readonly mineOnly: boolean;
  change(next: { readonly bucket?: string | undefined; readonly assignee?: string | undefined; readonly taskType?: string | undefined }): void;
}

/** What the address says is shown: so that it can be kept, shared and gone back to. */
export function useFilter(): Shown {
  const { queue } = useParams({ strict: false });
  const { bucket, assignee, taskType } = useSearch({ strict: false });
  const { pathname } = useLocation();
  const { queues: mine } = useMe();
  const navigate = useNavigate();
  const mineOnly = pathname === '/my/tasks';
  return {
    queues: queue ? [queue] : mine,
    queue: queue ?? (mine.length === 1 ? mine[0] : undefined),
    bucket: buckets.find((each) => each === bucket),
    assignee: mineOnly ? 'me' : (['me', 'unassigned', 'any'] as const).find((each) => each === assignee) ?? ('any' satisfies Assignment),
    taskType,
    mineOnly,
    change: (next) => void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, ...next }), replace: true }),
  };
}
