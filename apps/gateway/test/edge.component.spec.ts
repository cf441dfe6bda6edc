import { fileURLToPath } from 'node:url';
import { newId } from '@tom/kernel';
import { makeTestIdentity } from '@tom/runtime/testing';
import { loadConfig, createLogger } from '@tom/runtime';
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type GatewayApp } from '../src/app.ts';
import { configDefinition } from '../src/config.ts';

// No service is there: whatever the gateway refuses by itself, it refuses without one.
const identity = makeTestIdentity();
const token = identity.userToken('ida', ['inside_sales']);
const orgId = newId();
let app: GatewayApp;

beforeAll(async () => {
  const config = loadConfig(configDefinition, {
    PORT: '0',
    EVENT_LOG_URL: 'postgres://127.0.0.1:1/none',
    STAGE_SERVICE_ADDRESS: '127.0.0.1:1',
    ACTIVITY_SERVICE_ADDRESS: '127.0.0.1:1',
    TASK_SERVICE_ADDRESS: '127.0.0.1:1',
    WORKFLOW_SERVICE_ADDRESS: '127.0.0.1:1',
    CONFIG_DIR: fileURLToPath(new URL('../../../config', import.meta.url)),
    TRUSTED_KEYS_FILE: identity.trustedKeysFile,
    DEMO_KEY_FILE: identity.demoKeyFile,
  });
  app = await startApp(config, { logger: createLogger({ service: 'gateway', level: 'silent' }) });
});

afterAll(async () => {
  await app.stop();
  identity.cleanup();
});

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** What these tests look at in an answer. */
interface Json {
  readonly accessToken?: string;
  readonly violations: readonly { readonly path: string; readonly message: string; readonly expected: string }[];
  readonly stages: readonly { readonly stage: string; readonly label: { readonly de: string } }[];
  readonly queues: readonly unknown[];
  readonly activityTypes: readonly { readonly code: string; readonly outcomes: readonly unknown[] }[];
  readonly outputTypes: readonly { readonly code: string }[];
  readonly business: { readonly holidayDates: readonly object[] };
  readonly openapi: string;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly enum?: readonly string[]; readonly properties?: object }>> };
  readonly paths: Readonly<Record<string, { get: { parameters: readonly { readonly name: string }[] }; post: { requestBody: { content: Record<string, { schema: { required: string[] } }> } } }>>;
}

