import { createPrivateKey, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '@tom/kernel';
import {
  demoIssuer,
  makeSigningKey,
  ownAudience,
  serviceIssuer,
  type KeyIssuer,
  type PrivateKeyJwk,
  type PublicKeyJwk,
} from './signing-key.ts';

const LIFETIME_SECONDS = 12 * 3600;

/** Keys of a make-believe installation in a folder of their own, and tokens signed with them; for tests only. */
export interface TestIdentity {
  /** JWKS of every key made here. */
  readonly trustedKeysFile: string;
  /** The gateway's private key. */
  readonly demoKeyFile: string;
  /** A person's token, valid for 12 h of the given clock. */
  userToken(id: string, roles: readonly string[], claims?: Readonly<Record<string, unknown>>): string;
  /** The file with a service's own private key, made at the first call. */
  serviceKeyFile(service: string): string;
  /** A service's token, valid for 12 h of the given clock. */
  serviceToken(service: string): string;
  cleanup(): void;
}

/** Makes an identity; `clock` is the one by which the verifiers under test check expiry. */
export function makeTestIdentity(options: { readonly clock?: Clock } = {}): TestIdentity {
  const { clock = systemClock } = options;
  const folder = mkdtempSync(join(tmpdir(), 'tom-identity-'));
  const trustedKeysFile = join(folder, 'trusted-keys.json');
  const trusted: PublicKeyJwk[] = [];
  const keys = new Map<string, { readonly file: string; readonly jwk: PrivateKeyJwk }>();

  function keyOf(issuer: KeyIssuer, service?: string) {
    const name = service ?? issuer;
    let key = keys.get(name);
    if (key === undefined) {
      const { privateJwk, publicJwk } = makeSigningKey({ issuer, ...(service !== undefined ? { service } : {}) });
      key = { file: join(folder, `${name}.jwk.json`), jwk: privateJwk };
      keys.set(name, key);
      trusted.push(publicJwk);
      writeFileSync(key.file, JSON.stringify(privateJwk), { mode: 0o600 });
      writeFileSync(trustedKeysFile, JSON.stringify({ keys: trusted }));
    }
    return key;
  }

  function token(issuer: KeyIssuer, jwk: PrivateKeyJwk, claims: Readonly<Record<string, unknown>>): string {
    const iat = Math.floor(clock.now().getTime() / 1000);
    return signCompact(jwk, { iss: issuer, aud: ownAudience, iat, exp: iat + LIFETIME_SECONDS, ...claims });
  }

  const demo = keyOf(demoIssuer);
  return {
    trustedKeysFile,
    demoKeyFile: demo.file,
    userToken: (id, roles, claims = {}) => token(demoIssuer, demo.jwk, { sub: id, name: id, roles, ...claims }),
    serviceKeyFile: (service) => keyOf(serviceIssuer, service).file,
    serviceToken: (service) =>
      token(serviceIssuer, keyOf(serviceIssuer, service).jwk, { sub: service, roles: ['service'] }),
    cleanup: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A compact JWS (EdDSA) of any claims, also such as a verifier must refuse. `undefined` members are left out. */
export function signCompact(jwk: PrivateKeyJwk, claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'EdDSA', kid: jwk.kid, typ: 'JWT' })}.${part(claims)}`;
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}
