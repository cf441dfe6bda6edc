import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';

// Every figure of every report is asked for again as the list that its filter names.
let stack: Stack;
let ida: Api;
let mia: Api;
let root: Api;

interface Figure {
  readonly count: number;
  readonly filter?: { readonly path: string; readonly query: Readonly<Record<string, string>> };
}

beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: false });
  [ida, mia, root] = await Promise.all(['ida', 'mia', 'root'].map(async (user) => api(stack.url, await stack.token(user)))) as [Api, Api, Api];
  const [lead, lost, called] = await Promise.all(['Alpha', 'Beta', 'Gamma'].map(qualifying));
  await ida.post(`/orgs/${lead}/activities`, { activityType: 'CALL', outcomeCode: 'REACHED_DECISION_MAKER', followUpAt: new Date(Date.now() + 86_400_000).toISOString() });
  await ida.post(`/orgs/${called}/activities`, { activityType: 'CALL', outcomeCode: 'NO_ANSWER' });
  await ida.post(`/orgs/${lost}/activities`, { activityType: 'NOTE', subject: 'Notiz' });
  expect(await ida.post(`/orgs/${lead}/qualify`)).toMatchObject({ status: 200 });
  expect(await ida.post(`/orgs/${lost}/disqualify`, { reasonCode: 'NO_FIT' })).toMatchObject({ status: 200 });
  await until('the activities in the list of companies', () => ida.get<{ total: number }>('/orgs?activityBy=ida'), ({ body }) => body.total === 3);
  await until('the work of the lead', () => mia.get<{ items: unknown[] }>(`/tasks?orgId=${lead}&queue=OUTSIDE_SALES`), ({ body }) => body.items.length === 4);
  await until('no work for the lost one', () => mia.get<{ items: unknown[] }>(`/tasks?orgId=${lost}&status=OPEN`), ({ body }) => body.items.length === 0);
  const { body } = await mia.get<{ items: { taskId: string }[] }>(`/tasks?orgId=${called}&taskType=FIRST_OUTREACH`);
  expect(await mia.post(`/tasks/${body.items[0]?.taskId}/complete`)).toMatchObject({ status: 200 });
}, 60_000);
afterAll(() => stack.stop());

async function qualifying(name: string): Promise<string> {
  const { body: { orgId } } = await ida.post<{ orgId: string }>('/orgs', { name, industry: name === 'Alpha' ? 'Druck & Co.' : undefined, accountOwner: 'ida' });
  await until('the work', () => ida.get<{ items: unknown[] }>(`/tasks?orgId=${orgId}`), ({ body }) => body.items.length === 6);
  await until('the stage', () => ida.get<{ currentStage: string }>(`/orgs/${orgId}`), ({ body }) => body.currentStage === 'QUALIFYING');
  return orgId;
}

function figuresIn(value: unknown): Figure[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(figuresIn);
  return 'filter' in value && 'count' in value ? [value as Figure, ...inside] : inside;
}

/** How many things, or how many companies, the list behind a figure has. */
async function listed({ filter }: Figure): Promise<number> {
  const { status, body } = await mia.get<{ items: unknown[]; total?: number }>(`${filter?.path}?${new URLSearchParams({ ...filter?.query, pageSize: '200' })}`);
  expect(status, JSON.stringify(filter)).toBe(200);
  return body.total ?? body.items.length;
}

describe('a figure of', () => {
  for (const [name, path, least] of [
    ['the funnel', '/reports/funnel', 24],
    ['the funnel by industry', '/reports/funnel?by=industry', 60],
    ['the funnel by owner', '/reports/funnel?by=owner', 45],
    ['the time in stages', '/reports/time-in-stage?by=orgKind', 15],
    ['the queues', '/reports/queues', 50],
    ['the queues by person', '/reports/queues?by=person', 10],
    ['the activities', '/reports/activities', 90],
    ['the activities by outcome', '/reports/activities?by=outcome', 90],
    ['the activities by person', '/reports/activities?by=person', 90],
  ] as const) {
    it(`${name} is what its list has`, async () => {
      const { status, body } = await mia.get(path);
      expect(status).toBe(200);
      const figures = figuresIn(body);
      expect(figures.length).toBeGreaterThanOrEqual(least);
      expect(figures.some(({ count }) => count > 0)).toBe(true);
      // Most days of the activities are empty and alike.
      const asked = figures.filter((figure, index) => figure.count > 0 || index % 7 === 0);
      const wrong = [];
      for (const figure of asked) {
        const found = await listed(figure);
        if (found !== figure.count) wrong.push({ ...figure, found });
      }
      expect(wrong).toEqual([]);
    });
  }
});