async function call(path: string, { method = 'GET', headers = {}, body }: Sent = {}) {
  const response = await fetch(`${app.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const answered = await response.text();
  return { status: response.status, headers: response.headers, json: (answered ? JSON.parse(answered) : {}) as Json };
}

function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  return call(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
}

describe('who comes in', () => {
  it.each([
    ['no token', {}],
    ['a token that is none', { authorization: 'Bearer abc' }],
    ['another scheme', { authorization: 'Basic aWRhOmlkYQ==' }],
    ['a token whose signature was changed', { authorization: `Bearer ${token.slice(0, -4)}AAAA` }],
    ['an expired token', { authorization: `Bearer ${identity.userToken('ida', ['inside_sales'], { exp: 1_000_000 })}` }],
    ['a service', { authorization: `Bearer ${identity.serviceToken('task-service')}` }],
    ['alg none', { authorization: `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.` }],
  ])('refuses %s with 401', async (_what, headers: Record<string, string>) => {
    const response = await fetch(`${app.url}/api/v1/orgs`, { headers });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'UNAUTHENTICATED', status: 401, instance: '/api/v1/orgs' });
  });

  it('answers 401 before 404, so that a stranger learns no routes', async () => {
    expect((await fetch(`${app.url}/api/v1/nothing`)).status).toBe(401);
    expect((await call('/api/v1/nothing')).status).toBe(404);
  });

  it('signs demo users in and nobody else', async () => {
    const signedIn = await post('/api/v1/dev/token', { user: 'mia' });
    expect(signedIn).toMatchObject({ status: 200, json: { user: { id: 'mia', roles: ['manager'] } } });
    const meta = await call('/api/v1/meta', { headers: { authorization: `Bearer ${signedIn.json.accessToken}` } });
    expect(meta.status).toBe(200);
    expect(await post('/api/v1/dev/token', { user: 'eve' })).toMatchObject({ status: 400, json: { violations: [{ path: 'user' }] } });
  });
});

describe('the scheme', () => {
  it.each(['bearer', 'BEARER', 'Bearer '])('is taken as %s', async (scheme) => {
    expect((await call('/api/v1/meta', { headers: { authorization: `${scheme} ${token}` } })).status).toBe(200);
  });
});

describe('what comes in', () => {
  const activities = `/api/v1/orgs/${orgId}/activities`;

  it('refuses a method that a route lacks, naming those it has', async () => {
    const answer = await call('/api/v1/orgs', { method: 'DELETE' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST, GET, HEAD');
  });

  it.each<[string, string, RegExp]>([
    ['malformed JSON', '{"activityType":', /not well-formed/],
    ['a list', '[]', /has the wrong type/],
    ['a bare text', '"CALL"', /not well-formed/],
  ])('refuses %s with 400', async (_what, body, detail) => {
    const answer = await post(activities, body);
    expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID' } });
    expect(JSON.stringify(answer.json)).toMatch(detail);
  });

  it('names every field that is wrong at once', async () => {
    const answer = await post(activities, {
      outcomeCode: 7,
      followUpAt: '2026-02-30T09:00:00Z',
      subject: '',
      contactId: 'x',
      surprise: true,
      notes: 'a\u0000b',
      durationMinutes: -1,
    });
    expect(answer.status).toBe(400);
    const paths = answer.json.violations.map(({ path }) => path).sort();
    expect(paths).toEqual(['activityType', 'contactId', 'durationMinutes', 'followUpAt', 'notes', 'outcomeCode', 'subject', 'surprise']);
    for (const violation of answer.json.violations) {
      expect(violation.message).not.toBe('');
      expect(violation.expected).not.toBe('');
    }
  });

  it('names shapes and unknown codes together, and says which codes there are', async () => {
    const call = { activityType: 'CALL', direction: 'UP', outcomeCode: 'SENT', durationMinutes: -1, surprise: true };
    const { json } = await post(activities, call);
    const expected = Object.fromEntries(json.violations.map((violation) => [violation.path, violation.expected]));
    expect(Object.keys(expected).sort()).toEqual(['direction', 'durationMinutes', 'outcomeCode', 'surprise']);
    expect(expected['direction']).toBe('one of OUTBOUND, INBOUND');
    expect(expected['outcomeCode']).toMatch(/^one of REACHED_DECISION_MAKER, .*NOT_INTERESTED$/);
    const unknown = await post(activities, { activityType: 'FAX', outcomeCode: 'LOST_PAPER' });
    expect(unknown.json.violations).toEqual([
      { path: 'activityType', message: 'is not one of the allowed values', expected: 'one of CALL, EMAIL, MEETING, RESEARCH, NOTE' },
      { path: 'outcomeCode', message: 'is not an outcome', expected: expect.stringMatching(/REACHED_DECISION_MAKER, .*NOTHING_FOUND/) as string },
    ]);
    const note = await post(activities, { activityType: 'NOTE', outcomeCode: 'HELD', direction: 'INBOUND' });
    expect(note.json.violations.map(({ path, expected: wanted }) => `${path}: ${wanted}`)).toEqual(['outcomeCode: no outcome', 'direction: no direction']);
  });

  it.each<[string, string, object, string[]]>([
    ['POST', '/orgs', { orgKind: 'friend', status: 'lost', name: '' }, ['name', 'orgKind', 'status']],
    ['PATCH', `/orgs/${orgId}`, { orgKind: 'friend', name: null }, ['name', 'orgKind']],
    ['POST', `/orgs/${orgId}/stage`, { toStage: 'X', fromStage: 'Y', reasonCode: 'Z', caseId: 1 }, ['caseId', 'fromStage', 'reasonCode', 'toStage']],
    ['POST', `/orgs/${orgId}/qualify`, { activity: { activityType: 'CALL', outcomeCode: 'X', caseId: 'y' }, x: 1 }, ['activity.caseId', 'activity.outcomeCode', 'x']],
    ['POST', `/orgs/${orgId}/stage/override`, { toStage: 'X' }, ['reason', 'toStage']],
    ['PATCH', `/activities/${orgId}`, { activityType: 'CALL', outcomeCode: 'SENT', occurredAt: null }, ['occurredAt', 'outcomeCode']],
    [
      'POST',
      '/tasks',
      { orgId, title: '', taskType: 'X', assignedQueue: 'X', assigneeRole: 'x', priority: 'X', waitingFor: 'X' },
      ['assignedQueue', 'assigneeRole', 'priority', 'taskType', 'title', 'waitingFor'],
    ],
    ['POST', `/tasks/${orgId}/reassign`, { colour: 'red' }, ['colour', 'queue']],
    ['POST', `/tasks/${orgId}/reassign`, { queue: 'X', role: 'x', userId: '' }, ['queue', 'role', 'userId']],
    ['POST', '/tasks/bulk', { action: 'cancel', taskIds: [] }, ['reason', 'taskIds']],
    ['POST', '/cases', { orgId: 'x', caseType: 'X', engine: 'x', priority: 'X' }, ['caseType', 'engine', 'orgId', 'priority', 'title']],
    ['POST', `/cases/${orgId}/close`, { outcomeCode: 'X', reasonCode: 'X', followUpAt: 'soon' }, ['followUpAt', 'outcomeCode', 'reasonCode']],
    ['POST', `/cases/${orgId}/notes`, { noteType: 'system' }, ['body', 'noteType']],
    ['GET', '/orgs?stage=QUALIFYING,X&status=x&orgKind=x&pageSize=0', {}, ['orgKind', 'pageSize', 'stage', 'status']],
    ['GET', '/tasks?status=X&taskType=X&colour=red', {}, ['colour', 'status', 'taskType']],
    ['GET', '/cases?caseType=X&engine=X&status=X&ownerRole=X&ownerQueue=X&open=1', {}, ['caseType', 'engine', 'open', 'ownerQueue', 'ownerRole', 'status']],
    ['GET', '/users?role=nobody&x=1', {}, ['role', 'x']],
  ])('names all that is wrong with %s %s at once', async (method, path, body, wrong) => {
    const sent = method === 'GET' ? {} : { body: JSON.stringify(body), headers: { 'if-match': '"1"' } };
    const answer = await call(`/api/v1${path}`, { method, ...sent });
    expect(answer.status).toBe(400);
    expect(answer.json.violations.map((violation) => violation.path).sort()).toEqual(wrong);
    for (const { expected } of answer.json.violations) expect(expected).not.toBe('another value');
  });

  it('names fields inside of objects', async () => {
    const answer = await post('/api/v1/orgs', { name: 'A', address: { city: 1, planet: 'Mars' } });
    expect(answer.json.violations.map(({ path }) => path).sort()).toEqual(['address.city', 'address.planet']);
  });

  it('refuses __proto__ as any unknown field', async () => {
    const answer = await post('/api/v1/orgs', '{"name":"A","__proto__":{"status":"customer"}}');
    expect(answer).toMatchObject({ status: 400, json: { violations: [{ path: '__proto__' }] } });
    expect(({} as Record<string, unknown>)['status']).toBeUndefined();
  });

  it('refuses a body over 256 KiB with 413', async () => {
    expect(await post(activities, { activityType: 'NOTE', notes: 'x'.repeat(300_000) })).toMatchObject({ status: 413 });
  });

  it('refuses what is not JSON with 415', async () => {
    const answer = await call(activities, { method: 'POST', body: 'activityType=CALL', headers: { 'content-type': 'text/plain' } });
    expect(answer.status).toBe(415);
  });

  it('refuses unknown query parameters and page sizes beyond the bounds', async () => {
    const answer = await call('/api/v1/orgs?pageSize=0&colour=red');
    expect(answer.json.violations.map(({ path }) => path).sort()).toEqual(['colour', 'pageSize']);
    expect((await call('/api/v1/my/day?x=1')).status).toBe(400);
  });

  it.each([['a'.repeat(256)], ['with space'], ['ümlaut'.normalize()]])('refuses the Idempotency-Key %s', async (key) => {
    // fetch would refuse to send some of these itself.
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': Buffer.from(key).toString('latin1') };
      const sent = httpRequest(`${app.url}${activities}`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.once('error', reject);
      sent.end('{"activityType":"NOTE"}');
    });
    expect(status).toBe(400);
  });

  it('takes a malformed id in the path for one that does not exist', async () => {
    expect(await call('/api/v1/orgs/not-an-id')).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
  });

  it.each(['/orgs/%ff', '/orgs/%', '/tasks/%zz', '/workflows/%00', '/queues/%c3%28/tasks'])('takes %s for a route that does not exist', async (path) => {
    expect(await call(`/api/v1${path}`)).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
  });

  it.each(['gzip', 'deflate', 'br'])('refuses a body that is not what its %s says', async (encoding) => {
    const answer = await post('/api/v1/orgs', { name: 'A' }, { 'content-encoding': encoding });
    expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID', violations: [{ message: expect.stringMatching(/cannot be read/) as string }] } });
  });

  it('measures a packed body by what it unpacks to', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-encoding': 'gzip' };
      const sent = httpRequest(`${app.url}/api/v1/orgs`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.once('error', reject);
      sent.end(gzipSync(`{"name":"${'x'.repeat(2_000_000)}"}`));
    });
    expect(status).toBe(413);
  });

  it('refuses what says itself that it is too large before it has arrived, whatever it is', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/plain', 'content-length': '99999999' };
      const sent = httpRequest(`${app.url}/api/v1/orgs`, { method: 'POST', headers }, (response) => {
        resolve(response.statusCode);
        sent.destroy();
      });
      sent.once('error', reject);
      sent.write('{');
    });
    expect(status).toBe(413);
  });

  it.each(['0x10', '1e1', '%205', '5.0', '-1', '', '201'])('refuses pageSize=%s', async (size) => {
    const answer = await call(`/api/v1/orgs?pageSize=${size}`);
    expect(answer).toMatchObject({ status: 400, json: { violations: [{ path: 'pageSize', expected: 'a whole number from 1 to 200' }] } });
  });

  it('says once what is wrong with a date', async () => {
    const { json } = await post(activities, { activityType: 'CALL', followUpAt: 'soon', caseId: 'x' });
    expect(json.violations.map(({ path, expected }) => `${path}: ${expected}`)).toEqual([
      'caseId: a UUID',
      'followUpAt: an instant as in RFC 3339, e.g. 2026-03-02T09:00:00.000Z',
    ]);
  });

  it('refuses an If-Match that is no ETag', async () => {
    const answer = await call(`/api/v1/orgs/${orgId}`, { method: 'PATCH', body: '{"name":"B"}', headers: { 'if-match': 'three' } });
    expect(answer).toMatchObject({ status: 400, json: { violations: [{ path: 'If-Match' }] } });
  });
});

describe('what goes out', () => {
  it('answers 503 with Retry-After while a service is away, and tells nothing inner', async () => {
    const answer = await call(`/api/v1/orgs/${orgId}`);
    expect(answer).toMatchObject({ status: 503, json: { code: 'UNAVAILABLE' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.stringify(answer.json)).not.toMatch(/127\.0\.0\.1|ECONN|grpc|at .*\.ts/i);
  });

  it('says who asked for what, and that nothing may be cached', async () => {
    const answer = await call('/api/v1/meta');
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('etag')).toBeNull();
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });

  it('shows every code with its labels in /meta', async () => {
    const { json } = await call('/api/v1/meta');
    expect(json.stages.find(({ stage }) => stage === 'QUALIFYING')?.label.de).toBe('In Qualifizierung');
    expect(json.queues).toHaveLength(5);
    expect(json.activityTypes.find(({ code }) => code === 'CALL')?.outcomes.length).toBe(7);
    expect(json.outputTypes.map(({ code }) => code)).toEqual(['document', 'information', 'decision', 'approval']);
    const year = new Date().getUTCFullYear();
    expect(json.business.holidayDates).toEqual(
      expect.arrayContaining([
        { date: `${year}-10-03`, label: { de: 'Tag der Deutschen Einheit', en: 'German Unity Day' } },
        { date: `${year + 1}-05-01`, label: { de: 'Tag der Arbeit', en: 'Labour Day' } },
      ]),
    );
  });

  it('documents /meta field by field, and answers nothing else', async () => {
    const { json } = await call('/api/v1/meta');
    const { components } = (await call('/api/v1/openapi.json')).json;
    expect(Object.keys(json).sort()).toEqual(Object.keys(components.schemas['Meta']?.properties ?? {}).sort());
  });

  it('lists the codes of the configuration in the documentation', async () => {
    const { components, paths } = (await call('/api/v1/openapi.json')).json;
    const { schemas } = components;
    expect(schemas['ActivityType']?.enum).toEqual(['CALL', 'EMAIL', 'MEETING', 'RESEARCH', 'NOTE']);
    expect(schemas['ActivityOutcome']?.enum).toContain('LEFT_VOICEMAIL');
    expect(schemas['Queue']?.enum).toHaveLength(5);
    expect(schemas['Stage']?.enum).toContain('SALES_ACCEPTED');
    expect(schemas['Reason']?.enum).toContain('LOST_PRICE');
    expect(schemas['ActivityInput']).toMatchObject({ required: ['activityType'], properties: { activityType: { $ref: '#/components/schemas/ActivityType' } } });
    const stages = paths['/orgs']?.get.parameters.find(({ name }) => name === 'stage');
    expect(stages).toMatchObject({ in: 'query', explode: false, schema: { type: 'array', items: { enum: schemas['Stage']?.enum } } });
  });

  it('documents exactly the routes that exist, with no foreign host', async () => {
    const { json: document } = await call('/api/v1/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/orgs/{orgId}/stage', '/my/claim-next', '/cases/{caseId}/close']));
    expect(document.paths['/orgs']?.post.requestBody.content['application/json']?.schema.required).toEqual(['name']);
    for (const path of ['/docs', '/docs/start.js', '/docs/events']) {
      const page = await fetch(`${app.url}${path}`);
      expect(page.status).toBe(200);
      expect(await page.text()).not.toMatch(/https?:\/\//);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  it('documents every event, for machines and for people', async () => {
    const { json } = await call('/api/v1/asyncapi.json', { headers: { authorization: '' } });
    expect(json).toMatchObject({ asyncapi: '3.0.0', channels: { 'tom.task.events.v1': { address: 'tom.task.events.v1' } } });
    const page = await (await fetch(`${app.url}/docs/events`)).text();
    expect(page).toContain('<h3 id="tom.task.v1.TaskClaimed">TaskClaimed</h3>');
    expect(page).toContain('<td><code>task.priority</code></td><td>always</td><td>LOW | NORMAL | HIGH | URGENT</td>');
  });

  it('lives and is ready by itself', async () => {
    expect((await fetch(`${app.url}/livez`)).status).toBe(200);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${app.url}/metrics`)).text()).toContain('process_cpu_seconds_total');
  });
});
