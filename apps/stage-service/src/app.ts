import { runService, serviceTokensOf, type RunningService, type Surroundings } from '@tom/service';
import { Counter } from 'prom-client';
import { migrations } from '../migrations/index.ts';
import { connectFactOwners } from './adapters/fact-owners.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { stageService } from './grpc.ts';
import { subscriptions } from './subscriptions.ts';

const SERVICE = 'stage-service';
/** What this service learns of tasks and activities is shown in lists; 12 batches a second cost a third of batches at once. */
const PACE_MS = 80;
const RELAY_PACE_MS = 10;

/** Starts the service; resolves when it is ready. Alive but not ready while its database is away; `signal` ends the wait. */
export async function startApp(config: Config, given: Surroundings = {}): Promise<RunningService> {
  return runService(
    {
      name: SERVICE,
      config,
      migrations,
      histories: { org: 'org_history' },
      consumerPaceMs: PACE_MS,
      relayPaceMs: RELAY_PACE_MS,
      build({ database, outbox, clock, catalog, logger, metrics, connect }) {
        const serviceTokens = serviceTokensOf(config, { service: SERVICE, clock, logger });
        const owners = connectFactOwners(connect, { ...config, serviceTokens });
        const overrides = new Counter({
          name: 'tom_guard_overrides_total',
          help: 'Moves of companies past their guard by an administrator.',
          labelNames: ['to_stage'],
          registers: [metrics],
        });
        const countOverride = (toStage: string) => overrides.inc({ to_stage: toStage });
        const deps: Deps = { database, outbox, clock, catalog, owners, countOverride };
        return { serve: () => ({ subscriptions: subscriptions(deps), services: [stageService(deps)] }) };
      },
    },
    given,
  );
}
