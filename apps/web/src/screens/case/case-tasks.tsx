import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMe, useMeta, type Case } from '../../api/index.ts';
import { useSingleKeys } from '../../app/keys.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Avatar, Button, Card, Chip, Due, PartFailed, Rows, TaskIcon } from '../../parts/index.ts';
import { smallIcon } from '../../parts/icon.ts';
import { taskTexts, useTaskActions } from '../../tasks/index.ts';
import { caseTasksQuery } from './queries.ts';
import { texts } from './texts.ts';
import classes from './case.module.css';

/** The open tasks of the case; each opens its company with the log form ready. */
export function CaseTasks({ item, ask }: { readonly item: Case; readonly ask: () => void }) {
  const say = useTexts(texts);
  const sayTask = useTexts(taskTexts);
  const text = useSystemText();
  const me = useMe();
  const { waitingFor } = useMeta();
  const singleKeys = useSingleKeys();
  const actions = useTaskActions();
  const found = useQuery(caseTasksQuery(item.caseId));
  const tasks = found.data?.items ?? [];
  return (
    <Card
      title={say('tasks')}
      count={tasks.length}
      actions={
        <Button small look="ghost" onClick={ask} hotkey={singleKeys ? 'T' : undefined}>
          <IconPlus {...smallIcon} />
          {say('newTask')}
        </Button>
      }
    >
      {found.isPending && <Rows count={3} height={30} />}
      {found.isError && !found.data && <PartFailed part={say('tasks')} error={found.error} retry={() => void found.refetch()} />}
      {found.isSuccess && tasks.length === 0 && <p className={classes['none']}>{say('noTasks')}</p>}
      <ul className={classes['tasks']}>
        {tasks.map((task) => (
          <li key={task.taskId}>
            <TaskIcon taskType={task.taskType} />
            <Link to="/companies/$orgId" params={{ orgId: task.orgId }} search={{ log: task.taskId }} className="cut grow">{task.title}</Link>
            {task.waitingFor && <Chip tone="yellow">{text(waitingFor.find(({ code }) => code === task.waitingFor)?.label)}</Chip>}
            <Due dueAt={task.dueAt} dueIsEndOfDay={task.dueIsEndOfDay} />
            <Avatar user={task.assignee} me={task.assignee === me.id} />
            {me.queues.includes(task.assignedQueue) && (
              <Button small icon look="ghost" aria-label={`${sayTask('done')}: ${task.title}`} title={sayTask('done')} onClick={() => void actions.complete(task)}>
                <IconCheck {...smallIcon} />
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
