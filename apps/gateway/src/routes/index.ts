import type { Route } from '../edge/route.ts';
import { activityRoutes } from './activities.ts';
import { caseRoutes } from './cases.ts';
import { contactRoutes } from './contacts.ts';
import type { RouteContext } from './context.ts';
import { eventRoutes } from './events.ts';
import { meRoutes } from './me.ts';
import { metaRoutes } from './meta.ts';
import { orgRoutes } from './orgs.ts';
import { overviewRoutes } from './overview.ts';
import { queueRoutes } from './queues.ts';
import { searchRoutes } from './search.ts';
import { stageRoutes } from './stage.ts';
import { taskRoutes } from './tasks.ts';
import { workflowRoutes } from './workflows.ts';

/** Every operation of the contract that exists, by resource. */
export function routes(context: RouteContext): Route[] {
  return [
    ...orgRoutes(context),
    ...overviewRoutes(context),
    ...stageRoutes(context),
    ...contactRoutes(context),
    ...activityRoutes(context),
    ...queueRoutes(context),
    ...taskRoutes(context),
    ...caseRoutes(context),
    ...workflowRoutes(context),
    ...meRoutes(context),
    ...searchRoutes(context),
    ...metaRoutes(context),
    ...eventRoutes(context),
  ];
}
