import IconInbox from '@tabler/icons-react/icons/IconInbox';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useMe, type Task } from '../../api/index.ts';
import { useRememberList } from '../../app/came-from.ts';
import { afterDone, chosenOf, neighbour, type Choice } from '../../app/choice.ts';
import { useKeys } from '../../app/keys.ts';
import { useTexts } from '../../i18n/index.ts';
import { Button, Empty, PartFailed, Rows } from '../../parts/index.ts';
import { CancelDialog, ReassignDialog, RescheduleDialog, useTaskActions } from '../../tasks/index.ts';
import { FilterBar } from './filter-bar.tsx';
import { KeysLine } from './keys-line.tsx';
import { MarkedBar } from './marked-bar.tsx';
import { Peek } from './peek.tsx';
import { useGroups, type Group } from './queries.ts';
import { TaskRow, type Act } from './task-row.tsx';
import { texts } from './texts.ts';
import { ClaimDock, UpNext } from './up-next.tsx';
import { useFilter, type Shown } from './use-filter.ts';
import { useListName } from './use-list-name.ts';
import { useSteady } from './use-steady.ts';
import { useTaken } from './use-taken.ts';
import { WorkHead } from './work-head.tsx';
import { useMyQueues } from './use-my-queues.ts';
import classes from './work-list.module.css';

const idOf = ({ taskId }: Task): string => taskId;

/** The work that waits: one queue, all of mine, or what I have claimed. */
export function WorkList() {
  const shown = useFilter();
  const queues = useMyQueues(shown);
  return (
    <div className={classes['page']}>
      <WorkHead shown={shown} queues={queues} />
      <FilterBar shown={shown} queues={queues} />
      {!shown.mineOnly && <UpNext queues={shown.queues} queue={shown.queue} />}
      <List key={`${shown.queues.join()} ${shown.assignee} ${shown.bucket ?? ''} ${shown.taskType ?? ''}`} shown={shown} />
    </div>
  );
}

