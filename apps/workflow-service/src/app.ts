import { join } from 'node:path';
import { readTemplates } from '@tom/catalog';
import { ActivityServiceService } from '@tom/contracts/tom/activity/v1/activity_service';
import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { periodically } from '@tom/runtime';
import { runService, type RunningService, type Surroundings } from '@tom/service';
import { migrations } from '../migrations/index.ts';
import { forgetOld } from './adapters/forget.ts';
import { createOrgWatch } from './adapters/org-watch.ts';
import { createTemplates, runningVersions } from './adapters/template-store.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { workflowRpcs } from './grpc.ts';
import { onTimersDue } from './handlers/on-timers-due.ts';
import { subscriptions } from './subscriptions.ts';
import { escalateDueCases } from './use-cases/escalate-due-cases.ts';
import { loadTemplates } from './use-cases/load-templates.ts';

const SERVICE = 'workflow-service';
/** Rules and what they saw may come in 12 batches a second: a third of the CPU of batches at once. */
const PACE_MS = 80;
const RELAY_PACE_MS = 10;
const LOOK_FOR_DUE_MS = 1_000;
const FORGET_EVERY_MS = 3_600_000;

/**
 * Starts the service; resolves when it is ready. Templates are read before anything else: a bad one stops the start.
 * Alive but not ready while its database is away; `signal` ends the wait.
 */
export async function startApp(config: Config, given: Surroundings = {}): Promise<RunningService> {
  return runService(
    {
      name: SERVICE,
      config,
      migrations,
      histories: { case: 'case_history' },
      consumerPaceMs: PACE_MS,
      relayPaceMs: RELAY_PACE_MS,
      build({ database, outbox, clock, catalog, logger, connect }) {
        const files = readTemplates(join(config.configDir, 'workflows'), catalog);
        const stage = connect(StageServiceService, { address: config.stageService });
        const activity = connect(ActivityServiceService, { address: config.activityService });
        const task = connect(TaskServiceService, { address: config.taskService });
        const watch = createOrgWatch();
        const failed = (what: string) => (error: unknown) =>
          logger.warn({ err: error, what }, 'failed; tried again later');
        return {
          async serve() {
            const templates = createTemplates(await loadTemplates({ database, clock, catalog }, files), catalog);
            // Those of open cases may be older than what is in force; read now, they need not be read while events wait.
            await templates.ofCases(database, await runningVersions(database));
            const heard = subscriptions({ catalog, templates, watch });
            const deps: Deps = { database, clock, outbox, catalog, templates, watch, stage, activity, task, subscriptions: heard };
            return {
              subscriptions: heard,
              services: [workflowRpcs(deps)],
              parts: {
                'due cases': periodically(LOOK_FOR_DUE_MS, () => escalateDueCases(deps), failed('due cases')),
                timers: periodically(LOOK_FOR_DUE_MS, () => onTimersDue(deps), failed('timers')),
                'old observations': periodically(
                  FORGET_EVERY_MS,
                  (ending) => forgetOld(database, clock.now(), ending),
                  failed('old observations'),
                ),
              },
            };
          },
        };
      },
    },
    given,
  );
}
