import { newId } from '@tom/kernel';
import { draftsOf } from '../adapters/task-events.ts';
import type { Deps } from '../deps.ts';
import { becomeOverdue } from '../domain/task-actions.ts';

const BATCH = 200;

/**
 * Nobody does anything when a due date passes, so time itself is looked at: TaskBecameOverdue, once for each due date, told
 * under the row's lock, with several instances too. Answers how many there were.
 */
export async function tellOverdueTasks({
  database,
  clock,
  outbox,
  tasks,
}: Pick<Deps, 'database' | 'clock' | 'outbox' | 'tasks'>): Promise<number> {
  if (!(await tasks.isAnyOverdue(database, clock.now()))) return 0;
  let told = 0;
  for (let found = BATCH; found === BATCH; told += found) {
    found = await database.transaction(async (tx) => {
      const now = clock.now();
      const decisions = (await tasks.lockOverdue(tx, now, BATCH)).map((task) => becomeOverdue(task, now));
      await tasks.save(tx, decisions.map(({ next }) => next), now);
      const origin = { correlationId: newId(), depth: 0, actor: 'service:task-service' };
      await outbox.append(tx, origin, decisions.flatMap(({ events }) => draftsOf(events)));
      return decisions.length;
    });
  }
  return told;
}
