import { useQuery } from '@tanstack/react-query';
import { myDayQuery, type Queues } from '../../api/index.ts';
import { useTexts } from '../../i18n/index.ts';
import { dueInWords, PageHead, useNow } from '../../parts/index.ts';
import { dueTexts } from '../../parts/due.texts.ts';
import { texts } from './texts.ts';
import type { Shown } from './use-filter.ts';
import { useListName } from './use-list-name.ts';

/** Whose work this is, how much there is, and how my day goes. */
export function WorkHead({ shown, queues }: { readonly shown: Shown; readonly queues: Queues | undefined }) {
  const say = useTexts(texts);
  const sayDue = useTexts(dueTexts);
  const now = useNow();
  const day = useQuery(myDayQuery).data;
  const title = useListName(shown);
  const sum = (pick: (queue: Queues[number]) => number) => (queues ?? []).reduce((total, queue) => total + pick(queue), 0);
  const oldest = (queues ?? []).flatMap(({ oldestDueAt }) => (oldestDueAt ? [oldestDueAt] : [])).sort()[0];
  const values = { open: sum(({ open }) => open), free: sum(({ unassigned }) => unassigned) };
  const late = oldest !== undefined && new Date(oldest) <= now ? dueInWords({ dueAt: oldest }, now, sayDue).words : undefined;
  const facts = !queues || shown.mineOnly ? undefined : late ? say('factsOldest', { ...values, oldest: late }) : say('facts', values);
  return (
    <PageHead title={title} facts={facts}>
      {day && <span className="dim wide">{say('today', { calls: day.calls, reached: day.reached, followUps: day.followUpsAgreed })}</span>}
    </PageHead>
  );
}
