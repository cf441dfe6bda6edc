import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError, systemClock } from '@tom/kernel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeTestIdentity } from './testing.ts';
import { createTokenVerifier } from './token-verifier.ts';

interface Key {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: object;
}

function rsaKey(kid: string): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid, privateKey, publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } };
}

function signed(key: Key, claims: object): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: key.kid, typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key.privateKey).toString('base64url')}`;
}

const first = rsaKey('first');
const second = rsaKey('second');
let published: Key[];
let claimedIssuer: string | undefined;
let requests: string[];
let server: Server;
let issuer: string;

beforeEach(async () => {
  published = [first];
  claimedIssuer = undefined;
  requests = [];
  server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.setHeader('content-type', 'application/json');
    if (request.url === '/realm/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer: claimedIssuer ?? issuer, jwks_uri: `${issuer}/keys` }));
    } else {
      response.end(JSON.stringify({ keys: published.map((key) => key.publicJwk) }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realm`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const claimsOf = (more: object) => ({
  iss: issuer,
  aud: ['account', 'tom'],
  exp: Math.floor(Date.now() / 1000) + 60,
  ...more,
});
const verifierOf = (more: object = {}) =>
  createTokenVerifier({ oidcIssuer: issuer, oidcAudience: 'tom', clock: systemClock, ...more });

describe('trust in an OIDC issuer', () => {
  it('finds its keys by discovery, once, and names the person by the configured claims', async () => {
    const verifier = verifierOf({ userClaim: 'email', rolesClaim: 'realm_access.roles' });
    const token = signed(first, claimsOf({ email: 'ida@example.org', realm_access: { roles: ['ops', 'service'] } }));
    expect(await verifier.verify(token)).toMatchObject({ actor: 'user:ida@example.org', kind: 'user', roles: ['ops'] });
    await verifier.verify(signed(first, claimsOf({ email: 'otto' })));
    expect(requests).toEqual(['/realm/.well-known/openid-configuration', '/realm/keys']);
  });

  it('finds the person in a nested claim', async () => {
    const token = signed(first, claimsOf({ person: { login: 'ida' } }));
    expect(await verifierOf({ userClaim: 'person.login' }).verify(token)).toMatchObject({ actor: 'user:ida' });
  });

  it("takes another team's system for a client, and one of role service for a service", async () => {
    const verifier = verifierOf();
    const client = signed(first, claimsOf({ azp: 'erp', roles: ['reader'] }));
    expect(await verifier.verify(client)).toMatchObject({ actor: 'client:erp', kind: 'client', roles: ['reader'] });
    const service = signed(first, claimsOf({ client_id: 'task-service', roles: ['service'] }));
    expect(await verifier.verify(service)).toMatchObject({ actor: 'service:task-service', kind: 'service' });
  });

  const keycloak = { azp: 'Stage-Service', sub: 'e0b1', preferred_username: 'service-account-stage-service', roles: ['service'] };
  const others: readonly [string, object, string | undefined, string][] = [
    ['without a name', { client_id: 'stage-service' }, undefined, 'service:stage-service'],
    ['that is its own subject', { client_id: 'stage-service', sub: 'stage-service' }, 'sub', 'service:stage-service'],
    ["as Keycloak's account of it", { ...keycloak }, undefined, 'service:Stage-Service'],
    ["as Keycloak's account of it, by its number", { ...keycloak }, 'sub', 'service:Stage-Service'],
    ['of role service, but not named', { client_id: 'erp', roles: ['service'] }, undefined, 'client:erp'],
    ['through which a person signed in', { azp: 'stage-service', sub: '7', preferred_username: 'ida', roles: ['service'] }, undefined, 'user:ida'],
    ['with the name of another account', { ...keycloak, azp: 'tom-web' }, undefined, 'user:service-account-stage-service'],
  ];
  it.each(others)('knows its services by their clients: one %s', async (_what, claims, userClaim, actor) => {
    const verifier = verifierOf({ serviceClients: ['stage-service', 'Stage-Service'], ...(userClaim ? { userClaim } : {}) });
    const found = await verifier.verify(signed(first, claimsOf(claims)));
    expect([found.actor, found.roles]).toEqual([actor, actor.startsWith('service:') ? ['service'] : []]);
  });

  it('takes nobody who is named for a service by the role alone', async () => {
    const named = { sub: 'ida', preferred_username: 'ida', client_id: 'ida', roles: ['service', 'ops'] };
    expect(await verifierOf().verify(signed(first, claimsOf(named)))).toMatchObject({ kind: 'client', roles: ['ops'] });
  });

  it.each([
    ['another audience', { preferred_username: 'ida', aud: 'other' }, 'The token is meant for another audience.'],
    ['no expiry', { preferred_username: 'ida', exp: undefined }, "The token has no 'exp'."],
    ['nobody named', {}, "The token has no 'preferred_username'."],
  ])('refuses a token with %s', async (_what, more, message) => {
    await expect(verifierOf().verify(signed(first, claimsOf(more)))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message,
    });
  });

  it('refuses a key that the issuer does not have', async () => {
    const token = signed(second, claimsOf({ preferred_username: 'ida' }));
    await expect(verifierOf().verify(token)).rejects.toMatchObject({
      message: 'The token is not signed by a trusted key.',
    });
  });

  it('learns a new key, and then forgets the tokens of a withdrawn one although they were cached', async () => {
    const verifier = verifierOf();
    const [old, fresh] = [first, second].map((key) =>
      signed(key, claimsOf({ preferred_username: 'ida', exp: 4e9 })),
    ) as [string, string];
    await verifier.verify(old);
    published = [second];
    expect(await verifier.verify(old)).toMatchObject({ id: 'ida' });
    // Unknown keys make the issuer be asked again, but not more often than every 30 s.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    try {
      expect(await verifier.verify(fresh)).toMatchObject({ id: 'ida' });
      await expect(verifier.verify(old)).rejects.toMatchObject({
        message: 'The token is not signed by a trusted key.',
      });
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes services from the file of trusted keys, but no demo people any more', async () => {
    const identity = makeTestIdentity();
    try {
      const verifier = verifierOf({ trustedKeysFile: identity.trustedKeysFile });
      expect(await verifier.verify(identity.serviceToken('task-service'))).toMatchObject({ kind: 'service' });
      await expect(verifier.verify(identity.userToken('ida', ['ops']))).rejects.toMatchObject({
        message: 'The token comes from an issuer that is not trusted.',
      });
    } finally {
      identity.cleanup();
    }
  });

  it('says UNAVAILABLE, not UNAUTHENTICATED, while the issuer is away, and recovers by itself', async () => {
    const { port } = server.address() as AddressInfo;
    const verifier = verifierOf();
    const token = signed(first, claimsOf({ preferred_username: 'ida' }));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const failure = await verifier.verify(token).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DomainError);
    expect(failure).toMatchObject({ code: 'UNAVAILABLE' });
    expect((failure as DomainError).message).not.toContain('127.0.0.1');
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await verifier.verify(token)).toMatchObject({ id: 'ida' });
  });

  it('does not believe a discovery that speaks for another issuer', async () => {
    claimedIssuer = 'https://other.example';
    const token = signed(first, claimsOf({ preferred_username: 'ida' }));
    await expect(verifierOf().verify(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('needs an audience', () => {
    expect(() => verifierOf({ oidcAudience: undefined })).toThrow('needs an audience');
  });
});
