import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMe, type Task } from '../../api/index.ts';
import { useSingleKeys } from '../../app/keys.ts';
import { useTexts } from '../../i18n/index.ts';
import { Avatar, Due, TaskIcon } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import classes from './cards.module.css';
import { doneTasksQuery } from './queries.ts';
import { TaskMenu } from './task-menu.tsx';
import { texts } from './texts.ts';

const FEW = 5;

interface FollowingTasksProps {
  readonly orgId: string;
  readonly tasks: readonly Task[];
  onPutOff(task: Task): void;
  onNewTask(): void;
}

/** What follows, then what is done, folded; and one of one's own. */
export function FollowingTasks({ orgId, tasks, onPutOff, onNewTask }: FollowingTasksProps) {
  const say = useTexts(texts);
  const single = useSingleKeys();
  const [all, setAll] = useState(false);
  const [doneToo, setDoneToo] = useState(false);
  const done = useQuery(doneTasksQuery(orgId)).data;
  const count = done?.items.length ?? 0;
  const shown = all ? tasks : tasks.slice(0, FEW);
  return (
    <ul className={classes['steps']}>
      {shown.map((task) => (
        <Following key={task.taskId} task={task} onPutOff={() => onPutOff(task)} />
      ))}
      {tasks.length > shown.length && (
        <li>
          <button type="button" className={classes['fold']} onClick={() => setAll(true)}>
            <IconChevronDown {...icon} />
            {say('moreTasks', { count: tasks.length - shown.length })}
          </button>
        </li>
      )}
      <li>
        {count > 0 && (
          <button type="button" className={classes['fold']} aria-expanded={doneToo} onClick={() => setDoneToo(!doneToo)}>
            {doneToo ? <IconChevronDown {...icon} /> : <IconChevronRight {...icon} />}
            {say('doneCount', { count: done?.nextPageToken ? `${count}+` : String(count) })}
          </button>
        )}
        <button type="button" className={`${classes['link'] ?? ''} push`} onClick={onNewTask}>
          {say('newTask')} {single && <kbd aria-hidden="true">T</kbd>}
        </button>
      </li>
      {doneToo &&
        done?.items.map((task) => (
          <li key={task.taskId}>
            <IconCircleCheck {...icon} />
            <span className="cut grow">{task.title}</span>
            <span className="dim">{task.assignee}</span>
          </li>
        ))}
    </ul>
  );
}

function Following({ task, onPutOff }: { readonly task: Task; onPutOff(): void }) {
  const me = useMe();
  return (
    <li>
      <TaskIcon taskType={task.taskType} />
      <Link to="/companies/$orgId" params={{ orgId: task.orgId }} search={(before) => ({ ...before, log: task.taskId })} replace className="cut grow" title={task.title}>
        {task.title}
      </Link>
      {task.assignee && task.assignee !== me.id && <Avatar user={task.assignee} />}
      <Due dueAt={task.dueAt} dueIsEndOfDay={task.dueIsEndOfDay} />
      <TaskMenu task={task} onPutOff={onPutOff} />
    </li>
  );
}
