import { newId, systemClock as clock } from '@tom/kernel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serviceCall, type CallContext } from './call-context.ts';
import { createLogger } from './logger.ts';
import { startOidcIssuer, type OidcIssuer } from './oidc-issuer-testing.ts';
import { createOidcServiceTokens, type OidcClient } from './oidc-service-tokens.ts';
import { answerOf, failureOf, startFixture } from './rpc-fixture.ts';
import type { ServiceTokens } from './service-tokens.ts';
import { createTokenVerifier } from './token-verifier.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const LIFETIME = 30 * MINUTE;

let begin: number;
let issuer: OidcIssuer;
let fixture: ReturnType<typeof startFixture>;
let lines: string[];

beforeEach(async () => {
  begin = Date.now();
  // The provider lives in this process: its clock is ours.
  vi.useFakeTimers({ toFake: ['Date'], now: begin });
  lines = [];
  fixture = startFixture();
  issuer = await startOidcIssuer({
    audience: 'tom-flow',
    people: { 'task-service': { roles: ['service'] } },
    systems: { 'stage-service': {}, 'task-service': {}, erp: { roles: ['service'] } },
    secretInBody: ['task-service'],
    lifetimeSeconds: LIFETIME / SECOND,
  });
});
afterEach(async () => {
  await fixture.close();
  await issuer.stop();
  vi.useRealTimers();
});

/** Sets the clock to so many ms after the beginning. */
const at = (ms: number) => vi.setSystemTime(begin + ms);

const clientOf = (service: string, more: Partial<OidcClient> = {}): OidcClient => ({
  issuer: issuer.url,
  audience: 'tom-flow',
  clientId: service,
  clientSecret: 'secret',
  parameters: { scope: 'tom' },
  ...more,
});
const tokensOf = (service: string, more: Partial<OidcClient> = {}) => {
  const logger = createLogger({ service: 'test', destination: { write: (line: string) => void lines.push(line) } });
  return createOidcServiceTokens(clientOf(service, more), { service, clock, logger });
};
const verifierOf = (more: object = {}) =>
  createTokenVerifier({
    oidcIssuer: issuer.url,
    oidcAudience: 'tom-flow',
    serviceClients: ['stage-service', 'task-service'],
    clock,
    ...more,
  });
const fetches = () => issuer.requests.filter((path) => path === '/token').length;
const AWAY = { code: 'UNAVAILABLE', message: 'Services cannot sign in at the moment.' };

/** A service that is called: who called it, and how. */
async function called(verifier = verifierOf()) {
  const seen: CallContext[] = [];
  const server = await fixture.serve(
    async (request, call) => {
      seen.push(call);
      return answerOf(request);
    },
    { verifier },
  );
  const by = (serviceTokens: ServiceTokens) => {
    const client = fixture.connect(server.address, { serviceTokens });
    return () => client.echo({ text: '' }, { correlationId: newId() });
  };
  return { seen, by, address: server.address };
}

describe('services with credentials at an OpenID provider', () => {
  it('talk to each other, each by its own name, however the provider is told the secret', async () => {
    const [stage, task] = [await called(), await called()];
    await task.by(tokensOf('stage-service'))();
    await stage.by(tokensOf('task-service', { authMethod: 'client_secret_post' }))();
    expect(task.seen[0]?.caller).toMatchObject({ kind: 'service', actor: 'service:stage-service', roles: ['service'] });
    expect(stage.seen[0]?.caller).toMatchObject({ kind: 'service', actor: 'service:task-service', roles: ['service'] });
  });

  it('ask for one token, however many calls begin at once', async () => {
    const stage = tokensOf('stage-service');
    const tokens = await Promise.all(Array.from({ length: 20 }, () => stage.token()));
    expect(new Set(tokens).size).toBe(1);
    expect(fetches()).toBe(1);
  });

  it('are the only ones: neither another client of role service nor a person comes in for one of them', async () => {
    const verifier = verifierOf();
    const erp = await verifier.verify(await issuer.systemToken('erp'));
    expect(erp).toMatchObject({ kind: 'client', actor: 'client:erp', roles: [] });
    const person = await verifier.verify(await issuer.personToken('task-service'));
    expect(person).toMatchObject({ kind: 'user', actor: 'user:task-service', roles: [] });
  });
});

