import type { Task } from '../api/index.ts';
import { useTexts } from '../i18n/index.ts';
import { Consequences, previewTexts, usePreview, type Preview } from '../preview/index.ts';
import type { ActivityBody } from './entry.ts';
import classes from './log-form.module.css';
import { logTexts } from './texts.ts';

interface WhatHappensProps {
  readonly orgId: string;
  readonly body: ActivityBody;
  readonly task: Pick<Task, 'taskId' | 'title'> | undefined;
  readonly keepsTask: boolean;
  onKeepTask(keep: boolean): void;
}

/** What saving will cause, before anything is saved. Where it cannot be foretold, what is certain is said. */
export function WhatHappens({ orgId, body, task, keepsTask, onKeepTask }: WhatHappensProps) {
  const say = useTexts(logTexts);
  const sayPreview = useTexts(previewTexts);
  const { notes: _notes, ...asked } = body;
  const { preview, failed } = usePreview({ orgId, activity: asked });
  const shown = failed || !preview ? certain(body, task, say('willCallBack')) : preview;
  const leaveOpen = (taskId: string | undefined) =>
    taskId === task?.taskId && (
      <>
        {' · '}
        <button type="button" className={classes['link']} onClick={() => onKeepTask(true)}>{say('leaveOpen')}</button>
      </>
    );
  return (
    <section className={classes['happens']} aria-labelledby="what-happens">
      <header>
        <h2 id="what-happens">{say('whatHappens')}</h2>
        <span className={`push dim ${classes['small'] ?? ''}`}>{say('nothingSaved')}</span>
      </header>
      <div aria-live="polite">
        <Consequences preview={shown} beside={leaveOpen} />
        {task && keepsTask && (
          <p>
            {say('staysOpen', { task: task.title })} · <button type="button" className={classes['link']} onClick={() => onKeepTask(false)}>{say('completeIt')}</button>
          </p>
        )}
        {isEmpty(shown) && !task && <p>{say('nothingYet')}</p>}
        {failed && <p className="dim">{sayPreview('failed')}</p>}
      </div>
    </section>
  );
}

/** What is so whatever the rules say: a follow-up becomes a call-back, the task gets done. */
function certain({ followUpAt, completesTaskId }: ActivityBody, task: WhatHappensProps['task'], callBack: string): Preview {
  return {
    tasks: {
      created: followUpAt ? [{ taskType: 'CALL_BACK', title: callBack, dueAt: followUpAt }] : [],
      completed: task && completesTaskId ? [{ ...task, taskType: '' }] : [],
    },
  };
}

function isEmpty({ tasks, cases, stage, rules }: Preview): boolean {
  return ![tasks?.created, tasks?.completed, tasks?.moved, tasks?.cancelled, cases?.opened, cases?.closed, rules].some((part) => part && part.length > 0) && (!stage || stage.before === stage.after);
}
