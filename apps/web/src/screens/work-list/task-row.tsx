import { Menu } from '@mantine/core';
import IconAlertSquare from '@tabler/icons-react/icons/IconAlertSquare';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconChevronsUp from '@tabler/icons-react/icons/IconChevronsUp';
import IconClockPause from '@tabler/icons-react/icons/IconClockPause';
import IconDots from '@tabler/icons-react/icons/IconDots';
import IconUserCheck from '@tabler/icons-react/icons/IconUserCheck';
import IconUserMinus from '@tabler/icons-react/icons/IconUserMinus';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMe, useMeta, type Task } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Avatar, Due, LastActivity, TaskIcon } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import { taskTexts } from '../../tasks/index.ts';
import classes from './task-row.module.css';
import { texts } from './texts.ts';

export type Act = 'claim' | 'release' | 'complete' | 'reschedule' | 'cancel' | 'reassign' | 'peek';

interface TaskRowProps {
  readonly task: Task;
  readonly chosen: boolean;
  readonly marked: boolean;
  /** Whether rows are being marked: then each shows its box. */
  readonly marking: boolean;
  /** Who has just claimed it under one's nose. */
  readonly takenBy: string | undefined;
  readonly mayReassign: boolean;
  /** Whether the window is narrow: then what can be done is behind who has it, as large as a thumb. */
  readonly narrow: boolean;
  onChoose(): void;
  onMark(): void;
  onAct(act: Act): void;
}

/** One task as people scan it: how urgent, when, whom, what, what happened last, who has it. */
export function TaskRow(props: TaskRowProps) {
  const { task, chosen, marked, marking, takenBy, narrow, onChoose, onMark } = props;
  const say = useTexts(texts);
  const names = [classes['row'], takenBy !== undefined && classes['taken'], marked && classes['marked']];
  return (
    <li className={names.filter(Boolean).join(' ')} aria-current={chosen || undefined} data-task={task.taskId} onMouseDown={onChoose}>
      {marking ? <input type="checkbox" checked={marked} onChange={onMark} aria-label={say('mark', { task: task.title })} /> : <PriorityMark priority={task.priority} />}
      <Due dueAt={task.dueAt} dueIsEndOfDay={task.dueIsEndOfDay} className={classes['due'] ?? ''} />
      <span className={`cut ${classes['company'] ?? ''}`}>
        <Link to="/companies/$orgId" params={{ orgId: task.orgId }} search={{ log: task.taskId }} onFocus={onChoose}>
          {task.org.name}
        </Link>{' '}
        <span className="dim wide">{task.org.city}</span>
      </span>
      <span className={classes['what']}>
        <TaskIcon taskType={task.taskType} />
        <span className="cut">{task.title}</span>
      </span>
      <span className={`dim cut ${classes['last'] ?? ''}`}>
        <LastActivity of={task.lastActivity} />
      </span>
      {narrow ? (
        <ActsMenu {...props} target={<Holder task={task} takenBy={takenBy} />} />
      ) : (
        <>
          <Holder task={task} takenBy={takenBy} />
          <Acts {...props} />
        </>
      )}
    </li>
  );
}

function PriorityMark({ priority }: { readonly priority: Task['priority'] }) {
  const text = useSystemText();
  const { priorities } = useMeta();
  const label = text(priorities.find(({ code }) => code === priority)?.label);
  const mark = priority === 'URGENT' ? <IconAlertSquare {...icon} /> : priority === 'HIGH' ? <IconChevronsUp {...icon} /> : null;
  return (
    <span className={`${classes['priority'] ?? ''} ${classes[priority] ?? ''}`} title={mark ? label : undefined}>
      {mark}
      {mark && <span className="sr">{label}</span>}
    </span>
  );
}

function Holder({ task, takenBy }: { readonly task: Task; readonly takenBy: string | undefined }) {
  const say = useTexts(taskTexts);
  const me = useMe();
  const who = takenBy ?? task.assignee;
  return (
    <span className={classes['who']}>
      <Avatar user={who} me={who === me.id} />
      <span className={`cut ${classes['name'] ?? ''}`}>{takenBy !== undefined ? say('justClaimed', { by: takenBy }) : (who ?? say('free'))}</span>
    </span>
  );
}

function Acts({ task, chosen, mayReassign, onAct }: TaskRowProps) {
  const say = useTexts(taskTexts);
  const me = useMe();
  const mine = task.assignee === me.id;
  const act = (name: Act, key: string, label: string, shown: ReactNode) => (
    <button type="button" aria-label={`${label} (${key})`} title={`${label} (${key})`} onClick={() => onAct(name)} tabIndex={chosen ? 0 : -1}>
      {shown}
    </button>
  );
  return (
    <span className={classes['acts']}>
      {mine ? act('release', 'U', say('release'), <IconUserMinus {...icon} />) : act('claim', 'C', say('claim'), <IconUserCheck {...icon} />)}
      {act('complete', 'D', say('done'), <IconCheck {...icon} />)}
      {act('reschedule', 'S', say('reschedule'), <IconClockPause {...icon} />)}
      <ActsMenu task={task} mayReassign={mayReassign} onAct={onAct} rest target={<IconDots {...icon} />} reachable={chosen} />
    </span>
  );
}

interface ActsMenuProps extends Pick<TaskRowProps, 'task' | 'mayReassign' | 'onAct'> {
  readonly target: ReactNode;
  /** Only what has no button of its own. */
  readonly rest?: boolean;
  readonly reachable?: boolean;
}

/** What can be done to a task, in words. */
function ActsMenu({ task, mayReassign, onAct, target, rest = false, reachable = true }: ActsMenuProps) {
  const say = useTexts(taskTexts);
  const sayList = useTexts(texts);
  const me = useMe();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={rest ? undefined : classes['thumb']} aria-label={`${say('more')}: ${task.title}`} title={say('more')} tabIndex={reachable ? 0 : -1}>
          {target}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {!rest && (
          <>
            {task.assignee === me.id ? <Menu.Item onClick={() => onAct('release')}>{say('release')}</Menu.Item> : <Menu.Item onClick={() => onAct('claim')}>{say('claim')}</Menu.Item>}
            <Menu.Item onClick={() => onAct('complete')}>{say('done')}</Menu.Item>
            <Menu.Item onClick={() => onAct('reschedule')}>{say('reschedule')}</Menu.Item>
          </>
        )}
        <Menu.Item onClick={() => onAct('peek')}>{sayList('peek')}</Menu.Item>
        {mayReassign && <Menu.Item onClick={() => onAct('reassign')}>{say('reassign')}</Menu.Item>}
        <Menu.Item onClick={() => onAct('cancel')}>{say('cancel')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
