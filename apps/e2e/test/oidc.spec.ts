import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOidcIssuer, type OidcIssuer } from '@tom/runtime/testing/oidc-issuer';
import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';

// The whole system on an OpenID provider: people and services come from there alone, and no process has a key of ours.
interface Org { orgId: string; currentStage: string }

let issuer: OidcIssuer;
let stack: Stack;
let ida: Api;
beforeAll(async () => {
  issuer = await startOidcIssuer({
    audience: 'tom-flow',
    people: { ida: { name: 'Ida Brandt', roles: ['inside_sales'] } },
    systems: { 'tom-services': { roles: ['administrator'] }, robot: { roles: ['service'] } },
  });
  stack = await startStack({
    fast: true,
    demoData: false,
    environment: {
      OIDC_ISSUER: issuer.url,
      OIDC_AUDIENCE: 'tom-flow',
      OIDC_CLIENT_ID: 'tom-web',
      OIDC_SCOPE: 'openid tom',
      OIDC_SERVICE_CLIENTS: 'tom-services',
      SERVICE_OIDC_CLIENT_ID: 'tom-services',
      SERVICE_OIDC_CLIENT_SECRET: 'secret',
      SERVICE_OIDC_PARAMETERS: 'scope=tom',
    },
  });
  ida = api(stack.url, await issuer.personToken('ida'));
});
afterAll(async () => {
  await stack.stop();
  await issuer.stop();
});

const fetched = () => issuer.requests.filter((path) => path === '/token').length;
const logOf = (service: string) => readFileSync(join(stack.logs, `${service}.log`), 'utf8');
const stageOf = async (orgId: string) => (await ida.get<Org>(`/orgs/${orgId}`)).body.currentStage;
const qualifying = (orgId: string) => until('its stage', () => stageOf(orgId), (stage) => stage === 'QUALIFYING', 45_000);

/** A company, whose template opens a case and asks for the first stage: for that stage-service asks the others itself. */
async function company(name: string): Promise<string> {
  const { status, body } = await ida.post<Org>('/orgs', { name });
  expect(status).toBe(201);
  await until('its tasks', () => ida.get<{ items: unknown[] }>(`/tasks?orgId=${body.orgId}`), (answer) => answer.body.items.length === 6);
  return body.orgId;
}

describe('a system whose people and services come from an OpenID provider', () => {
  it('waits for the provider when a service needs its first token, and buries nothing meanwhile', async () => {
    // Every process has seen a person, and knows the provider's keys from now on.
    for (const path of ['/orgs', '/tasks', '/cases', '/users']) expect([path, (await ida.get(path)).status]).toEqual([path, 200]);
    expect(fetched()).toBe(1);
    await issuer.goAway();
    const orgId = await company('Während GmbH');
    await until('the wait', () => Promise.resolve(logOf('stage-service')), (log) => log.includes('no service token could be fetched'));
    expect(await stageOf(orgId)).toBe('UNVERIFIED');
    await issuer.comeBack();
    await qualifying(orgId);
    expect(fetched()).toBeGreaterThan(1);
    for (const { ops } of Object.values(stack.addresses).slice(0, 4)) {
      expect(await (await fetch(`http://${ops}/metrics`)).text()).toMatch(/^tom_dead_letters\S* 0$/m);
    }
  });

  it('serves a person whose work has consequences across the services', async () => {
    const orgId = await company('Danach GmbH');
    await qualifying(orgId);
    const followUpAt = new Date(Date.now() + 3_600_000).toISOString();
    const logged = await ida.post(`/orgs/${orgId}/activities`, { activityType: 'CALL', direction: 'OUTBOUND', followUpAt });
    expect(logged.status).toBe(201);
    await until('the call-back', () => ida.get<{ items: { taskType: string }[] }>(`/tasks?orgId=${orgId}`), ({ body }) => body.items.some(({ taskType }) => taskType === 'CALL_BACK'));
    // One token does for all that a service asks; the first was Ida's.
    expect(fetched()).toBeLessThanOrEqual(1 + 4);
  });

  it('has no key of its own anywhere', () => {
    const keys = join(stack.dataDir, 'keys');
    expect(existsSync(keys) ? readdirSync(keys) : []).toEqual([]);
  });

  it('lets no service in from outside, nor anybody who says that it is one, and has no demo users', async () => {
    for (const id of ['tom-services', 'robot']) {
      const system = api(stack.url, await issuer.systemToken(id));
      expect([id, (await system.get('/orgs')).status]).toEqual([id, id === 'robot' ? 403 : 401]);
    }
    expect((await ida.post('/dev/token', { user: 'ida' })).status).toBe(404);
  });
});
