import { createHmac } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOidcIssuer, type OidcIssuer } from './oidc-issuer-testing.ts';
import { createTokenVerifier } from './token-verifier.ts';

const MINUTE = 60_000;
let issuer: OidcIssuer;
let later: number;
const clock = { now: () => new Date(Date.now() + later) };

beforeEach(async () => {
  later = 0;
  issuer = await startOidcIssuer({
    audience: 'tom-flow',
    people: { 'ida@example.org': { name: 'Ida', roles: ['inside_sales'], realm_access: { roles: ['ops'] } } },
    systems: { erp: { roles: ['order_admin'] }, 'task-service': { roles: ['service'] } },
  });
});
afterEach(() => issuer.stop());

const verifierOf = (more: object = {}) =>
  createTokenVerifier({ oidcIssuer: issuer.url, oidcAudience: 'tom-flow', clock, ...more });
const nowSeconds = () => Math.floor(clock.now().getTime() / 1000);
const claims = (more: object = {}) => ({
  iss: issuer.url,
  aud: 'tom-flow',
  exp: nowSeconds() + 60,
  preferred_username: 'ida@example.org',
  ...more,
});
const refusal = (verifier: ReturnType<typeof verifierOf>, token: string) =>
  verifier.verify(token).then(
    () => 'accepted',
    (error: unknown) => `${(error as { code: string }).code}: ${(error as Error).message}`,
  );
const NO_KEY = 'UNAUTHENTICATED: The token is not signed by a trusted key.';
const AWAY = 'UNAVAILABLE: The sign-in service cannot be reached at the moment.';

describe('tokens that an OpenID provider issued', () => {
  it('name the person who signed in with a code and PKCE', async () => {
    const token = await issuer.personToken('ida@example.org');
    const person = { kind: 'user', actor: 'user:ida@example.org', name: 'Ida', roles: ['inside_sales'], token };
    expect(await verifierOf().verify(token)).toEqual({ ...person, id: 'ida@example.org' });
  });

  it("name another team's system that came with its own credentials, and one of ours for a service", async () => {
    const verifier = verifierOf();
    const erp = await verifier.verify(await issuer.systemToken('erp'));
    expect(erp).toMatchObject({ kind: 'client', actor: 'client:erp', roles: ['order_admin'] });
    const service = await verifier.verify(await issuer.systemToken('task-service'));
    expect(service).toMatchObject({ kind: 'service', actor: 'service:task-service' });
  });

  it('take the id and the roles from the claims that are configured', async () => {
    const verifier = verifierOf({ userClaim: 'sub', rolesClaim: 'realm_access.roles' });
    const person = await verifier.verify(await issuer.personToken('ida@example.org'));
    expect(person).toMatchObject({ id: 'ida@example.org', roles: ['ops'] });
  });
});

