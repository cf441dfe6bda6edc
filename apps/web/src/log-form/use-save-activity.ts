import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ApiProblem, dataOf, ifMatch, newIntention, useMeta, type Activity } from '../api/index.ts';
import type { Draft } from '../app/drafts.ts';
import { useSystemText, useTexts } from '../i18n/index.ts';
import { tell, tellProblem } from '../parts/index.ts';
import { dueInWords } from '../parts/due.tsx';
import { dueTexts } from '../parts/due.texts.ts';
import type { ActivityBody, LogEntry } from './entry.ts';
import { logTexts } from './texts.ts';

/** Changes of one moment are one reading anew. */
const PARTS = [['tasks'], ['queues'], ['my'], ['orgs']] as const;

interface Saving {
  readonly orgId: string;
  readonly draft: Draft<LogEntry>;
  onSaved(andNext: boolean): void;
}

/**
 * Sends what the form stands for, once, however often it has to be sent: the same content goes under the same key, also
 * after a reload. The draft goes when the server has it.
 */
export function useSaveActivity({ orgId, draft, onSaved }: Saving) {
  const client = useQueryClient();
  const told = useTold();
  const readAnew = () => {
    for (const queryKey of [['org', orgId], ...PARTS]) void client.invalidateQueries({ queryKey });
  };
  const undo = async (activity: Activity) => {
    try {
      await api.DELETE('/activities/{activityId}', { params: { path: { activityId: activity.activityId }, header: ifMatch(activity.version) } });
      tell(told.undone(activity));
    } catch (error) {
      tellProblem(error);
    }
    readAnew();
  };
  const mutation = useMutation({
    mutationFn: ({ body, key }: { readonly body: ActivityBody; readonly key: string; readonly andNext: boolean }) =>
      dataOf(api.POST('/orgs/{orgId}/activities', { params: { path: { orgId }, header: { 'Idempotency-Key': key } }, body: body as never })), // its codes are configuration
    onSuccess: (activity, { andNext }) => {
      draft.clear();
      tell(told.logged(activity), { undo: () => void undo(activity) });
      readAnew();
      onSaved(andNext);
    },
    onError: (error) => {
      // Somebody was faster with the task: what is shown is read anew, what was typed stays.
      if (error instanceof ApiProblem && error.status === 409) readAnew();
    },
  });
  return {
    failure: mutation.error,
    pending: mutation.isPending,
    /** Whether the last try was to go on to the next task: trying again means the same. */
    andNext: mutation.variables?.andNext ?? false,
    save(body: ActivityBody, andNext: boolean) {
      const sent = JSON.stringify(body);
      const key = draft.value.sent?.body === sent ? draft.value.sent.key : newIntention();
      draft.change({ ...draft.value, sent: { key, body: sent } });
      mutation.mutate({ body, key, andNext });
    },
  };
}

/** What was done, in the past tense. */
function useTold() {
  const say = useTexts(logTexts);
  const sayDue = useTexts(dueTexts);
  const text = useSystemText();
  const { activityTypes } = useMeta();
  const typeOf = ({ activityType }: Activity) => text(activityTypes.find(({ code }) => code === activityType)?.label);
  return {
    logged: (activity: Activity) =>
      activity.followUpAt
        ? say('loggedWith', { type: typeOf(activity), when: dueInWords({ dueAt: activity.followUpAt }, new Date(), sayDue).words })
        : say('logged', { type: typeOf(activity) }),
    undone: (activity: Activity) => say('undone', { type: typeOf(activity) }),
  };
}
