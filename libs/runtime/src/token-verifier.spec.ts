import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { DomainError } from '@tom/kernel';
import { manualClock } from '@tom/kernel/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createServiceTokens } from './service-tokens.ts';
import { makeSigningKey, type PrivateKeyJwk, type PublicKeyJwk } from './signing-key.ts';
import { StartError } from './start-error.ts';
import { makeTestIdentity, signCompact, type TestIdentity } from './testing.ts';
import { createTokenSigner } from './token-signer.ts';
import { createTokenVerifier, type TokenVerifier } from './token-verifier.ts';

const START = '2026-03-02T08:00:00.000Z';
const nowSeconds = Date.parse(START) / 1000;

let clock: ReturnType<typeof manualClock>;
let identity: TestIdentity;
let verifier: TokenVerifier;

beforeEach(() => {
  clock = manualClock(START);
  identity = makeTestIdentity({ clock });
  verifier = createTokenVerifier({ trustedKeysFile: identity.trustedKeysFile, clock });
});
afterEach(() => identity.cleanup());

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const demoKey = () => JSON.parse(readFileSync(identity.demoKeyFile, 'utf8')) as PrivateKeyJwk;
const trusted = () => (JSON.parse(readFileSync(identity.trustedKeysFile, 'utf8')) as { keys: PublicKeyJwk[] }).keys;
const trust = (keys: readonly PublicKeyJwk[]) => writeFileSync(identity.trustedKeysFile, JSON.stringify({ keys }));

/** The claims of a good token, for tests that spoil one of them. */
const claims = { iss: 'tom-demo', aud: 'tom-flow', sub: 'ida', roles: ['ops'], iat: nowSeconds, exp: nowSeconds + 60 };

