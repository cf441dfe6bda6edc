import { type QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { accessToken, meQuery, metaQuery } from '../api/index.ts';
import { figureFilters } from './figure-filters.ts';
import { NotFound, PageFailed } from './page-failed.tsx';
import { Shell } from './shell.tsx';

interface Context {
  readonly client: QueryClient;
}

/** What an address may say beyond its path; everything else in it is dropped. Digits are words, too. */
function words<const K extends string>(...names: readonly K[]) {
  return (search: Record<string, unknown>): { readonly [N in K]?: string | undefined } =>
    Object.fromEntries(
      names.flatMap((name) => {
        const said = search[name];
        return (typeof said === 'string' && said !== '') || typeof said === 'number' ? [[name, String(said)]] : [];
      }),
    ) as { readonly [N in K]?: string | undefined };
}

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: words('then', 'code', 'state', 'error'),
  component: lazyRouteComponent(() => import('../screens/sign-in/index.ts'), 'SignIn'),
});

/** Everything else is for who is signed in: who that is and what codes there are is known before a page is drawn. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context: { client }, location }) => {
    if (accessToken() === undefined) throw redirect({ to: '/sign-in', search: { then: location.href } });
    await Promise.all([client.query({ ...meQuery, staleTime: 'static' }), client.query({ ...metaQuery, staleTime: 'static' })]);
  },
  component: Shell,
  errorComponent: PageFailed,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/work' });
  },
});

const taskFilter = words('bucket', 'assignee', 'taskType');
const workList = lazyRouteComponent(() => import('../screens/work-list/index.ts'), 'WorkList');

const work = createRoute({ getParentRoute: () => shell, path: '/work', validateSearch: taskFilter, component: workList });
const queue = createRoute({ getParentRoute: () => shell, path: '/work/$queue', validateSearch: taskFilter, component: workList });
const myTasks = createRoute({ getParentRoute: () => shell, path: '/my/tasks', validateSearch: taskFilter, component: workList });
const myCases = createRoute({
  getParentRoute: () => shell,
  path: '/my/cases',
  component: lazyRouteComponent(() => import('../screens/my-cases/index.ts'), 'MyCases'),
});
const companies = createRoute({
  getParentRoute: () => shell,
  path: '/companies',
  validateSearch: words('q', 'stage', 'status', 'orgKind', 'owner', 'city', 'nextTask', 'sort', 'view', 'create', ...figureFilters),
  component: lazyRouteComponent(() => import('../screens/companies/index.ts'), 'Companies'),
});
const company = createRoute({
  getParentRoute: () => shell,
  path: '/companies/$orgId',
  /** `log`: the log form is open, for a task or, as `new`, for none. `path`: the stage whose rules are shown. */
  validateSearch: words('log', 'path', 'kinds', 'edit'),
  component: lazyRouteComponent(() => import('../screens/company/index.ts'), 'Company'),
});
const caseRoute = createRoute({
  getParentRoute: () => shell,
  path: '/cases/$caseId',
  component: lazyRouteComponent(() => import('../screens/case/index.ts'), 'Case'),
});
const workflows = createRoute({
  getParentRoute: () => shell,
  path: '/workflows',
  component: lazyRouteComponent(() => import('../screens/workflows/index.ts'), 'Workflows'),
});
const workflow = createRoute({
  getParentRoute: () => shell,
  path: '/workflows/$key',
  validateSearch: words('version', 'from', 'view'),
  component: lazyRouteComponent(() => import('../screens/workflow/index.ts'), 'Workflow'),
});
const overview = createRoute({
  getParentRoute: () => shell,
  path: '/overview',
  validateSearch: words('days', 'by'),
  component: lazyRouteComponent(() => import('../screens/overview/index.ts'), 'Overview'),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: lazyRouteComponent(() => import('../screens/settings/index.ts'), 'Settings'),
});

const tree = root.addChildren([
  signIn,
  shell.addChildren([home, work, queue, myTasks, myCases, companies, company, caseRoute, workflows, workflow, overview, settings]),
]);

export function createAppRouter(client: QueryClient) {
  return createRouter({ routeTree: tree, context: { client }, defaultPreload: 'intent', defaultErrorComponent: PageFailed, scrollRestoration: true });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
