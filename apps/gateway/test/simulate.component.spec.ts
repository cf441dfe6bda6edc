import { once } from 'node:events';
import { request } from 'node:http';
import { WorkflowServiceService, type SimulateTemplatesResponse } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { DomainError, newId, systemClock } from '@tom/kernel';
import { createTokenVerifier, type CallContext } from '@tom/runtime';
import { makeTestIdentity } from '@tom/runtime/testing';
import { other, serveOthers } from '@tom/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from './fixture.ts';

const identity = makeTestIdentity();
const token = identity.userToken('root', ['administrator']);
const orgId = newId();
let simulate: (request: unknown, call: CallContext) => AsyncIterable<SimulateTemplatesResponse>;
let workflow: Awaited<ReturnType<typeof serveOthers>>;
let gateway: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  workflow = await serveOthers(createTokenVerifier({ clock: systemClock, trustedKeysFile: identity.trustedKeysFile }), [
    other(WorkflowServiceService, { simulateTemplates: (asked, call) => simulate(asked, call) }),
  ]);
  gateway = await startGateway({ WORKFLOW_SERVICE_ADDRESS: workflow.address, TRUSTED_KEYS_FILE: identity.trustedKeysFile });
});
afterAll(async () => {
  await gateway.stop();
  await workflow.stop();
  identity.cleanup();
});

const count = { before: 1, after: 2 };
const side = { stage: 'QUALIFYING', cases: [], tasks: [{ taskType: 'GENERAL' }], transitions: [] };
const result = {
  events: 10,
  orgs: 2,
  changedOrgs: 1,
  totals: { cases: count, tasks: count, transitions: count },
  differences: [
    {
      orgId,
      name: 'Muster GmbH',
      because: {
        eventId: newId(),
        event: 'OrgStageChanged',
        at: '2026-03-02T08:00:00.000Z',
        template: 'qualify_company',
        version: 2,
        rule: 'start',
        text: { de: 'Ab da.', en: 'From there on.' },
      },
      before: side,
      after: { ...side, stage: 'DORMANT' },
    },
  ],
};
const progress = { events: 5, total: 10, orgs: 1 };
async function* steps(): AsyncGenerator<SimulateTemplatesResponse> {
  yield { progress, result: undefined };
  yield { progress: undefined, result };
}

const ask = (body: unknown, headers: Record<string, string> = {}) =>
  gateway.ask('/api/v1/workflows/simulate', {
    token,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('POST /workflows/simulate', () => {
  it('answers the result at the end', async () => {
    let seen: unknown;
    simulate = (asked) => {
      seen = asked;
      return steps();
    };
    const response = await ask({ template: 'key: x', since: '2026-01-01T00:00:00+01:00', orgIds: [orgId.toUpperCase()] });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual(result);
    expect(seen).toEqual({ template: 'key: x', stages: undefined, since: '2025-12-31T23:00:00.000Z', orgIds: [orgId], examples: 0 });
  });

  it('tells how far it is to who accepts events, and last the result', async () => {
    simulate = () => steps();
    const response = await ask({}, { accept: 'text/event-stream' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await response.text()).toBe(`event: progress\ndata: ${JSON.stringify(progress)}\n\nevent: result\ndata: ${JSON.stringify(result)}\n\n`);
  });

  it.each(['application/json', 'text/event-stream'])('refuses as everywhere before anything was told, with %s', async (accept) => {
    simulate = async function* () {
      yield* [];
      throw new DomainError('TOO_MANY_REQUESTS', 'Two run already.', { retryAfterSeconds: 10 });
    };
    const response = await ask({}, { accept });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('10');
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  });

  it('tells what goes wrong afterwards as an event', async () => {
    simulate = async function* () {
      yield { progress, result: undefined };
      throw new DomainError('UNAVAILABLE', 'The database is away.');
    };
    const text = await (await ask({}, { accept: 'text/event-stream' })).text();
    expect(text).toMatch(/\n\nevent: problem\ndata: \{.*"status":503.*"code":"UNAVAILABLE"\}\n\n$/);
  });

  it.each(['application/json', 'text/event-stream'])('is cancelled when the client goes, with %s', async (accept) => {
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    let over: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (over = resolve));
    simulate = async function* (_asked, call) {
      try {
        yield { progress, result: undefined };
        begun();
        await once(call.signal as AbortSignal, 'abort');
      } finally {
        over();
      }
    };
    const going = request(`${gateway.url}/api/v1/workflows/simulate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept },
    });
    going.on('error', () => undefined);
    going.end('{}');
    await running;
    going.destroy();
    await ended;
  });

  it.each([
    [{ templates: 'x' }, 'templates'],
    [{ template: 7 }, 'template'],
    [{ since: 'yesterday' }, 'since'],
    [{ orgIds: ['x'] }, 'orgIds[0]'],
  ])('refuses %j, naming the field', async (body, path) => {
    const response = await ask(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'INVALID', violations: [{ path }] });
  });

  it('is documented with both answers', async () => {
    const document = (await (await gateway.ask('/api/v1/openapi.json')).json()) as { paths: Record<string, { post: { responses: Record<string, { content: object }> } }> };
    const operation = document.paths['/workflows/simulate']?.post;
    expect(Object.keys(operation?.responses['200']?.content ?? {})).toEqual(['application/json', 'text/event-stream']);
  });
});
