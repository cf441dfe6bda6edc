// The baseline's second process: graphile-worker, woken by LISTEN, ten jobs at a time, one statement a job.
import { run } from 'graphile-worker';
import { randomUUID } from 'node:crypto';

interface Payload {
  readonly activityId: string;
  readonly orgId: string;
  readonly followUpAt: string;
}

const runner = await run({
  connectionString: process.env['DATABASE_URL'] ?? '',
  concurrency: 10,
  noHandleSignals: true,
  pollInterval: 2_000,
  taskList: {
    call_back: async (payload, helpers) => {
      const { activityId, orgId, followUpAt } = payload as Payload;
      await helpers.query(
        `with seen as (insert into inbox (message_id) values ($1) on conflict do nothing returning 1),
         made as (insert into task (task_id, org_id, activity_id, due_at, created_at)
                  select $2, $3, $1, $4, clock_timestamp() from seen returning task_id)
         insert into outbox (topic, key, value) select 'task', $3, json_build_object('taskId', task_id) from made`,
        [activityId, randomUUID(), orgId, followUpAt],
      );
    },
  },
});
process.stdout.write('listening\n');
await runner.promise;
