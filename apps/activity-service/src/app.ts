import type { Clock } from '@tom/kernel';
import { createServiceTokens } from '@tom/runtime';
import { runService, type Connect, type RunningService, type Surroundings } from '@tom/service';
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
      build({ database, outbox, clock, catalog, verifier, logger, connect }) {
        const owners = createOwners(connect, config);
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
            subscriptions: subscriptions(catalog),
            services: [activityService(context, { verifier, logger })],
            parts: {
              rebuilds: serveRebuilds({ database, catalog, clock, logger, owners: historyOwners(connect, config, clock) }),
            },
          }),
        };
      },
    },
    given,
  );
}

/** Whoever runs without a key of this service can do all but rebuild the timeline. */
function historyOwners(connect: Connect, config: Config, clock: Clock) {
  const { serviceKeyFile: keyFile } = config;
  return keyFile === undefined
    ? undefined
    : createHistoryOwners(connect, config, createServiceTokens({ keyFile, service: SERVICE, clock }));
}
