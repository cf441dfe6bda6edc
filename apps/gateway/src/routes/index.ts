import type { TokenSigner } from '@tom/runtime';
import type { Route } from '../edge/route.ts';
import { introduceDemoUsers } from '../identity/introduce-demo-users.ts';
import { codeSchemas } from '../edge/codes.ts';
import { activityRoutes } from './activities.ts';
import { activityInputs } from './activity-input.ts';
import { caseMoveRoutes } from './case-moves.ts';
import { caseRoutes } from './cases.ts';
import { contactRoutes } from './contacts.ts';
import type { RouteContext } from './context.ts';
import { eventRoutes } from './events.ts';
import { devTokenRoutes } from './dev-token.ts';
import { meRoutes } from './me.ts';
import { metaRoutes } from './meta.ts';
import { orgRoutes } from './orgs.ts';
import { overviewRoutes } from './overview.ts';
import { previewRoutes } from './preview.ts';
import { queueRoutes } from './queues.ts';
import { reportRoutes } from './reports.ts';
import { searchRoutes } from './search.ts';
import { simulateRoutes } from './simulate.ts';
import { stageRoutes } from './stage.ts';
import { taskRoutes } from './tasks.ts';
import { whyRoutes } from './why.ts';
import { workflowGraphRoutes } from './workflow-graph.ts';
import { workflowRoutes } from './workflows.ts';

type Given = Pick<RouteContext, 'services' | 'broker' | 'catalog' | 'clock' | 'live'>;

/** Every operation of the contract that exists, by resource; `demo` signs while the gateway is its own issuer. */
export function routes(given: Given, demo?: TokenSigner): Route[] {
  const codes = codeSchemas(given.catalog);
  const context = {
    ...given,
    codes,
    activityInputs: activityInputs(given.catalog, codes),
    peopleKnown: demo ? introduceDemoUsers(demo, given.services.task) : () => Promise.resolve(),
  };
  return [
    ...orgRoutes(context),
    ...overviewRoutes(context),
    ...stageRoutes(context),
    ...contactRoutes(context),
    ...activityRoutes(context),
    ...queueRoutes(context),
    ...taskRoutes(context),
    ...caseRoutes(context),
    ...caseMoveRoutes(context),
    ...workflowRoutes(context),
    ...simulateRoutes(context),
    ...workflowGraphRoutes(context),
    ...whyRoutes(context),
    ...previewRoutes(context),
    ...meRoutes(context),
    ...reportRoutes(context),
    ...searchRoutes(context),
    ...metaRoutes(context),
    ...eventRoutes(context),
    ...(demo ? devTokenRoutes(demo) : []),
  ];
}