describe('a token that is refused', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const bare = (header: object, payload: object) => `${part(header)}.${part(payload)}`;

  it.each<[string, () => string, string]>([
    ['expired', () => issuer.sign(claims({ exp: nowSeconds() - 6 })), 'The token has expired.'],
    ['not valid yet', () => issuer.sign(claims({ nbf: nowSeconds() + 30 })), 'The token is not valid yet.'],
    ['without an end', () => issuer.sign(claims({ exp: undefined })), "The token has no 'exp'."],
    ['for another audience', () => issuer.sign(claims({ aud: 'other' })), 'The token is meant for another audience.'],
    ['for no audience', () => issuer.sign(claims({ aud: undefined })), "The token has no 'aud'."],
    ['of another issuer', () => issuer.sign(claims({ iss: `${issuer.url}/` })), 'The token comes from an issuer that is not trusted.'],
    ['unsigned', () => `${bare({ alg: 'none' }, claims())}.`, "The token is signed with 'none'; allowed are EdDSA, ES256, ES384, PS256, RS256."],
  ])('is %s', async (_what, token, message) => {
    expect(await refusal(verifierOf(), token())).toBe(`UNAUTHENTICATED: ${message}`);
  });

  it('takes the public key for an HMAC secret', async () => {
    const { kid } = JSON.parse(Buffer.from(issuer.sign({}).split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    const text = bare({ alg: 'HS256', kid }, claims());
    const forged = `${text}.${createHmac('sha256', issuer.publicKeyPem()).update(text).digest('base64url')}`;
    expect(await refusal(verifierOf(), forged)).toMatch(/^UNAUTHENTICATED: The token is signed with 'HS256'/);
  });

  it('was changed, or comes from another provider with the same name', async () => {
    const token = await issuer.personToken('ida@example.org');
    const [header = '', , signature = ''] = token.split('.');
    const promoted = `${header}.${part({ ...decodeJwt(token), roles: ['administrator'] })}.${signature}`;
    const verifier = verifierOf();
    expect(await refusal(verifier, promoted)).toBe("UNAUTHENTICATED: The token's signature is not valid.");
    const impostor = await startOidcIssuer({ audience: 'tom-flow', people: {}, systems: {} });
    try {
      expect(await refusal(verifier, impostor.sign(claims()))).toBe(NO_KEY);
    } finally {
      await impostor.stop();
    }
  });

  it('is a little late or early by a clock that differs less than the tolerance', async () => {
    const [late, early] = [issuer.sign(claims({ exp: nowSeconds() - 20 })), issuer.sign(claims({ nbf: nowSeconds() + 20 }))];
    const tolerant = verifierOf({ clockToleranceSeconds: 30 });
    expect([await refusal(tolerant, late), await refusal(tolerant, early)]).toEqual(['accepted', 'accepted']);
    const strict = verifierOf({ clockToleranceSeconds: 0 });
    expect(await refusal(strict, issuer.sign(claims({ exp: nowSeconds() - 1 })))).toBe('UNAUTHENTICATED: The token has expired.');
  });
});

describe('a provider that changes its keys', () => {
  it('is followed while everything runs, and a withdrawn key ends', async () => {
    const verifier = verifierOf();
    const before = await issuer.personToken('ida@example.org');
    expect(await refusal(verifier, before)).toBe('accepted');
    issuer.rotate();
    later = MINUTE;
    const after = await issuer.personToken('ida@example.org');
    expect([await refusal(verifier, after), await refusal(verifier, before)]).toEqual(['accepted', 'accepted']);
    issuer.rotate({ withdrawOld: true });
    // Nobody shows a new key; the age of the set alone makes it be asked for again.
    later = 12 * MINUTE;
    expect([await refusal(verifier, after), await refusal(verifier, before)]).toEqual([NO_KEY, NO_KEY]);
  });

  it('is not asked again for every forged token', async () => {
    const verifier = verifierOf();
    await verifier.verify(await issuer.personToken('ida@example.org'));
    issuer.requests.length = 0;
    const impostor = await startOidcIssuer({ audience: 'tom-flow', people: {}, systems: {} });
    try {
      later = MINUTE;
      const forged = Array.from({ length: 50 }, (_none, n) => impostor.sign(claims({ n })));
      expect(new Set(await Promise.all(forged.map((token) => refusal(verifier, token))))).toEqual(new Set([NO_KEY]));
      expect(issuer.requests).toEqual(['/jwks']);
    } finally {
      await impostor.stop();
    }
  });
});

describe('a provider that is away', () => {
  it('leaves those in whose key is known, also long after the keys were fetched', async () => {
    const verifier = verifierOf();
    expect(await refusal(verifier, issuer.sign(claims()))).toBe('accepted');
    await issuer.goAway();
    for (const minutes of [1, 11, 60, 11 * 60]) {
      later = minutes * MINUTE;
      expect(await refusal(verifier, issuer.sign(claims()))).toBe('accepted');
    }
    later = 13 * 60 * MINUTE;
    expect(await refusal(verifier, issuer.sign(claims()))).toBe(AWAY);
    await issuer.comeBack();
    later += MINUTE;
    expect(await refusal(verifier, issuer.sign(claims()))).toBe('accepted');
  });

  it('makes a key that is not known UNAVAILABLE, for only the provider could tell, and learns it afterwards', async () => {
    const verifier = verifierOf();
    expect(await refusal(verifier, issuer.sign(claims()))).toBe('accepted');
    issuer.rotate();
    await issuer.goAway();
    later = MINUTE;
    const unknown = issuer.sign(claims());
    expect([await refusal(verifier, unknown), await refusal(verifier, unknown)]).toEqual([AWAY, AWAY]);
    await issuer.comeBack();
    later = 2 * MINUTE;
    expect(await refusal(verifier, unknown)).toBe('accepted');
  });

  it('makes everything UNAVAILABLE when it was never seen, and each attempt asks again', async () => {
    const verifier = verifierOf();
    await issuer.goAway();
    const token = issuer.sign(claims());
    expect(await refusal(verifier, token)).toBe(AWAY);
    await issuer.comeBack();
    expect(await refusal(verifier, token)).toBe('accepted');
  });
});
