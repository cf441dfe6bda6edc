import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, newIntention, type Task } from '../api/index.ts';
import { useTexts } from '../i18n/index.ts';
import { tell, tellProblem } from '../parts/index.ts';
import { shellTexts } from './shell.texts.ts';

/** Claims the task that is to be done first, and opens its company with the log form ready. Without a queue: of all mine. */
export function useClaimNext() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const say = useTexts(shellTexts);
  return useMutation({
    mutationFn: async (queue: string | undefined): Promise<Task | undefined> => {
      const header = { 'Idempotency-Key': newIntention() };
      const answer = queue
        ? await api.POST('/queues/{queue}/claim-next', { params: { path: { queue }, header } })
        : await api.POST('/my/claim-next', { params: { header } });
      return answer.response.status === 204 ? undefined : (answer.data as { task: Task }).task;
    },
    onSuccess: async (task) => {
      if (!task) {
        tell(say('nothingToClaim'));
        return;
      }
      void client.invalidateQueries({ queryKey: ['queues'] });
      void client.invalidateQueries({ queryKey: ['tasks'] });
      await navigate({ to: '/companies/$orgId', params: { orgId: task.orgId }, search: { log: task.taskId } });
    },
    onError: (error) => tellProblem(error),
  });
}
