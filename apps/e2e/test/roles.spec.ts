import { join } from 'node:path';
import { systemClock } from '@tom/kernel';
import { createServiceTokens, createTokenSigner } from '@tom/runtime';
import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';

// Every route of the OpenAPI document × every role. "Who may" of the contract stands here once, by route.
const everyone = ['inside_sales', 'ops', 'outside_sales', 'customer_inbound', 'order_admin', 'manager', 'administrator'] as const;
type Role = (typeof everyone)[number] | 'nobody';
const insideSales = ['inside_sales', 'manager', 'administrator'] as const;
const stageMovers = ['inside_sales', 'ops', 'outside_sales', 'manager', 'administrator'] as const;
const managers = ['manager', 'administrator'] as const;
const administrator = ['administrator'] as const;

interface Row {
  readonly who: readonly Role[];
  readonly body?: object;
  /** What a query must have although the document cannot say so. */
  readonly query?: Readonly<Record<string, string>>;
}

const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();
const row = (who: readonly Role[], body?: object): Row => ({ who, ...(body ? { body } : {}) });

const handover = {
  engine: 'outside_sales', role: 'outside_sales', queue: 'OUTSIDE_SALES', goal: 'Angebot', context: 'Interesse an Etiketten',
  openPoints: ['Menge'], recommendation: 'anrufen',
};

/** Routes that only show are for every role unless they stand here. `$name` in a body is an id of the fixture. */
const rows: Readonly<Record<string, Row>> = {
  'get /orgs/duplicates': { who: everyone, query: { name: 'Rechte' } },
  'get /orgs/values': { who: everyone, query: { of: 'city' } },
  'get /workflows/{key}/diff': { who: everyone, query: { from: '2', to: '2' } },
  'post /orgs': row(everyone, { name: 'Neu' }),
  'patch /orgs/{orgId}': row(everyone, { industry: 'Druck' }),
  'post /orgs/{orgId}/erase': row(administrator, { reason: 'Wunsch' }),
  'post /orgs/{orgId}/stage': row(stageMovers, { toStage: 'DISQUALIFIED', reasonCode: 'NO_FIT' }),
  'post /orgs/{orgId}/qualify': row(stageMovers, {}),
  'post /orgs/{orgId}/disqualify': row(stageMovers, { reasonCode: 'NO_FIT' }),
  'post /orgs/{orgId}/dormant': row(stageMovers, { reasonCode: 'TIMING', followUpAt: TOMORROW }),
  'post /orgs/{orgId}/stage/override': row(administrator, { toStage: 'DORMANT', reason: 'Absprache' }),
  'post /orgs/{orgId}/contacts': row(everyone, { name: 'Eva' }),
  'patch /contacts/{contactId}': row(everyone, { title: 'Einkauf' }),
  'delete /contacts/{contactId}': row(everyone),
  'post /contacts/{contactId}/erase': row(administrator, { reason: 'Wunsch' }),
  'post /orgs/{orgId}/activities': row(everyone, { activityType: 'CALL', direction: 'OUTBOUND', outcomeCode: 'NO_ANSWER' }),
  'patch /activities/{activityId}': row(everyone, { subject: 'Anruf' }),
  'delete /activities/{activityId}': row(everyone),
  'get /queues/{queue}/next': row(insideSales),
  'post /queues/{queue}/claim-next': row(insideSales, {}),
  'post /my/claim-next': row(everyone, {}),
  // Work may be given to any queue; whoever works that one does it.
  'post /tasks': row(everyone, { orgId: '$orgId', taskType: 'GENERAL', title: 'Neu', assignedQueue: 'INSIDE_SALES' }),
  'patch /tasks/{taskId}': row(insideSales, { description: 'mehr' }),
  'post /tasks/{taskId}/claim': row(insideSales, {}),
  'post /tasks/{taskId}/release': row(insideSales, {}),
  'post /tasks/{taskId}/start': row(insideSales, {}),
  'post /tasks/{taskId}/complete': row(insideSales, {}),
  'post /tasks/{taskId}/cancel': row(insideSales, { reason: 'doppelt' }),
  'post /tasks/{taskId}/reopen': row(insideSales, {}),
  'post /tasks/{taskId}/reassign': row(managers, { queue: 'INSIDE_SALES' }),
  'post /tasks/{taskId}/reschedule': row(insideSales, { dueAt: TOMORROW }),
  'post /tasks/bulk': row(everyone, { action: 'claim', taskIds: ['$taskId'] }),
  'post /cases': row(insideSales, { orgId: '$orgId', caseType: 'QUALIFY_COMPANY', engine: 'inside_sales', title: 'Neu' }),
  'patch /cases/{caseId}': row(insideSales, { description: 'mehr' }),
  'post /cases/{caseId}/claim': row(insideSales, {}),
  'post /cases/{caseId}/release': row(insideSales, {}),
  'post /cases/{caseId}/notes': row(everyone, { noteType: 'comment', body: 'Notiz' }),
  'post /cases/{caseId}/advance': row(insideSales, { phase: 'QUALIFY-B' }),
  'post /cases/{caseId}/handover': row(insideSales, handover),
  'post /cases/{caseId}/return': row(insideSales, { reason: 'unvollständig', missing: ['Ansprechpartner'] }),
  'post /cases/{caseId}/requirements/{requirementId}/fulfil': row(insideSales, { value: 'ja' }),
  'post /cases/{caseId}/close': row(insideSales, { outcomeCode: 'DISQUALIFIED', reasonCode: 'NO_FIT' }),
  'post /preview': row(everyone, { orgId: '$orgId', activity: { activityType: 'NOTE' } }),
  'post /workflows/{key}/start': row(insideSales, { orgId: '$orgId' }),
  'post /workflows/simulate': row(administrator, {}),
  'post /workflows/graph': row(managers, { source: 'key: probe' }),
  'patch /me/settings': row(everyone, { language: 'de' }),
};
/** Nothing in these belongs to anybody. */
const forThoseWithoutRole = new Set(['get /meta']);

