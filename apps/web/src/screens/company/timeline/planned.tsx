import type { Task } from '../../../api/index.ts';
import { useTexts } from '../../../i18n/index.ts';
import { Due, dueInWords, TaskIcon, useNow } from '../../../parts/index.ts';
import { dueTexts } from '../../../parts/due.texts.ts';
import { texts } from '../texts.ts';
import classes from './timeline.module.css';

const SHOWN = 3;

/** What is still to come, above all that has been. */
export function Planned({ tasks }: { readonly tasks: readonly Task[] }) {
  const say = useTexts(texts);
  const sayDue = useTexts(dueTexts);
  const now = useNow();
  const planned = tasks.filter(({ dueAt }) => dueAt !== undefined).toSorted((a, b) => (a.dueAt ?? '').localeCompare(b.dueAt ?? ''));
  if (planned.length === 0) return null;
  return (
    <>
      <h3 className={classes['day']}>{say('planned')}</h3>
      <ol>
        {planned.slice(0, SHOWN).map((task, index) => (
          <li key={task.taskId} className={`${classes['line'] ?? ''} ${index === Math.min(planned.length, SHOWN) - 1 ? classes['last'] : ''}`}>
            <span className={`${classes['icon'] ?? ''} ${classes[dueInWords(task, now, sayDue).urgency]}`}>
              <TaskIcon taskType={task.taskType} />
            </span>
            <div className={classes['content']}>
              <div className={classes['head']}>
                <span>
                  <b>{task.title}</b> <span className="dim">· {task.assignee ?? say('free')}</span>
                </span>
                <span className="push"><Due dueAt={task.dueAt} dueIsEndOfDay={task.dueIsEndOfDay} /></span>
              </div>
            </div>
          </li>
        ))}
      </ol>
      {planned.length > SHOWN && <p className={classes['more']}>{say('plannedMore', { count: planned.length - SHOWN })}</p>}
    </>
  );
}
