import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, dataOf, newIntention, type Task } from '../../api/index.ts';
import { useTexts } from '../../i18n/index.ts';
import { Button, tell, tellProblem } from '../../parts/index.ts';
import { ReassignDialog, RescheduleDialog, taskTexts } from '../../tasks/index.ts';
import { texts } from './texts.ts';
import classes from './work-list.module.css';

type Bulk = { readonly action: 'claim' | 'release' } | { readonly action: 'reschedule'; readonly dueAt: string } | { readonly action: 'reassign'; readonly queue?: string; readonly userId?: string };

/** What can be done to all the rows that were marked; what is refused is said, and those rows stay marked. */
export function MarkedBar({ marked, mayReassign, keepMarked }: { readonly marked: readonly Task[]; readonly mayReassign: boolean; readonly keepMarked: (taskIds: readonly string[]) => void }) {
  const say = useTexts(texts);
  const sayTask = useTexts(taskTexts);
  const client = useQueryClient();
  const [asking, setAsking] = useState<'reschedule' | 'reassign'>();
  const count = marked.length;
  async function run(bulk: Bulk): Promise<void> {
    const label = { claim: 'claim', release: 'release', reschedule: 'reschedule', reassign: 'reassign' } as const;
    const action = sayTask(label[bulk.action]);
    try {
      const body = { ...bulk, taskIds: marked.map(({ taskId }) => taskId) } as never;
      const { results } = await dataOf(api.POST('/tasks/bulk', { params: { header: { 'Idempotency-Key': newIntention() } }, body }));
      const refused = results.filter(({ ok }) => !ok);
      keepMarked(refused.map(({ taskId }) => taskId));
      const done = count - refused.length;
      if (refused.length === 0) tell(sayTask('bulkDone', { count: done, action }));
      else tell(sayTask('bulkPartly', { count: done, total: count, action, reason: refused[0]?.problem?.detail ?? '' }), { tone: 'bad' });
    } catch (error) {
      tellProblem(error);
    }
    for (const queryKey of [['tasks'], ['queues']]) void client.invalidateQueries({ queryKey });
  }
  if (count === 0) return null;
  const subject = say('marked', { count });
  return (
    <div className={classes['marked']} role="region" aria-label={subject}>
      <span className="strong">{subject}</span>
      <Button small onClick={() => void run({ action: 'claim' })}>{sayTask('claim')}</Button>
      <Button small onClick={() => void run({ action: 'release' })}>{sayTask('release')}</Button>
      <Button small onClick={() => setAsking('reschedule')}>{sayTask('reschedule')}</Button>
      {mayReassign && <Button small onClick={() => setAsking('reassign')}>{sayTask('reassign')}</Button>}
      <Button small look="ghost" className="push" onClick={() => keepMarked([])}>{say('unmark')}</Button>
      {asking === 'reschedule' && (
        <RescheduleDialog task={{ title: subject, dueIsEndOfDay: false }} onClose={() => setAsking(undefined)} onChoose={(at) => void run({ action: 'reschedule', dueAt: at.toISOString() })} />
      )}
      {asking === 'reassign' && <ReassignDialog subject={subject} onClose={() => setAsking(undefined)} onChoose={(to) => void run({ action: 'reassign', ...to })} />}
    </div>
  );
}
