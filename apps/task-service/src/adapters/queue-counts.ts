import type { Bucket, BusinessCalendar } from '@tom/catalog';
import { sql, type Database } from '@tom/postgres';

/** How many open tasks a queue has in a bucket, by whose they are. */
export interface QueueCount {
  readonly queue: string;
  readonly bucket: Bucket;
  readonly whose: 'mine' | 'unassigned' | 'others';
  readonly tasks: number;
  readonly oldestDueAt: Date | null;
}

// Read from the index alone: it holds the queue, the due day and time, and who has the task.
export const countOpen = sql(
  'queue.count',
  `select assigned_queue as queue,
     case when due_order <= $1 then 'overdue' when due_order < $2 then 'today' when due_order < $3 then 'week' else 'later' end
       as bucket,
     case when assignee is null then 'unassigned' when assignee = $4 then 'mine' else 'others' end as whose,
     count(*)::int as tasks,
     min(due_order) filter (where due_order < timestamptz '9999-01-01 00:00:00+00') as "oldestDueAt"
   from task where status in ('OPEN', 'IN_PROGRESS')
   group by 1, 2, 3`,
);

export function countOpenTasks(database: Database, calendar: BusinessCalendar, now: Date, person: string): Promise<QueueCount[]> {
  return database.query<QueueCount>(countOpen, [now, calendar.endOfDay(now), calendar.endOfWeek(now), person]);
}
