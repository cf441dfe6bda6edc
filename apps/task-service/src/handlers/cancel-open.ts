import type { HandlerContext } from '@tom/messaging';
import { draftsOf } from '../adapters/task-events.ts';
import type { TaskTable } from '../adapters/task-table.ts';
import type { Task } from '../domain/task.ts';
import { cancelForRule } from '../domain/task-actions.ts';

/** Cancels locked open tasks for whoever sent the command. */
export async function cancelOpen(
  tasks: TaskTable,
  { tx, now, envelope, emit }: HandlerContext<unknown>,
  open: readonly Task[],
  reason: string,
): Promise<void> {
  const decisions = open.map((task) => cancelForRule(task, reason, envelope.actor, now));
  await tasks.save(tx, decisions.map(({ next }) => next), now);
  for (const { events } of decisions) emit(...draftsOf(events, { actor: envelope.actor }));
}