describe('a token that comes to its end', () => {
  it('is renewed before, while calls go on with it', async () => {
    const stage = tokensOf('stage-service');
    const first = await stage.token();
    at(LIFETIME - 6 * MINUTE);
    expect(await stage.token()).toBe(first);
    expect(fetches()).toBe(1);
    at(LIFETIME - 5 * MINUTE);
    expect(await Promise.all([stage.token(), stage.token()])).toEqual([first, first]);
    await expect.poll(() => stage.token()).not.toBe(first);
    expect(fetches()).toBe(2);
  });

  it('is not used in its last moments', async () => {
    const stage = tokensOf('stage-service');
    const first = await stage.token();
    at(LIFETIME - 5 * SECOND);
    expect(await stage.token()).not.toBe(first);
  });

  it('is fetched anew when the clock was set back', async () => {
    const stage = tokensOf('stage-service');
    const first = await stage.token();
    at(-MINUTE);
    expect(await stage.token()).not.toBe(first);
  });
});

describe('an issuer that is away', () => {
  it('goes unnoticed while the token lasts; then calls are UNAVAILABLE until it is back', async () => {
    const { by, seen } = await called();
    const call = by(tokensOf('stage-service'));
    await call();
    await issuer.goAway();
    at(LIFETIME - MINUTE);
    await call();
    expect(seen).toHaveLength(2);
    at(LIFETIME);
    expect(await failureOf(call())).toMatchObject(AWAY);
    await issuer.comeBack();
    // Not asked again yet: it was asked a moment ago.
    expect(await failureOf(call())).toMatchObject(AWAY);
    at(LIFETIME + MINUTE);
    await call();
    expect(seen).toHaveLength(3);
    expect(lines.join()).toContain('the issuer gives service tokens again');
  });

  it('may be away from the start', async () => {
    await issuer.goAway();
    const stage = tokensOf('stage-service');
    expect(await failureOf(stage.token())).toMatchObject(AWAY);
    await issuer.comeBack();
    at(MINUTE);
    expect(await verifierOf().verify(await stage.token())).toMatchObject({ id: 'stage-service' });
  });
});

describe('an issuer that refuses us', () => {
  it('is asked ever more seldom, and the log says why without the secret', async () => {
    const stage = tokensOf('stage-service', { clientSecret: 'not-it-at-all' });
    const asked: number[] = [];
    for (const ms of [0, 500, 1_000, 2_000, 3_000, 6_000, 7_000, 60_000, 75_000, 76_000, 105_000, 106_000]) {
      at(ms);
      expect(await failureOf(stage.token())).toMatchObject(AWAY);
      asked.push(fetches());
    }
    expect(asked).toEqual([1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6, 7]);
    expect(lines.join()).toContain('invalid_client');
    expect(lines.join()).not.toMatch(/not-it-at-all|eyJ/);
  });
});

describe('a token that the others do not take', () => {
  it('whose key was withdrawn is replaced by the next call, and what failed may be tried again', async () => {
    const { by, seen } = await called();
    const call = by(tokensOf('stage-service'));
    await call();
    issuer.rotate({ withdrawOld: true });
    at(12 * MINUTE);
    expect(await failureOf(call())).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('does not accept stage-service') as string });
    await call();
    expect(seen).toHaveLength(2);
    expect(fetches()).toBe(2);
  });

  it('is replaced as well when a handler asked for it', async () => {
    const { address, seen } = await called();
    const tokens = tokensOf('stage-service');
    const client = fixture.connect(address);
    const call = async () => client.echo({ text: '' }, await serviceCall(tokens, { correlationId: newId() }));
    await call();
    issuer.rotate({ withdrawOld: true });
    at(12 * MINUTE);
    expect(await failureOf(call())).toMatchObject({ code: 'UNAVAILABLE' });
    await call();
    expect(seen).toHaveLength(2);
  });

  it('although it is new, is not asked for in a row', async () => {
    const { by } = await called(verifierOf({ oidcAudience: 'somebody-else' }));
    const call = by(tokensOf('stage-service'));
    const asked: number[] = [];
    for (const ms of [0, 0, 1_000, 1_500, 3_000, 3_500, 7_000]) {
      at(ms);
      expect(await failureOf(call())).toMatchObject({ code: 'UNAVAILABLE' });
      asked.push(fetches());
    }
    expect(asked).toEqual([1, 1, 2, 2, 3, 3, 4]);
  });

  it('for another audience is not even sent', async () => {
    const stage = tokensOf('stage-service', { parameters: { scope: 'tom', resource: 'urn:another:api' } });
    expect(await failureOf(stage.token())).toMatchObject(AWAY);
    expect(lines.join()).toContain('token is for urn:another:api, not for tom-flow');
    const sent = await issuer.systemToken('stage-service', 'urn:another:api');
    expect(await failureOf(verifierOf().verify(sent))).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'The token is meant for another audience.',
    });
  });
});
