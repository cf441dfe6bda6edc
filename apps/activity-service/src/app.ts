import { runService, serviceTokensOf, type RunningService, type Surroundings } from '@tom/service';
import { migrations } from '../migrations/index.ts';
import { createActivityLog } from './adapters/activity-log.ts';
import { createHistoryOwners } from './adapters/history-owners.ts';
import { createKnown } from './adapters/known.ts';
import { createOwners } from './adapters/owners.ts';
import { createPlaces } from './adapters/places.ts';
import type { Config } from './config.ts';
import { activityService } from './grpc.ts';
import { subscriptions } from './subscriptions.ts';
import { serveRebuilds } from './use-cases/serve-rebuilds.ts';
import type { Context } from './use-cases/context.ts';
import { watchWaitingReports } from './use-cases/watch-waiting-reports.ts';

const SERVICE = 'activity-service';
/** Timeline entries and links to tasks may come in batches. */
const PACE_MS = 30;

/** Starts the service; resolves when it is ready. Alive but not ready while its database is away; `signal` ends the wait. */
export async function startApp(config: Config, given: Surroundings = {}): Promise<RunningService> {
  return runService(
    {
      name: SERVICE,
      config,
      migrations,
      histories: { activity: 'activity_history' },
      consumerPaceMs: PACE_MS,
      build({ database, outbox, clock, catalog, verifier, logger, metrics, connect }) {
        const owners = createOwners(connect, config);
        const serviceTokens = serviceTokensOf(config, { service: SERVICE, clock, logger });
        const context: Context = {
          database,
          clock,
          catalog,
          outbox,
          owners,
          places: createPlaces({ database, owners, clock }),
          known: createKnown(database),
          log: createActivityLog(database, outbox),
        };
        return {
          serve: () => ({
            subscriptions: subscriptions({ ...context, serviceTokens, group: SERVICE }),
            services: [activityService(context, { verifier, logger })],
            parts: {
              'waiting reports': watchWaitingReports({ ...context, group: SERVICE, metrics, logger, days: config.waitingReportDays }),
              rebuilds: serveRebuilds({ database, catalog, clock, logger, owners: createHistoryOwners(connect, config, serviceTokens) }),
            },
          }),
        };
      },
    },
    given,
  );
}