it('reports tell what happened', async () => {
  const { body: funnel } = await ida.get<{ stages: { stage: string; entered: Figure; dropped: Figure }[] }>('/reports/funnel');
  expect(funnel.stages.map(({ stage, entered, dropped }) => [stage, entered.count, dropped.count])).toEqual([
    ['UNVERIFIED', 3, 0], ['QUALIFYING', 3, 1], ['QUALIFIED_LEAD', 1, 0], ['SALES_ACCEPTED', 0, 0], ['CUSTOMER', 0, 0],
  ]);
  const { body: activities } = await ida.get<{ total: { calls: Figure }; days: unknown[] }>('/reports/activities');
  expect(activities).toMatchObject({ total: { activities: { count: 3 }, calls: { count: 2 }, reached: { count: 1 }, reachedRate: 0.5 } });
  expect(activities.days).toHaveLength(30);
});

it('a report that cannot be is refused with every violation, and unknown parameters too', async () => {
  expect(await ida.get('/reports/funnel?from=2026-13-01&by=moon')).toMatchObject({ status: 400, body: { violations: [{ path: 'from' }, { path: 'by' }] } });
  expect(await ida.get('/reports/queues?from=2026-03-02&to=2026-03-01')).toMatchObject({ status: 400, body: { violations: [{ path: 'to' }] } });
  expect(await ida.get('/reports/activities?since=2026-03-02')).toMatchObject({ status: 400, body: { violations: [{ path: 'since' }] } });
});

describe('the graph of a template', () => {
  interface Graph { readonly source: string; readonly nodes: { id: string; kind: string; open?: number; range?: object }[]; readonly edges: object[]; readonly problems?: { line: number }[] }

  it('of a stored version has its parts with places and with how many of its tasks are open', async () => {
    const { body } = await ida.get<Graph>('/workflows/qualify_company/versions/2');
    expect(body.nodes.find(({ id }) => id === 'tasks.first_outreach')).toMatchObject({ kind: 'task', open: 0, done: 1, medianSeconds: expect.any(Number) as number });
    expect(body.nodes.find(({ id }) => id === 'tasks.fit_assessment')).toMatchObject({ open: 1, done: 0, label: { de: expect.any(String) as string } });
    expect(body.nodes.find(({ id }) => id === 'rules.bounced_email.do.0')).toMatchObject({ kind: 'action', open: 0 });
    expect(body.edges).toContainEqual({ from: 'completion.QUALIFIED', to: 'stage.QUALIFIED_LEAD', kind: 'leads' });
    expect(body).toMatchObject({ unavailable: [] });
  });

  it('of a draft too, or what is wrong with it; for managers and administrators', async () => {
    const { body: { source } } = await ida.get<Graph>('/workflows/qualify_company/versions/2');
    const draft = source.replace('version: 2', 'version: 3').replace('key: first_outreach', 'key: call_first');
    const { status, body } = await mia.post<Graph>('/workflows/graph', { source: draft });
    expect(status).toBe(200);
    expect(body.problems).toEqual([]);
    expect(body.nodes.map(({ id }) => id)).toContain('tasks.call_first');
    const bad = await root.post<Graph>('/workflows/graph', { source: draft.replace('queue: SALES_OPS', 'queue: MOON') });
    expect(bad).toMatchObject({ status: 200, body: { nodes: [], problems: [{ path: 'tasks[0].queue', line: expect.any(Number) as number }] } });
    expect(await root.post('/workflows/graph', { source: '' })).toMatchObject({ status: 200, body: { nodes: [] } });
    expect(await ida.post('/workflows/graph', { source: draft })).toMatchObject({ status: 403 });
    expect(await root.post('/workflows/graph', { yaml: draft })).toMatchObject({ status: 400 });
  });
});
