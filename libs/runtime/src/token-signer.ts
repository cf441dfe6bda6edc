import type { Clock } from '@tom/kernel';
import { importJWK, SignJWT } from 'jose';
import { ownAudience, readSigningKey, type KeyIssuer } from './signing-key.ts';

/** Whom a token speaks for, and for how long. */
export interface TokenClaims {
  readonly subject: string;
  readonly name?: string;
  readonly roles: readonly string[];
  readonly lifetimeSeconds: number;
}

/** Signs tokens of one embedded issuer. */
export interface TokenSigner {
  sign(claims: TokenClaims): Promise<string>;
}

/** A signer (EdDSA) with the private key in a file; throws a StartError when the file is not such a key. */
export function createTokenSigner(options: {
  readonly keyFile: string;
  readonly issuer: KeyIssuer;
  readonly clock: Clock;
}): TokenSigner {
  const { issuer, clock } = options;
  const jwk = readSigningKey(options.keyFile, issuer);
  const key = importJWK({ ...jwk }, 'EdDSA');
  // Awaited at the first signature; until then a rejection must not count as unhandled.
  key.catch(() => undefined);
  return {
    async sign({ subject, name, roles, lifetimeSeconds }) {
      const issuedAt = Math.floor(clock.now().getTime() / 1000);
      return new SignJWT({ roles, ...(name !== undefined ? { name } : {}) })
        .setProtectedHeader({ alg: 'EdDSA', kid: jwk.kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(ownAudience)
        .setSubject(subject)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(await key);
    },
  };
}
