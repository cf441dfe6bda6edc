import IconArrowRight from '@tabler/icons-react/icons/IconArrowRight';
import IconCalendarEvent from '@tabler/icons-react/icons/IconCalendarEvent';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconCircleX from '@tabler/icons-react/icons/IconCircleX';
import IconFolderCheck from '@tabler/icons-react/icons/IconFolderCheck';
import IconFolderPlus from '@tabler/icons-react/icons/IconFolderPlus';
import IconMinus from '@tabler/icons-react/icons/IconMinus';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import type { ReactNode } from 'react';
import { useMeta, type Meta } from '../api/index.ts';
import { useSystemText, useTexts } from '../i18n/index.ts';
import { Due } from '../parts/index.ts';
import { icon } from '../parts/icon.ts';
import classes from './consequences.module.css';
import type { ChangedRule, ForetoldTask, Preview } from './preview.ts';
import { previewTexts } from './texts.ts';

const FEW = 2;

interface ConsequencesProps {
  readonly preview: Preview;
  /** What stands behind a task that gets done, as in a way to leave it open. */
  readonly beside?: ((taskId: string | undefined) => ReactNode) | undefined;
}

/** What something will cause, a line each: the plus is new, the tick gets done, the circle is a condition that changes. */
export function Consequences({ preview: { tasks, cases, stage, rules }, beside }: ConsequencesProps) {
  const say = useTexts(previewTexts);
  const text = useSystemText();
  const meta = useMeta();
  const caseType = (code: string) => text(meta.caseTypes.find((each) => each.code === code)?.label);
  const moves = stage && stage.before !== stage.after;
  return (
    <ul className={classes['list']}>
      {moves && <Line icon={<IconArrowRight {...icon} />}>{say('stage', { stage: text(meta.stages.find((each) => each.stage === stage.after)?.label) })}</Line>}
      {cases?.closed?.map((item, index) => (
        <Line key={`closed ${index}`} icon={<IconFolderCheck {...icon} />}>{say('caseClosed', { type: caseType(item.caseType) })}</Line>
      ))}
      {cases?.opened?.map((item, index) => (
        <Line key={`opened ${index}`} icon={<IconFolderPlus {...icon} />}>{say('caseOpened', { queue: queueOf(meta, item.ownerQueue, text), type: caseType(item.caseType) })}</Line>
      ))}
      <Created tasks={tasks?.created ?? []} />
      {tasks?.completed?.map((task, index) => (
        <Line key={task.taskId ?? index} tone="good" icon={<IconCheck {...icon} />}>
          {say('completed', { task: task.title })}
          {beside?.(task.taskId)}
        </Line>
      ))}
      {tasks?.moved?.map((task, index) => (
        <Line key={task.taskId ?? index} icon={<IconCalendarEvent {...icon} />}>
          {say('moved', { task: task.title })} <Due dueAt={task.dueAt} dueIsEndOfDay={task.dueIsEndOfDay} />
        </Line>
      ))}
      {(tasks?.cancelled?.length ?? 0) > 0 && <Line icon={<IconMinus {...icon} />}>{say('cancelledMany', { count: tasks?.cancelled?.length ?? 0 })}</Line>}
      {rulesToCome(rules).map(({ rule, message, after }) => (
        <Line key={rule} tone={after ? 'good' : 'bad'} icon={after ? <IconCircleCheck {...icon} /> : <IconCircleX {...icon} />}>
          {say(after ? 'ruleMet' : 'ruleOpen')} <b>{text(message)}</b>
        </Line>
      ))}
    </ul>
  );
}

/** A rule that guards several transitions changes once. */
export function rulesToCome(rules: readonly ChangedRule[] = []): readonly ChangedRule[] {
  return rules.filter(({ rule, before, after }, index) => before !== after && rules.findIndex((each) => each.rule === rule) === index);
}

/** Few new tasks are named with whom and when; many of one queue are counted. */
function Created({ tasks }: { readonly tasks: readonly ForetoldTask[] }) {
  const say = useTexts(previewTexts);
  const text = useSystemText();
  const meta = useMeta();
  const queues = [...new Set(tasks.map(({ assignedQueue }) => assignedQueue))];
  return queues.map((queue) => {
    const of = tasks.filter(({ assignedQueue }) => assignedQueue === queue);
    const name = queueOf(meta, queue, text);
    if (of.length > FEW) return <Line key={name} tone="good" icon={<IconPlus {...icon} />}>{say('createdMany', { count: of.length, queue: name })}</Line>;
    return of.map((task, index) => (
      <Line key={`${queue} ${index}`} tone="good" icon={<IconPlus {...icon} />}>
        <b>{task.title}</b> {name && (task.assignee ? say('forPerson', { person: task.assignee, queue: name }) : say('forQueue', { queue: name }))}
        {task.dueAt && <>{name && ', '}<Due dueAt={task.dueAt} dueIsEndOfDay={task.dueIsEndOfDay} /></>}
      </Line>
    ));
  });
}

function queueOf({ queues }: Meta, queue: string | undefined, text: ReturnType<typeof useSystemText>): string {
  return text(queues.find((each) => each.queue === queue)?.label);
}

function Line({ tone = 'plain', icon: drawn, children }: { readonly tone?: 'plain' | 'good' | 'bad'; readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <li className={classes[tone]}>
      {drawn}
      <span>{children}</span>
    </li>
  );
}
