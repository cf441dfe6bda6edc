import type { BusinessCalendar } from '@tom/catalog';
import { sql, type Database, type Tx } from '@tom/postgres';

/** More than people who press at the same moment. Beyond it the second look waits for the first of them. */
const CANDIDATES = 24;

const candidate = `candidate as materialized (
     select c.* from unnest($1::text[]) as q(queue) cross join lateral (
       (select false as pending, task_id, due_day, priority_rank, due_order from task
        where status in ('OPEN', 'IN_PROGRESS') and assignee is null and assigned_queue = q.queue
          and due_day < $4 and due_order <= $2
        order by due_day, priority_rank, due_order, task_id limit ${CANDIDATES})
       union all
       (select true, task_id, due_day, priority_rank, due_order from task
        where status in ('OPEN', 'IN_PROGRESS') and assignee is null and assigned_queue = q.queue
          and due_day >= $3 and due_order > $2 and (task_type <> 'CALL_BACK' or due_day < $4)
        order by due_day, priority_rank, due_order, task_id limit ${CANDIDATES})) c)`;
const first = `t.task_id from candidate c join task t on t.task_id = c.task_id
   where t.status in ('OPEN', 'IN_PROGRESS') and t.assignee is null
   order by c.pending, c.due_day, c.priority_rank, c.due_order, c.task_id limit 1`;

export const peek = sql('next_task.peek', `with ${candidate} select ${first}`);
const take = sql('next_task.take', `with ${candidate} select ${first} for update of t skip locked`);
const wait = sql('next_task.wait', `with ${candidate} select ${first} for update of t`);

/** The next unassigned task of the queues in their order; a CALL_BACK from its due day on. Nothing is locked. */
export async function peekNext(database: Database, queues: readonly string[], calendar: BusinessCalendar, now: Date): Promise<string | undefined> {
  const [row] = await database.query<{ task_id: string }>(peek, values(queues, calendar, now));
  return row?.task_id;
}

/**
 * Locks the next task. Whoever presses at the same moment passes over it and gets the one after it. Only when all are
 * held by others it waits for them: one may be let go again, and "there is none" must be true.
 */
export async function lockNext(tx: Tx, queues: readonly string[], calendar: BusinessCalendar, now: Date): Promise<string | undefined> {
  const given = values(queues, calendar, now);
  const [free] = await tx.query<{ task_id: string }>(take, given);
  if (free) return free.task_id;
  // Looks again as long as there is a candidate that somebody else was faster to take.
  for (;;) {
    const [waited] = await tx.query<{ task_id: string }>(wait, given);
    if (waited) return waited.task_id;
    const [left] = await tx.query<{ task_id: string }>(peek, given);
    if (!left) return undefined;
  }
}

function values(queues: readonly string[], calendar: BusinessCalendar, now: Date): unknown[] {
  return [queues, now, calendar.startOfDay(now), calendar.endOfDay(now)];
}
