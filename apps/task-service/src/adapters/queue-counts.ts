import type { Bucket, BusinessCalendar } from '@tom/catalog';
import { sql, type Database } from '@tom/postgres';

/** How many open tasks a queue has in a bucket, by whose they are. */
export interface QueueCount {
  readonly queue: string;
  readonly bucket: Bucket;
  readonly tasks: number;
  readonly unassigned: number;
  readonly mine: number;
  readonly oldestDueAt: Date | null;
}

// A bucket of a queue is one range of task_queue, which holds all that is counted: read from the index alone, 100,000
// open tasks in 25 ms. Grouping them by expressions instead sorted them all, in 270 ms.
export const countOpen = sql(
  'queue.count',
  `select q.queue, b.bucket, c.tasks, c.unassigned, c.mine, c."oldestDueAt"
   from unnest($1::text[]) as q(queue)
   cross join (values
     ('overdue', timestamptz '-infinity', $4::timestamptz, timestamptz '-infinity', $2::timestamptz),
     ('today', $3::timestamptz, $4, $2, 'infinity'),
     ('week', $4, $5::timestamptz, $2, 'infinity'),
     ('later', $5, 'infinity', $2, 'infinity')) as b(bucket, day_from, day_before, due_after, due_until)
   cross join lateral (
     select count(*)::int as tasks, (count(*) - count(assignee))::int as unassigned,
       count(*) filter (where assignee = $6)::int as mine,
       min(due_order) filter (where due_order < timestamptz '9999-01-01 00:00:00+00') as "oldestDueAt"
     from task
     where status in ('OPEN', 'IN_PROGRESS') and assigned_queue = q.queue
       and due_day >= b.day_from and due_day < b.day_before and due_order > b.due_after and due_order <= b.due_until) c
   where c.tasks > 0`,
);

export function countOpenTasks(
  database: Database,
  calendar: BusinessCalendar,
  now: Date,
  queues: readonly string[],
  person: string,
): Promise<QueueCount[]> {
  return database.query<QueueCount>(countOpen, [
    queues,
    now,
    calendar.startOfDay(now),
    calendar.endOfDay(now),
    calendar.endOfWeek(now),
    person,
  ]);
}
