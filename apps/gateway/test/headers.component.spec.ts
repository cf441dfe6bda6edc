import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoUsers } from '../src/identity/demo-users.ts';
import { personToken, startGateway } from './fixture.ts';

type Gateway = Awaited<ReturnType<typeof startGateway>>;
let gateway: Gateway;
let behindProxy: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
  behindProxy = await startGateway({
    TRUSTED_PROXY_HOPS: '1',
    OIDC_ISSUER: 'https://id.example/realms/tom',
    OIDC_AUDIENCE: 'tom',
    OIDC_CLIENT_ID: 'tom-web',
    OIDC_SCOPE: 'openid profile tom',
  });
});
afterAll(() => Promise.all([gateway.stop(), behindProxy.stop()]));

const policyOf = (response: Response) =>
  Object.fromEntries(
    (response.headers.get('content-security-policy') ?? '').split(';').map((directive) => {
      const [name = '', ...values] = directive.trim().split(/\s+/);
      return [name, values.join(' ')];
    }),
  );

describe('what every answer says to a browser', () => {
  const token = personToken('ida');
  it.each<[string, number]>([
    ['/api/v1/meta', 200],
    ['/api/v1/sign-in', 200],
    ['/api/v1/nothing', 404],
    ['/api/v1/orgs', 503],
    ['/api/v1/openapi.json', 200],
    ['/docs', 200],
    ['/', 404],
    ['/livez', 200],
    ['/metrics', 200],
  ])('%s', async (path, status) => {
    const response = await gateway.ask(path, { token });
    expect(response.status).toBe(status);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    for (const absent of ['server', 'x-powered-by', 'strict-transport-security', 'access-control-allow-origin', 'etag']) {
      expect(headers[absent]).toBeUndefined();
    }
    expect(policyOf(response)).toMatchObject({ 'default-src': "'none'", 'frame-ancestors': "'none'", 'base-uri': "'none'" });
  });

  it('lets an answer of the API load, run and frame nothing', async () => {
    expect(policyOf(await gateway.ask('/api/v1/meta', { token }))).toEqual({
      'default-src': "'none'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
    });
  });

  it('lets the UI run its own scripts only, style freely, and speak to us and the issuer', async () => {
    const policy = policyOf(await behindProxy.ask('/companies/1'));
    expect(policy).toMatchObject({ 'script-src': "'self'", 'style-src': "'self' 'unsafe-inline'", 'connect-src': "'self' https://id.example" });
    expect(policyOf(await gateway.ask('/'))['connect-src']).toBe("'self'");
  });

  it('asks for TLS for a year once a trusted proxy says that it was TLS', async () => {
    const hsts = async (from: Gateway) =>
      (await from.ask('/api/v1/sign-in', { headers: { 'x-forwarded-proto': 'https' } })).headers.get('strict-transport-security');
    expect(await hsts(behindProxy)).toBe('max-age=31536000; includeSubDomains');
    expect(await hsts(gateway)).toBeNull();
  });
});

describe('a page of another origin', () => {
  it('is given no leave, neither in advance nor with the answer', async () => {
    const origin = 'https://elsewhere.example';
    const preflight = await gateway.ask('/api/v1/orgs', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
    expect(preflight.status).toBe(401);
    const answer = await gateway.ask('/api/v1/meta', { token: personToken('ida'), headers: { origin } });
    for (const { headers } of [preflight, answer]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});

describe('how people sign in', () => {
  it('is told before anybody has: as demo users, at an issuer, or not at all', async () => {
    const closed = await startGateway({ DEMO_KEY_FILE: '' });
    try {
      const [demo, oidc, none] = await Promise.all(
        [gateway, behindProxy, closed].map(async (from) => (await from.ask('/api/v1/sign-in')).json() as Promise<unknown>),
      );
      expect(demo).toEqual({ kind: 'demo', users: demoUsers.map((user) => ({ ...user, label: expect.objectContaining({ de: expect.any(String) as string }) as object })) });
      expect(demoUsers.map(({ id }) => id)).toEqual(['ida', 'ingo', 'olga', 'otto', 'cora', 'anna', 'mia', 'root']);
      const issuer = 'https://id.example/realms/tom';
      expect(oidc).toEqual({ kind: 'oidc', issuer, clientId: 'tom-web', scope: 'openid profile tom', audience: 'tom' });
      expect(none).toEqual({ kind: 'none' });
    } finally {
      await closed.stop();
    }
  });

  it('stands in the OpenAPI document as open, like the demo sign-in, which is gone with an issuer', async () => {
    const openRoutes = async (from: Gateway) => {
      const { paths } = (await (await from.ask('/api/v1/openapi.json')).json()) as { paths: Record<string, Record<string, { security?: unknown }>> };
      return Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).flatMap(([method, { security }]) => (security ? [] : [`${method} ${path}`])),
      );
    };
    expect((await openRoutes(gateway)).sort()).toEqual(['get /sign-in', 'post /dev/token']);
    expect(await openRoutes(behindProxy)).toEqual(['get /sign-in']);
    expect((await behindProxy.ask('/api/v1/dev/token', { method: 'POST' })).status).toBe(401);
  });
});
