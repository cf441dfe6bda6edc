import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, caseQuery, newIntention, type Case } from '../../api/index.ts';
import { tellProblem } from '../../parts/index.ts';

/**
 * Runs an action on a case and takes over the case as it then is. Never shown before the server has said yes: what moves
 * a case may be refused.
 */
export function useCaseAction<V, A>(caseId: string, run: (value: V, header: { 'Idempotency-Key': string }) => Promise<A>, onDone?: (value: V, answer: A) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (value: V) => run(value, { 'Idempotency-Key': newIntention() }),
    onSuccess: async (answer, value) => {
      onDone?.(value, answer);
      await client.invalidateQueries({ queryKey: caseQuery(caseId).queryKey });
      void client.invalidateQueries({ queryKey: ['cases'] });
    },
    onError: (error) => {
      tellProblem(error);
      void client.invalidateQueries({ queryKey: caseQuery(caseId).queryKey });
    },
  });
}

/** What is done to a case by one press. */
export function useQuickActions(item: Case, told: { claimed(): void; released(): void; advanced(phase: string): void }) {
  const path = { caseId: item.caseId };
  const claim = useCaseAction(item.caseId, (_: void, header) => api.POST('/cases/{caseId}/claim', { params: { path, header }, body: {} }), told.claimed);
  const release = useCaseAction(item.caseId, (_: void, header) => api.POST('/cases/{caseId}/release', { params: { path, header }, body: {} }), told.released);
  const advance = useCaseAction(
    item.caseId,
    (phase: string, header) => api.POST('/cases/{caseId}/advance', { params: { path, header }, body: { phase: phase as never } }),
    told.advanced,
  );
  return { claim, release, advance };
}
