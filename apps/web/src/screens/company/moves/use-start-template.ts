import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newIntention } from '../../../api/index.ts';
import { useTexts } from '../../../i18n/index.ts';
import { tell } from '../../../parts/index.ts';
import { texts } from '../texts.ts';

/** Starts a template for a company, or says that its open case goes on. */
export function useStartTemplate(orgId: string, onStarted: () => void = () => undefined) {
  const say = useTexts(texts);
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: string) => api.POST('/workflows/{key}/start', { params: { path: { key }, header: { 'Idempotency-Key': newIntention() } }, body: { orgId } }),
    onSuccess: ({ response }) => {
      tell(say(response.status === 200 ? 'templateJoined' : 'templateStarted'));
      onStarted();
    },
    onSettled: () => {
      for (const queryKey of [['org', orgId], ['tasks'], ['cases'], ['queues']]) void client.invalidateQueries({ queryKey });
    },
  });
}