function List({ shown }: { readonly shown: Shown }) {
  const say = useTexts(texts);
  const groups = useGroups(shown).filter(({ bucket }) => shown.bucket === undefined || shown.bucket === bucket);
  const taken = useTaken();
  const list = useRef<HTMLDivElement>(null);
  const [choice, setChoice] = useState<Choice>();
  const steady = useSteady(groups.flatMap(({ tasks }) => tasks), choice?.id, taken);
  const chosen = chosenOf(steady.tasks, idOf, choice);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<{ readonly act: Act; readonly task: Task }>();
  const { roles } = useMe();
  const mayReassign = roles.includes('manager') || roles.includes('administrator');
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const actions = useTaskActions();
  const navigate = useNavigate();

  const act = (name: Act, task: Task) => {
    if (name === 'complete' && choice?.id === task.taskId) setChoice(afterDone(steady.tasks, idOf, task));
    if (name === 'claim' || name === 'release' || name === 'complete') void actions[name](task);
    else setAsking({ act: name, task });
  };
  const mark = (taskId: string) => setMarked((before) => (before.has(taskId) ? new Set([...before].filter((id) => id !== taskId)) : new Set(before).add(taskId)));
  const onChosen = (run: (task: Task) => void) => () => {
    if (chosen) run(chosen);
  };
  const move = (by: number) => {
    const next = neighbour(steady.tasks, idOf, choice, by);
    if (!next) return;
    setChoice(next);
    list.current?.querySelector<HTMLElement>(`[data-task="${next.id}"] a`)?.focus();
  };
  useKeys(
    [
      { key: 'ArrowDown', run: () => move(1) },
      { key: 'ArrowUp', run: () => move(-1) },
      { key: 'j', run: () => move(1) },
      { key: 'k', run: () => move(-1) },
      { key: 'Enter', run: onChosen(({ orgId, taskId }) => void navigate({ to: '/companies/$orgId', params: { orgId }, search: { log: taskId } })) },
      { key: ' ', run: onChosen((task) => act('peek', task)) },
      { key: 'c', run: onChosen((task) => act('claim', task)) },
      { key: 'u', run: onChosen((task) => act('release', task)) },
      { key: 'd', run: onChosen((task) => act('complete', task)) },
      { key: 's', run: onChosen((task) => act('reschedule', task)) },
      { key: 'x', run: onChosen(({ taskId }) => mark(taskId)) },
      { key: 'Escape', run: () => setMarked(new Set()) },
    ],
    asking === undefined,
  );

  const close = () => setAsking(undefined);
  const loading = groups.every((group) => group.loading);
  useRememberList(useListName(shown), loading ? undefined : steady.tasks.map(({ orgId }) => orgId), shown.queue);
  const empty = !loading && groups.every(({ tasks, error }) => tasks.length === 0 && !error);
  const inGroups = regroup(groups, steady.tasks);
  return (
    <>
      <div className={classes['scroll']} ref={list} tabIndex={0} role="region" aria-label={say('tasks')}>
        {steady.arrived > 0 && (
          <p className={classes['arrived']}>
            <Button small onClick={steady.admit}>{say('arrived', { count: steady.arrived })}</Button>
          </p>
        )}
        {loading && <Rows count={14} />}
        {empty && <Empty icon={IconInbox}>{say(shown.mineOnly ? 'nothingMine' : 'nothing')}</Empty>}
        {inGroups.map(({ group, tasks }) => (
          <section key={group.bucket} aria-labelledby={`g-${group.bucket}`} hidden={tasks.length === 0 && !group.error}>
            <GroupHead group={group} count={tasks.length} />
            {group.error ? <PartFailed part={say('failed')} error={group.error} retry={group.retry} /> : null}
            <ul>
              {tasks.map((task) => (
                <TaskRow
                  key={task.taskId}
                  task={task}
                  chosen={chosen?.taskId === task.taskId}
                  marked={marked.has(task.taskId)}
                  marking={marked.size > 0}
                  takenBy={taken.get(task.taskId)}
                  mayReassign={mayReassign}
                  narrow={narrow}
                  onChoose={() => setChoice({ id: task.taskId, index: steady.tasks.indexOf(task) })}
                  onMark={() => mark(task.taskId)}
                  onAct={(name) => act(name, task)}
                />
              ))}
            </ul>
            {group.hasMore && (
              <p className={classes['more']}>
                <Button small onClick={group.loadMore}>{say('more')}</Button>
              </p>
            )}
          </section>
        ))}
      </div>
      <MarkedBar marked={steady.tasks.filter(({ taskId }) => marked.has(taskId))} mayReassign={mayReassign} keepMarked={(ids) => setMarked(new Set(ids))} />
      <KeysLine />
      <ClaimDock queue={shown.queue} />
      {asking?.act === 'peek' && <Peek task={asking.task} onClose={close} />}
      {asking?.act === 'reschedule' && <RescheduleDialog task={asking.task} onClose={close} onChoose={(at) => void actions.reschedule(asking.task, at)} />}
      {asking?.act === 'cancel' && <CancelDialog task={asking.task} onClose={close} onCancel={(reason) => void actions.cancel(asking.task, reason)} />}
      {asking?.act === 'reassign' && <ReassignDialog subject={asking.task.title} onClose={close} onChoose={(to) => void actions.reassign(asking.task, to)} />}
    </>
  );
}

function GroupHead({ group: { bucket, hasMore }, count }: { readonly group: Group; readonly count: number }) {
  const say = useTexts(texts);
  const name = { overdue: 'overdue', today: 'dueToday', week: 'week', later: 'later' } as const;
  return (
    <h2 className={`${classes['group'] ?? ''} ${classes[bucket] ?? ''}`} id={`g-${bucket}`}>
      <span className={classes['dot']} />
      {say(name[bucket])}
      <span className={`fig ${classes['count'] ?? ''}`}>{hasMore ? `${count}+` : count}</span>
    </h2>
  );
}

/** Puts the rows that are shown back into their groups; one that lingers stays with its neighbour. */
function regroup(groups: readonly Group[], tasks: readonly Task[]): readonly { readonly group: Group; readonly tasks: readonly Task[] }[] {
  const bucketOf = new Map(groups.flatMap(({ bucket, tasks: held }) => held.map(({ taskId }) => [taskId, bucket] as const)));
  let last = groups[0]?.bucket;
  const placed = tasks.map((task) => ({ task, bucket: (last = bucketOf.get(task.taskId) ?? last) }));
  return groups.map((group) => ({ group, tasks: placed.filter(({ bucket }) => bucket === group.bucket).map(({ task }) => task) }));
}