interface Operation { readonly security?: unknown; readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[] }
interface Document { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }
interface Target { readonly route: string; readonly method: string; readonly path: string; readonly open: boolean; readonly body?: object }

let stack: Stack;
let ida: Api;
let targets: readonly Target[];
const tokens = new Map<Role | 'service', string>();

beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: false });
  const keys = join(stack.dataDir, 'keys');
  const signer = createTokenSigner({ keyFile: join(keys, 'demo.jwk.json'), issuer: 'tom-demo', clock: systemClock });
  for (const role of [...everyone, 'nobody'] as const) {
    const roles = role === 'nobody' ? [] : [role];
    tokens.set(role, await signer.sign({ subject: `one-of-${role}`, name: role, roles, lifetimeSeconds: 3_600 }));
  }
  const service = createServiceTokens({ keyFile: join(keys, 'task-service.jwk.json'), service: 'task-service', clock: systemClock });
  tokens.set('service', await service.token());
  ida = api(stack.url, await stack.token('ida'));
  const document = (await (await fetch(`${stack.url}/api/v1/openapi.json`)).json()) as Document;
  targets = targetsOf(document, await makeFixture());
});
afterAll(() => stack.stop());

async function makeFixture(): Promise<Readonly<Record<string, string>>> {
  const { body: { orgId } } = await ida.post<{ orgId: string }>('/orgs', { name: 'Rechte GmbH' });
  const open = await until('the case', () => ida.get<{ items: { caseId: string }[] }>(`/cases?orgId=${orgId}`), ({ body }) => body.items.length === 1);
  await until('its tasks', () => ida.get<{ items: unknown[] }>(`/tasks?orgId=${orgId}`), ({ body }) => body.items.length === 6);
  const { body: contact } = await ida.post<{ contactId: string }>(`/orgs/${orgId}/contacts`, { name: 'Eva' });
  const { body: activity } = await ida.post<{ activityId: string }>(`/orgs/${orgId}/activities`, { activityType: 'CALL', outcomeCode: 'NO_ANSWER' });
  const given = { orgId, taskType: 'GENERAL', title: 'Etwas', assignedQueue: 'INSIDE_SALES' };
  const { body: task } = await ida.post<{ taskId: string }>('/tasks', given);
  const caseId = open.body.items[0]?.caseId ?? '';
  const { body: found } = await ida.get<{ phases: { outputs: { requirementId: string }[] }[] }>(`/cases/${caseId}`);
  const requirementId = found.phases.flatMap(({ outputs }) => outputs)[0]?.requirementId ?? '';
  return {
    orgId, caseId, requirementId, contactId: contact.contactId, activityId: activity.activityId, taskId: task.taskId,
    queue: 'INSIDE_SALES', key: 'qualify_company', version: '1', q: 'Rechte',
  };
}

