import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Clock } from '@tom/kernel';
import { createLocalJWKSet, errors } from 'jose';
import { personCaller, serviceCaller } from './caller.ts';
import type { Logger } from './logger.ts';
import {
  demoIssuer,
  ownAudience,
  readKeyJson,
  serviceIssuer,
  type KeyIssuer,
  type PublicKeyJwk,
} from './signing-key.ts';
import { StartError } from './start-error.ts';
import type { Trust } from './trust.ts';

/** A key that was taken out of the file is honoured at most this long. */
const LOOK_AGAIN_MS = 5_000;

/** The public keys in a JWKS file, each tied by its `iss` to the one issuer for whom it may sign. */
export interface TrustedKeys {
  trust(issuer: KeyIssuer): Trust;
  /** Whether it is time to look at the file again. */
  isDue(nowMs: number): boolean;
  /** Reads the file again if it changed. */
  refresh(): Promise<void>;
}

/** Reads the file at once; throws a StartError when it is missing or no such set of keys. */
export function trustedKeys(
  file: string,
  options: { readonly clock: Clock; readonly onChange: () => void; readonly logger?: Logger | undefined },
): TrustedKeys {
  const { clock, onChange, logger } = options;
  let text = readText(file);
  let keys = parseKeys(file);
  let sets = keySets(keys);
  let lookedAt = clock.now().getTime();
  let seen = '';

  async function refresh(): Promise<void> {
    lookedAt = clock.now().getTime();
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const now = `${mtimeMs} ${size} ${ino}`;
      if (now === seen) return;
      const newText = readText(file);
      if (newText !== text) {
        const newKeys = parseKeys(file);
        keys = newKeys;
        sets = keySets(newKeys);
        text = newText;
        onChange();
      }
      seen = now;
    } catch (error) {
      // Half written or gone for a moment: the keys known so far stay until a whole file is there.
      logger?.warn({ err: error }, 'trusted keys cannot be read again; the known ones stay in use');
    }
  }

  function trust(issuer: KeyIssuer): Trust {
    return {
      audience: ownAudience,
      believedForMs: Number.POSITIVE_INFINITY,
      clockToleranceSeconds: 0,
      async key(header, token) {
        try {
          return await sets[issuer](header, token);
        } catch (error) {
          if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
          // Perhaps a key that has just been added.
          await refresh();
          return sets[issuer](header, token);
        }
      },
      caller(payload, keyId, token) {
        const { sub } = payload;
        const key = keys.find((candidate) => candidate.kid === keyId);
        if (sub === undefined || sub === '' || (key?.sub !== undefined && key.sub !== sub)) {
          throw new errors.JWTClaimValidationFailed(
            'unexpected "sub"',
            payload,
            'sub',
            sub ? 'check_failed' : 'missing',
          );
        }
        return issuer === serviceIssuer ? serviceCaller(sub, token) : personCaller(sub, payload, 'roles', token);
      },
    };
  }

  return { trust, isDue: (nowMs) => Math.abs(nowMs - lookedAt) >= LOOK_AGAIN_MS, refresh };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(
      `The file of trusted keys ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unreadable'}).`,
    );
  }
}

function parseKeys(file: string): readonly PublicKeyJwk[] {
  const { keys } = readKeyJson(file) as { readonly keys?: unknown };
  if (!Array.isArray(keys) || keys.length === 0)
    throw new StartError(`${file} is not a JWKS: expected { "keys": [ … ] } with a key.`);
  for (const key of keys as readonly Partial<PublicKeyJwk & { d: string }>[]) {
    if (key.d !== undefined) throw new StartError(`${file} holds a private key; only public keys belong there.`);
    if (!key.kid) throw new StartError(`${file} holds a key without 'kid'.`);
    if (key.iss !== demoIssuer && key.iss !== serviceIssuer) {
      throw new StartError(
        `Key ${key.kid} in ${file} must say for whom it signs: 'iss' is ${demoIssuer} or ${serviceIssuer}.`,
      );
    }
  }
  return keys as readonly PublicKeyJwk[];
}

function keySets(keys: readonly PublicKeyJwk[]): Record<KeyIssuer, ReturnType<typeof createLocalJWKSet>> {
  const of = (issuer: KeyIssuer) =>
    createLocalJWKSet({ keys: keys.filter((key) => key.iss === issuer).map((key) => ({ ...key })) });
  return { [demoIssuer]: of(demoIssuer), [serviceIssuer]: of(serviceIssuer) };
}
