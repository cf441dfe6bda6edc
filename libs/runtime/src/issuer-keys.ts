import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** A key that the issuer withdrew is honoured at most this long (and a token that was already verified 5 min more). */
const FRESH_MS = 10 * 60_000;
/** The issuer being away, its last known keys go on this long: a night's repair does not lock everybody out. */
const USABLE_MS = 12 * 60 * 60_000;
/** Unknown keys make the issuer be asked again, but not more often than this: else forged tokens would be a lever. */
const ASK_AGAIN_MS = 30_000;
const TIMEOUT_MS = 5_000;

/** The public keys of an OIDC issuer, found by discovery. */
export interface IssuerKeys {
  /** The key for a token; throws jose's JWKSNoMatchingKey, or an IssuerAway when only the issuer could tell. */
  readonly find: JWTVerifyGetKey;
}

/** The issuer cannot be asked, and what is known of it does not answer the question. */
export class IssuerAway extends Error {
  override readonly name = 'IssuerAway';
}

interface Known {
  readonly text: string;
  readonly set: JWTVerifyGetKey;
  readonly fetchedAt: number;
}

/**
 * Keys that are fetched when they are needed first, again when they are 10 min old or a token names one that is not
 * there. jose's own remote set throws its keys away with their age, so that an issuer's absence of some minutes would
 * refuse everybody; here known keys outlive it. `onChange`: the set differs from the one before.
 */
export function issuerKeys(issuer: string, options: { readonly now: () => number; readonly onChange: () => void }): IssuerKeys {
  const { now, onChange } = options;
  let place: string | undefined;
  let known: Known | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    askedAt = now();
    try {
      place ??= await discover(issuer);
      const text = JSON.stringify(await getKeys(place));
      const changed = known !== undefined && known.text !== text;
      known = { text, set: createLocalJWKSet(JSON.parse(text) as JSONWebKeySet), fetchedAt: now() };
      failure = undefined;
      if (changed) onChange();
    } catch (error) {
      // Perhaps its keys moved: the next attempt looks for them again.
      place = undefined;
      failure = error;
    } finally {
      asking = undefined;
    }
  }

  /** Asks unless that was done a moment ago; calls that come at once share one question. */
  async function askAgain(): Promise<void> {
    if (asking === undefined && Math.abs(now() - askedAt) < ASK_AGAIN_MS) return;
    asking ??= ask();
    await asking;
  }

  function ageOf(keys: Known): number {
    return Math.abs(now() - keys.fetchedAt);
  }

  return {
    async find(header, token) {
      if (known === undefined) {
        // Nothing can be verified before the first answer: every attempt asks.
        asking ??= ask();
        await asking;
      } else if (ageOf(known) >= FRESH_MS) await askAgain();
      if (known === undefined || ageOf(known) >= USABLE_MS) throw new IssuerAway('The keys cannot be fetched.', { cause: failure });
      try {
        return await known.set(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await askAgain();
        // It may be a new key of the issuer's or a forger's: nobody but the issuer can tell.
        if (failure !== undefined) throw new IssuerAway('The key is not known, and the issuer is away.', { cause: failure });
        return known.set(header, token);
      }
    },
  };
}

async function discover(issuer: string): Promise<string> {
  const found = (await getJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)) as {
    readonly issuer?: unknown;
    readonly jwks_uri?: unknown;
  } | null;
  if (found?.issuer !== issuer) throw new Error(`The discovery of ${issuer} speaks for another issuer.`);
  const place = found.jwks_uri;
  if (typeof place !== 'string' || !URL.canParse(place)) throw new Error(`The discovery of ${issuer} names no jwks_uri.`);
  // Keys over an open wire would undo the issuer's own encryption.
  if (issuer.startsWith('https:') && !place.startsWith('https:'))
    throw new Error(`The discovery of ${issuer} names a jwks_uri without TLS.`);
  return place;
}

async function getKeys(place: string): Promise<JSONWebKeySet> {
  const answer = (await getJson(place)) as Partial<JSONWebKeySet> | null;
  if (!Array.isArray(answer?.keys)) throw new Error(`${place} answered no key set.`);
  return { keys: answer.keys };
}

async function getJson(place: string): Promise<unknown> {
  const response = await fetch(place, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { accept: 'application/json' },
    redirect: 'error',
  });
  if (!response.ok) throw new Error(`${place} answered ${response.status}.`);
  return response.json();
}