async function refusal(token: string, by: TokenVerifier = verifier): Promise<string> {
  try {
    await by.verify(token);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('a token that is accepted', () => {
  it('names a person with roles', async () => {
    const token = identity.userToken('ida', ['inside_sales']);
    expect(await verifier.verify(token)).toEqual({
      actor: 'user:ida',
      id: 'ida',
      name: 'ida',
      roles: ['inside_sales'],
      kind: 'user',
      token,
    });
  });

  it('names a service, whose role is always service', async () => {
    const tokens = createServiceTokens({
      keyFile: identity.serviceKeyFile('task-service'),
      service: 'task-service',
      clock,
    });
    const token = await tokens.token();
    expect(await verifier.verify(token)).toEqual({
      actor: 'service:task-service',
      id: 'task-service',
      roles: ['service'],
      kind: 'service',
      token,
    });
  });

  it('never gives a person the role service', async () => {
    const caller = await verifier.verify(identity.userToken('ida', ['ops', 'service']));
    expect(caller.roles).toEqual(['ops']);
  });

  it('comes from a signer with the same key file', async () => {
    const signer = createTokenSigner({ keyFile: identity.demoKeyFile, issuer: 'tom-demo', clock });
    const token = await signer.sign({ subject: 'olga', name: 'Olga', roles: ['ops'], lifetimeSeconds: 60 });
    expect(await verifier.verify(token)).toMatchObject({ actor: 'user:olga', name: 'Olga', roles: ['ops'] });
    clock.advance(60_000);
    expect(await refusal(token)).toBe('The token has expired.');
  });
});

describe('a token that is refused', () => {
  it('is forged: its payload was changed', async () => {
    const [header, , signature] = identity.userToken('ida', ['ops']).split('.');
    const forged = [header, part({ ...claims, roles: ['administrator'] }), signature].join('.');
    expect(await refusal(forged)).toBe("The token's signature is not valid.");
  });

  it('is forged: another key pretends to be ours', async () => {
    const { privateJwk } = makeSigningKey({ issuer: 'tom-demo' });
    expect(await refusal(signCompact(privateJwk, claims))).toBe('The token is not signed by a trusted key.');
    const pretending = signCompact({ ...privateJwk, kid: demoKey().kid }, claims);
    expect(await refusal(pretending)).toBe("The token's signature is not valid.");
  });

  it.each(['none', 'None', 'NONE'])('has no signature: alg %s', async (alg) => {
    const header = part({ alg, typ: 'JWT' });
    expect(await refusal(`${header}.${part(claims)}.`)).toMatch(/signed with|not a signed JWT/);
    const [, , signature] = identity.userToken('ida', ['ops']).split('.');
    expect(await refusal(`${header}.${part(claims)}.${signature}`)).toBe(
      `The token is signed with '${alg}'; allowed are EdDSA, ES256, ES384, PS256, RS256.`,
    );
  });

  it('takes our public key for an HMAC secret', async () => {
    const { kid } = demoKey();
    const publicKey = createPublicKey({ key: { ...demoKey() }, format: 'jwk' });
    const secrets = [
      publicKey.export({ type: 'spki', format: 'pem' }),
      publicKey.export({ type: 'spki', format: 'der' }),
      Buffer.from(demoKey().x, 'base64url'),
    ];
    for (const secret of secrets) {
      const signed = `${part({ alg: 'HS256', kid, typ: 'JWT' })}.${part(claims)}`;
      const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
      expect(await refusal(token)).toBe("The token is signed with 'HS256'; allowed are EdDSA, ES256, ES384, PS256, RS256.");
    }
  });

  it('has expired', async () => {
    const token = signCompact(demoKey(), { ...claims, exp: nowSeconds - 1 });
    expect(await refusal(token)).toBe('The token has expired.');
  });

  it('has no expiry', async () => {
    const token = signCompact(demoKey(), { ...claims, exp: undefined });
    expect(await refusal(token)).toBe("The token has no 'exp'.");
  });

  it.each([
    ['exp as text', { exp: String(nowSeconds + 60) }, "The token's 'exp' is not acceptable."],
    ['not valid yet', { nbf: nowSeconds + 30 }, 'The token is not valid yet.'],
    ['another audience', { aud: 'other-app' }, 'The token is meant for another audience.'],
    ['no audience', { aud: undefined }, "The token has no 'aud'."],
    ['another issuer', { iss: 'https://evil.example' }, 'The token comes from an issuer that is not trusted.'],
    ['no issuer', { iss: undefined }, 'The token comes from an issuer that is not trusted.'],
    ['nobody named', { sub: undefined }, "The token has no 'sub'."],
    ['an empty name', { sub: '' }, "The token has no 'sub'."],
  ])('is signed well but has %s', async (_what, spoiled, message) => {
    expect(await refusal(signCompact(demoKey(), { ...claims, ...spoiled }))).toBe(message);
  });

  it("is signed with a service's key but speaks for a person", async () => {
    const serviceKey = JSON.parse(readFileSync(identity.serviceKeyFile('task-service'), 'utf8')) as PrivateKeyJwk;
    expect(await refusal(signCompact(serviceKey, claims))).toBe('The token is not signed by a trusted key.');
  });

  it("is signed with one service's key but speaks for another", async () => {
    const serviceKey = JSON.parse(readFileSync(identity.serviceKeyFile('task-service'), 'utf8')) as PrivateKeyJwk;
    const token = signCompact(serviceKey, { ...claims, iss: 'tom-services', sub: 'stage-service' });
    expect(await refusal(token)).toBe("The token's 'sub' is not acceptable.");
  });

  it('is signed with the right algorithm by a key of the wrong kind', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signed = `${part({ alg: 'ES256', kid: demoKey().kid })}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    expect(await refusal(`${signed}.${signature.toString('base64url')}`)).toBe(
      'The token is not signed by a trusted key.',
    );
  });

  it('demands an extension that nobody here knows', async () => {
    const jwk = demoKey();
    const signed = `${part({ alg: 'EdDSA', kid: jwk.kid, crit: ['exp-2'], 'exp-2': 1 })}.${part(claims)}`;
    const signature = sign(null, Buffer.from(signed), createPrivateKey({ key: { ...jwk }, format: 'jwk' }));
    expect(await refusal(`${signed}.${signature.toString('base64url')}`)).toBe('The token is not a signed JWT.');
  });

  it.each(['', 'x', '..', 'a.b.c', 'a.b.c.d.e', `${part({})}.${part({})}.`, `${part(null)}.${part(null)}.x`])(
    'is no token: %j',
    async (text) => {
      expect(await refusal(text)).not.toBe('accepted');
    },
  );

  it('is a good one in which any character was changed', async () => {
    const good = identity.userToken('ida', ['ops']);
    await verifier.verify(good);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.constantFrom(...'AQgw.-_0"\u0000'), async (at, character) => {
        const changed = good.slice(0, at) + character + good.slice(at + 1);
        // The last character of a part has bits that say nothing: there the text differs, not the token.
        fc.pre(changed !== good && good[at + 1] !== '.' && at !== good.length - 1);
        expect(await refusal(changed)).not.toBe('accepted');
      }),
      { numRuns: 300 },
    );
  });
});

describe('the cache of verified tokens', () => {
  it('answers with the same caller, and checks the expiry at each hit', async () => {
    const token = signCompact(demoKey(), claims);
    const first = await verifier.verify(token);
    clock.advance(59_999);
    expect(await verifier.verify(token)).toBe(first);
    clock.advance(1);
    expect(await refusal(token)).toBe('The token has expired.');
  });

  it('holds only so many tokens, dropping those that were not used', async () => {
    const small = createTokenVerifier({ trustedKeysFile: identity.trustedKeysFile, clock, maxCached: 2 });
    const [a, b, c] = ['a', 'b', 'c'].map((id) => identity.userToken(id, [])) as [string, string, string];
    const [callerA, callerB] = [await small.verify(a), await small.verify(b)];
    expect(await small.verify(a)).toBe(callerA);
    await small.verify(c);
    expect(await small.verify(a)).toBe(callerA);
    const again = await small.verify(b);
    expect(again).not.toBe(callerB);
    expect(again).toEqual(callerB);
  });

  it('verifies a token once when many ask for it at the same time', async () => {
    const token = identity.userToken('ida', []);
    const callers = await Promise.all(Array.from({ length: 50 }, () => verifier.verify(token)));
    expect(new Set(callers).size).toBe(1);
  });

  it('does not remember a refusal', async () => {
    const token = signCompact(demoKey(), { ...claims, nbf: nowSeconds + 30 });
    expect(await refusal(token)).toBe('The token is not valid yet.');
    clock.advance(30_000);
    expect(await refusal(token)).toBe('accepted');
  });
});

describe('a change of the trusted keys', () => {
  it('lets a token of a new key in at once', async () => {
    const { privateJwk, publicJwk } = makeSigningKey({ issuer: 'tom-demo' });
    const token = signCompact(privateJwk, claims);
    expect(await refusal(token)).toBe('The token is not signed by a trusted key.');
    trust([...trusted(), publicJwk]);
    expect(await refusal(token)).toBe('accepted');
  });

  it('ends a cached token of a withdrawn key within five seconds', async () => {
    const token = identity.userToken('ida', []);
    await verifier.verify(token);
    const { publicJwk } = makeSigningKey({ issuer: 'tom-demo' });
    trust([publicJwk]);
    clock.advance(5_000);
    expect(await refusal(token)).toBe('The token is not signed by a trusted key.');
  });

  it('keeps the known keys while the file is damaged, and takes the new ones when it is whole again', async () => {
    const token = identity.userToken('ida', []);
    const whole = readFileSync(identity.trustedKeysFile, 'utf8');
    writeFileSync(identity.trustedKeysFile, whole.slice(0, 40));
    clock.advance(5_000);
    expect(await refusal(token)).toBe('accepted');
    const { privateJwk, publicJwk } = makeSigningKey({ issuer: 'tom-demo' });
    trust([publicJwk]);
    clock.advance(5_000);
    expect(await refusal(token)).toBe('The token is not signed by a trusted key.');
    expect(await refusal(signCompact(privateJwk, { ...claims, exp: nowSeconds + 600 }))).toBe('accepted');
  });
});

describe('createTokenVerifier', () => {
  it.each([
    ['a file that is missing', undefined, /cannot be read \(ENOENT\)/],
    ['no JSON', 'keys', /is not a JSON object/],
    ['no keys', '{"keys":[]}', /is not a JWKS/],
    ['a private key', JSON.stringify({ keys: [makeSigningKey({ issuer: 'tom-demo' }).privateJwk] }), /private key/],
    ['a key for nobody', '{"keys":[{"kty":"OKP","kid":"k"}]}', /Key k in .* must say for whom it signs/],
    ['a key without a name', '{"keys":[{"kty":"OKP","iss":"tom-demo"}]}', /without 'kid'/],
  ])('refuses to start with %s', (_what, text, message) => {
    const file = `${identity.trustedKeysFile}.other`;
    if (text !== undefined) writeFileSync(file, text);
    const create = () => createTokenVerifier({ trustedKeysFile: file, clock });
    expect(create).toThrow(StartError);
    expect(create).toThrow(message);
  });

  it('needs somebody to trust', () => {
    expect(() => createTokenVerifier({ clock })).toThrow('needs a file of trusted keys or an OIDC issuer');
  });
});

describe('createServiceTokens', () => {
  it('gives the same token until a minute before its end, then a new one', async () => {
    const tokens = createServiceTokens({ keyFile: identity.serviceKeyFile('x'), service: 'x', clock });
    const first = await tokens.token();
    clock.advance(239_000);
    expect(await tokens.token()).toBe(first);
    clock.advance(1_000);
    const second = await tokens.token();
    expect(second).not.toBe(first);
    expect(await refusal(first)).toBe('accepted');
    clock.advance(60_000);
    expect(await refusal(first)).toBe('The token has expired.');
    expect(await refusal(second)).toBe('accepted');
  });

  it('signs anew when the clock was set back', async () => {
    const tokens = createServiceTokens({ keyFile: identity.serviceKeyFile('x'), service: 'x', clock });
    const first = await tokens.token();
    clock.advance(-3_600_000);
    expect(await tokens.token()).not.toBe(first);
  });

  it('hands a token that was refused out no more', async () => {
    const tokens = createServiceTokens({ keyFile: identity.serviceKeyFile('x'), service: 'x', clock });
    const first = await tokens.token();
    clock.advance(1_000);
    tokens.refused('another one');
    expect(await tokens.token()).toBe(first);
    tokens.refused(first);
    expect(await tokens.token()).not.toBe(first);
  });

  it('refuses a key file of another issuer, or none at all', () => {
    const create = (keyFile: string) => () => createServiceTokens({ keyFile, service: 'x', clock });
    expect(create(identity.demoKeyFile)).toThrow('issuer tom-demo; expected tom-services');
    expect(create(`${identity.demoKeyFile}.missing`)).toThrow(StartError);
  });
});
