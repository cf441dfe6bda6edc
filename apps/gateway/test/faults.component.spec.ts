import { newId } from '@tom/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personToken, serveStage, startGateway } from './fixture.ts';

const SECRET = `select * from org where name = 'Geheim' -- at db-7.internal:5432, /srv/app/org-table.js`;
const INNER = /select|Geheim|db-7|5432|\/srv|127\.0\.0\.1|localhost|:\d{4,5}\b|node_modules|\.[jt]s\b|\bat \S+ \(|stack|ECONN|grpc|errno/i;

type Gateway = Awaited<ReturnType<typeof startGateway>>;
let stage: Awaited<ReturnType<typeof serveStage>>;
let gateway: Gateway;
let answer: () => Promise<unknown>;
beforeAll(async () => {
  stage = await serveStage(() => answer());
  gateway = await startGateway({ STAGE_SERVICE_ADDRESS: stage.address });
});
afterAll(async () => {
  await gateway.stop();
  await stage.stop();
});

const token = personToken('ida');
const orgId = newId();
const json = { 'content-type': 'application/json' };

async function refusalOf(path: string, given: Parameters<Gateway['ask']>[1] = {}) {
  const response = await gateway.ask(path, { token, ...given });
  const text = await response.text();
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  // The request's own path is its own business.
  const { instance: _own, ...body } = JSON.parse(text) as Record<string, unknown>;
  expect(JSON.stringify(body)).not.toMatch(INNER);
  for (const [name, value] of response.headers) if (name !== 'content-security-policy') expect(value).not.toMatch(/Geheim|127\.0\.0\.1/);
  return { status: response.status, code: body['code'], retryAfter: response.headers.get('retry-after') };
}

describe('nothing of the inside is told', () => {
  it('when a handler throws, of which the log tells all', async () => {
    answer = () => Promise.reject(Object.assign(new Error(SECRET), { detail: SECRET, cause: new Error(SECRET) }));
    expect(await refusalOf(`/api/v1/orgs/${orgId}`)).toEqual({ status: 500, code: 'INTERNAL', retryAfter: null });
    expect(gateway.lines.some((line) => line.includes('request failed') && line.includes('StageService'))).toBe(true);
    expect(gateway.lines.join('')).not.toContain('Geheim');
  });

  it('when an answer is none', async () => {
    answer = async () => ({ createdAt: 'not an instant', address: 7 });
    expect(await refusalOf(`/api/v1/orgs/${orgId}`)).toMatchObject({ code: 'INTERNAL' });
  });

  it('when a service does not answer in time', async () => {
    answer = () => new Promise(() => undefined);
    expect(await refusalOf(`/api/v1/orgs/${orgId}`)).toEqual({ status: 503, code: 'UNAVAILABLE', retryAfter: '2' });
  });

  it.each([
    ['/tasks', {}],
    ['/my/day', {}],
    ['/cases', {}],
    ['/queues', {}],
    [`/orgs/${orgId}/timeline`, {}],
    [`/orgs/${orgId}/activities`, { method: 'POST', body: '{"activityType":"CALL"}', headers: json }],
  ])('when a service is away: %s', async (path, given) => {
    expect(await refusalOf(`/api/v1${path}`, given)).toEqual({ status: 503, code: 'UNAVAILABLE', retryAfter: '2' });
  });

  it.each<[string, string, Parameters<Gateway['ask']>[1]]>([
    ['no JSON', `/orgs/${orgId}/activities`, { method: 'POST', body: '{"a":', headers: json }],
    ['a broken compression', `/orgs/${orgId}/activities`, { method: 'POST', body: 'x', headers: { ...json, 'content-encoding': 'gzip' } }],
    ['a charset that nobody knows', `/orgs/${orgId}/activities`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json; charset=x' } }],
    ['a body that is too large', `/orgs/${orgId}/activities`, { method: 'POST', body: `"${'x'.repeat(300_000)}"`, headers: json }],
    ['a path that cannot be decoded', '/orgs/%ff', {}],
    ['a token that is none', '/meta', { token: 'eyJhbGciOiJub25lIn0.e30.' }],
    ['a query that is not known', '/orgs?__proto__[x]=1', {}],
  ])('when a client sends %s', async (_what, path, given) => {
    const { status } = await refusalOf(`/api/v1${path}`, given);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});
