import { periodically } from '@tom/runtime';
import { runService, type RunningService, type Surroundings } from '@tom/service';
import { migrations } from '../migrations/index.ts';
import { createOwners } from './adapters/owners.ts';
import { taskTable } from './adapters/task-table.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { taskService } from './grpc.ts';
import { subscriptions } from './subscriptions.ts';
import { tellOverdueTasks } from './use-cases/tell-overdue-tasks.ts';

const SERVICE = 'task-service';
/** Somebody waits for the call-back. */
const PACE_MS = 5;
const RELAY_PACE_MS = 25;
const LOOK_FOR_OVERDUE_MS = 1_000;

/** Starts the service; resolves when it is ready. Alive but not ready while its database is away; `signal` ends the wait. */
export async function startApp(config: Config, given: Surroundings = {}): Promise<RunningService> {
  return runService(
    {
      name: SERVICE,
      config,
      migrations,
      histories: { task: 'task_history' },
      consumerPaceMs: PACE_MS,
      relayPaceMs: RELAY_PACE_MS,
      build({ database, outbox, clock, catalog, logger, connect }) {
        const owners = createOwners(database, connect, config);
        const tasks = taskTable(catalog);
        const heard = subscriptions({ catalog, tasks });
        const deps: Deps = { subscriptions: heard, database, outbox, clock, catalog, owners, tasks };
        return {
          async serve() {
            await database.transaction((tx) => tasks.refreshOrder(tx));
            const overdue = periodically(
              LOOK_FOR_OVERDUE_MS,
              () => tellOverdueTasks(deps),
              (error) => logger.warn({ err: error }, 'overdue tasks are looked for again later'),
            );
            return {
              subscriptions: heard,
              services: [taskService(deps)],
              parts: { 'overdue tasks': overdue },
            };
          },
        };
      },
    },
    given,
  );
}
