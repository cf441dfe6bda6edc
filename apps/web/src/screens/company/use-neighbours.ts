import { useNavigate } from '@tanstack/react-router';
import { useCameFrom } from '../../app/came-from.ts';

/** Where the company stands in the list that somebody came from, and the ones beside it. */
export function useNeighbours(orgId: string) {
  const from = useCameFrom();
  const navigate = useNavigate();
  const at = from?.orgIds.indexOf(orgId) ?? -1;
  return {
    from,
    at,
    previous: at > 0 ? from?.orgIds[at - 1] : undefined,
    next: at >= 0 ? from?.orgIds[at + 1] : undefined,
    go: (to: string | undefined) => void (to && navigate({ to: '/companies/$orgId', params: { orgId: to }, search: {} })),
  };
}

export type Neighbours = ReturnType<typeof useNeighbours>;
