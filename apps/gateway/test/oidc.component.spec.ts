import { startOidcIssuer, type OidcIssuer } from '@tom/runtime/testing/oidc-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personToken, serviceToken, startGateway } from './fixture.ts';

let issuer: OidcIssuer;
let gateway: Awaited<ReturnType<typeof startGateway>>;
beforeAll(async () => {
  issuer = await startOidcIssuer({
    audience: 'tom-flow',
    people: { ida: { roles: ['inside_sales'] } },
    systems: { erp: { roles: ['order_admin'] }, robot: { roles: ['service'] }, 'stage-service': {} },
  });
  gateway = await startGateway({ OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: 'tom-flow' });
});
afterAll(async () => {
  await gateway.stop();
  await issuer.stop();
});

const ask = async (token: string) => {
  const response = await gateway.ask('/api/v1/meta', { token });
  return { status: response.status, headers: response.headers, body: (await response.json()) as { code?: string; detail?: string } };
};

describe('with an OIDC issuer', () => {
  it('a person and another team’s system come in with its tokens', async () => {
    expect((await ask(await issuer.personToken('ida'))).status).toBe(200);
    expect((await ask(await issuer.systemToken('erp'))).status).toBe(200);
  });

  it('a service does not, nor a demo user, nor anybody whose token is not right', async () => {
    const claims = { iss: issuer.url, aud: 'tom-flow', preferred_username: 'ida', exp: Math.floor(Date.now() / 1000) + 60 };
    const tokens = [
      await issuer.systemToken('robot'),
      serviceToken('task-service'),
      personToken('ida'),
      issuer.sign({ ...claims, exp: claims.exp - 120 }),
      issuer.sign({ ...claims, exp: undefined }),
      issuer.sign({ ...claims, nbf: claims.exp }),
      issuer.sign({ ...claims, aud: 'other' }),
    ];
    for (const token of tokens) {
      const { status, headers, body } = await ask(token);
      expect({ status, code: body.code, challenge: headers.get('www-authenticate') }).toEqual({
        status: 401,
        code: 'UNAUTHENTICATED',
        challenge: 'Bearer',
      });
    }
  });

  it('a service does not either where its client alone tells that it is one, and the role tells nothing there', async () => {
    const listed = await startGateway({ OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: 'tom-flow', OIDC_SERVICE_CLIENTS: 'stage-service' });
    try {
      const statusFor = async (token: string) => (await listed.ask('/api/v1/meta', { token })).status;
      expect(await statusFor(await issuer.systemToken('stage-service'))).toBe(401);
      expect(await statusFor(await issuer.systemToken('robot'))).toBe(200);
    } finally {
      await listed.stop();
    }
  });

  it('its absence is 503 for a key that nobody knows, and goes unnoticed otherwise', async () => {
    const known = await issuer.personToken('ida');
    expect((await ask(known)).status).toBe(200);
    await issuer.goAway();
    expect((await ask(known)).status).toBe(200);
    const fresh = await startGateway({ OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: 'tom-flow' });
    try {
      const refused = await fresh.ask('/api/v1/meta', { token: known });
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('2');
      expect(JSON.stringify(await refused.json())).not.toMatch(/127\.0\.0\.1|well-known|fetch/);
    } finally {
      await fresh.stop();
    }
    await issuer.comeBack();
  });
});
