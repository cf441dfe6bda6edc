import { useQuery } from '@tanstack/react-query';
import { overviewQuery, useMeta } from '../api/index.ts';
import { useDraft } from '../app/drafts.ts';
import { useTexts } from '../i18n/index.ts';
import { dueInWords } from '../parts/due.tsx';
import { dueTexts } from '../parts/due.texts.ts';
import { bodyOf, EMPTY, missingOf, type LogEntry } from './entry.ts';
import { followUpChoices, usualDaysOf } from './follow-up-choices.ts';
import { typeForTask } from './type-for-task.ts';
import { workingHoursOf } from './working-hours.ts';

/** What is in the form: what was typed, over what the task and the company offer. */
export function useLogEntry(orgId: string, taskId: string | undefined, activityType: string | undefined) {
  const { activityTypes, business } = useMeta();
  const sayDue = useTexts(dueTexts);
  const overview = useQuery(overviewQuery(orgId)).data;
  const draft = useDraft<LogEntry>(`log.${orgId}`, EMPTY);
  const entry = draft.value;
  const task = overview?.tasks?.find((each) => each.taskId === taskId);
  const contacts = overview?.contacts ?? [];
  const offered = {
    activityType: activityType ?? typeForTask(task?.taskType),
    contactId: task?.contactId ?? contacts[0]?.contactId,
    // Whether a task that cannot be read is still open is known to the server.
    taskId: overview?.tasks ? task?.taskId : taskId,
  };
  const body = bodyOf(entry, offered, activityTypes);
  const type = activityTypes.find(({ code }) => code === body.activityType);
  const outcome = type?.outcomes.find(({ code }) => code === body.outcomeCode);
  const change = (next: Partial<LogEntry>) => draft.change({ ...entry, ...next });

  /** What makes a follow-up mandatory offers the usual one, so that it only has to be confirmed. */
  function chooseOutcome(outcomeCode: string): void {
    const chosen = type?.outcomes.find(({ code }) => code === outcomeCode);
    const [usual] = followUpChoices(new Date(), workingHoursOf(business), usualDaysOf(chosen?.usualFollowUp) ?? 1);
    const asked = usual && chosen?.mandatory.includes('followUpAt');
    const untouched = entry.followUp.text === '' || entry.followUp.offered;
    const dueAt = usual?.at.toISOString();
    const followUp = asked && dueAt ? { text: dueInWords({ dueAt }, new Date(), sayDue).words, at: dueAt, offered: true } : { text: '' };
    change({ outcomeCode, ...(untouched ? { followUp } : {}) });
  }

  return { draft, entry, body, type, outcome, task, contacts, missing: missingOf(body, type), change, chooseOutcome };
}

export type LogState = ReturnType<typeof useLogEntry>;