function targetsOf({ paths }: Document, ids: Readonly<Record<string, string>>): Target[] {
  const idOf = (name: string) => ids[name] ?? 'unknown';
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, parameters = [] }]) => {
      const query = new URLSearchParams(
        parameters.filter((one) => one.in === 'query' && one.required).map(({ name }): [string, string] => [name, idOf(name)]),
      );
      const route = `${method} ${path}`;
      for (const [name, value] of Object.entries(rows[route]?.query ?? {})) query.set(name, value);
      const body = rows[route]?.body;
      return {
        route,
        method: method.toUpperCase(),
        path: `${path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => idOf(name))}${query.size > 0 ? `?${query}` : ''}`,
        open: security === undefined,
        ...(body ? { body: JSON.parse(JSON.stringify(body).replaceAll(/\$(\w+)/g, (_whole, name: string) => idOf(name))) as object } : {}),
      };
    }),
  );
}

async function statusOf({ method, path, body }: Target, role?: Role | 'service'): Promise<number> {
  const leaving = new AbortController();
  const response = await fetch(`${stack.url}/api/v1${path}`, {
    method,
    signal: leaving.signal,
    headers: {
      ...(role ? { authorization: `Bearer ${tokens.get(role)}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(method === 'PATCH' || method === 'DELETE' ? { 'if-match': '"1"' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  // A stream would not end by itself.
  leaving.abort();
  return response.status;
}

function whoMay({ route, method }: Target): readonly Role[] {
  const found = rows[route];
  if (found) return found.who;
  if (method === 'GET') return forThoseWithoutRole.has(route) ? [...everyone, 'nobody'] : everyone;
  throw new Error(`${route} has no row: who may?`);
}

describe('every route of the OpenAPI document', () => {
  it('says here who may, and nothing here speaks of a route that is not there', () => {
    const guarded = targets.filter(({ open }) => !open);
    expect(guarded.length).toBeGreaterThan(50);
    expect(() => guarded.forEach(whoMay)).not.toThrow();
    const known = new Set(targets.map(({ route }) => route));
    expect(Object.keys(rows).filter((route) => !known.has(route))).toEqual([]);
  });

  it('is 401 without a token and for a service, but for those that are open', async () => {
    const answers = await Promise.all(
      targets.map(async (target) => ({ ...target, statuses: [await statusOf(target), await statusOf(target, 'service')] })),
    );
    expect(answers.filter(({ open }) => open).map(({ route }) => route).sort()).toEqual(['get /sign-in', 'post /dev/token']);
    expect(answers.filter(({ open, statuses }) => !open && statuses.some((status) => status !== 401))).toEqual([]);
    expect(answers.filter(({ open, statuses }) => open && statuses.includes(401))).toEqual([]);
  });

  it('is 403 for those who may not, before anything else is said, and changes nothing for them', async () => {
    const wrong: string[] = [];
    for (const target of targets.filter(({ open }) => !open)) {
      for (const role of [...everyone, 'nobody'] as const) {
        if (whoMay(target).includes(role)) continue;
        const status = await statusOf(target, role);
        if (status !== 403) wrong.push(`${target.route} as ${role}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
    const orgId = targets.find(({ route }) => route === 'get /orgs/{orgId}')?.path ?? '';
    expect(await ida.get(orgId)).toMatchObject({ status: 200, body: { version: 1, currentStage: 'QUALIFYING' } });
  });

  it('is never 403 for those who may', async () => {
    const wrong: string[] = [];
    for (const target of targets.filter(({ open }) => !open)) {
      for (const role of whoMay(target)) {
        const status = await statusOf(target, role);
        // What the others did before may have left 404, 409 or 412; a request that is wrong would show nothing.
        if (![200, 201, 204, 404, 409, 412].includes(status)) wrong.push(`${target.route} as ${role}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
