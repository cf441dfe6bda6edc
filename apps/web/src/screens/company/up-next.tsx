import { useMe, useMeta, type Contact, type Org, type Task } from '../../api/index.ts';
import { useSingleKeys } from '../../app/keys.ts';
import { inSentence, useLanguage, useSystemText, useTexts } from '../../i18n/index.ts';
import { typeForTask } from '../../log-form/type-for-task.ts';
import { Avatar, Button, Card, Due, PartFailed, Rows, TaskIcon, usePhone } from '../../parts/index.ts';
import classes from './cards.module.css';
import { FollowingTasks } from './following-tasks.tsx';
import { isMine, telOf, whomToCall } from './next-task.ts';
import { TaskMenu } from './task-menu.tsx';
import { texts } from './texts.ts';

interface UpNextProps {
  readonly org: Org | undefined;
  readonly orgId: string;
  /** In the order in which I would do them; undefined when they cannot be read. */
  readonly tasks: readonly Task[] | undefined;
  readonly contacts: readonly Contact[];
  readonly loading: boolean;
  /** The log form is open: then its button is the one filled one. */
  readonly logging: boolean;
  retry(): void;
  onLog(task: Task): void;
  onPutOff(task: Task): void;
  onNewTask(): void;
}

/** The one thing to do here next, whom to call for it, and what follows. */
export function UpNext({ org, orgId, tasks, contacts, loading, logging, retry, onLog, onPutOff, onNewTask }: UpNextProps) {
  const say = useTexts(texts);
  const me = useMe();
  const [next, ...following] = tasks ?? [];
  const who = next && (
    <span className="row dim">
      <Avatar user={next.assignee} me={next.assignee === me.id} />
      {next.assignee ?? say('free')}
    </span>
  );
  return (
    <Card accent title={say('upNext')} count={who} actions={next && <Due dueAt={next.dueAt} dueIsEndOfDay={next.dueIsEndOfDay} />}>
      {loading && <Rows count={3} height={30} />}
      {!loading && !tasks && <PartFailed part={say('tasksPart')} retry={retry} />}
      {tasks && !next && <p className={classes['nothing']}>{say('nothingNext')}</p>}
      {next && <NextTask task={next} org={org} contacts={contacts} logging={logging} onLog={onLog} onPutOff={onPutOff} />}
      {tasks && <FollowingTasks orgId={orgId} tasks={following} onPutOff={onPutOff} onNewTask={onNewTask} />}
    </Card>
  );
}

type NextProps = Pick<UpNextProps, 'org' | 'contacts' | 'logging' | 'onLog' | 'onPutOff'> & { readonly task: Task };

function NextTask({ task, org, contacts, logging, onLog, onPutOff }: NextProps) {
  const say = useTexts(texts);
  const text = useSystemText();
  const me = useMe();
  const { activityTypes } = useMeta();
  const single = useSingleKeys();
  const { name, title, phone } = whomToCall(task, contacts, org);
  const type = typeForTask(task.taskType);
  const typeName = inSentence(text(activityTypes.find(({ code }) => code === type)?.label), useLanguage());
  const verb = type === 'CALL' ? say('callAndLog') : say('logType', { type: typeName });
  const mine = isMine(task, me);
  const narrow = usePhone(); // where the filled button is at the bottom
  return (
    <div className={classes['body']}>
      <div className={classes['what']}>
        <TaskIcon taskType={task.taskType} />
        <b className="grow">{task.title}</b>
        <TaskMenu task={task} onPutOff={() => onPutOff(task)} />
      </div>
      {task.description && <p className={`mid ${classes['whom'] ?? ''}`}>{task.description}</p>}
      <div className={classes['whom']}>
        {name && <span className="mid">{[name, title].filter(Boolean).join(', ')}</span>}
        {phone ? <a className={classes['tel']} href={telOf(phone)}>{phone}</a> : <span className="dim">{say('noPhone')}</span>}
      </div>
      <div className={classes['acts']}>
        <Button look={logging || !mine || narrow ? 'default' : 'primary'} hotkey={single ? 'A' : undefined} onClick={() => onLog(task)}>{verb}</Button>
        <Button hotkey={single ? 'S' : undefined} onClick={() => onPutOff(task)}>{say('putOff')}</Button>
      </div>
    </div>
  );
}
