import { DomainError, type Clock } from '@tom/kernel';
import { decodeJwt } from 'jose';
import {
  allowInsecureRequests,
  clientCredentialsGrant,
  ClientSecretBasic,
  ClientSecretPost,
  discovery,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
  type Configuration,
} from 'openid-client';
import type { Logger } from './logger.ts';
import type { ServiceTokens } from './service-tokens.ts';

const TIMEOUT_SECONDS = 5;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;
/** Of an issuer that does not say how long its token lasts. */
const ASSUMED_LIFETIME_SECONDS = 60;
/** A token that is renewed early outlives the issuer's absence by what is left of it. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** The way to the other service and the wait there. */
const LAST_MOMENTS_MS = 10_000;
/** A token that was refused at this age had never been taken. */
const NEW_FOR_MS = 60_000;

/**
 * As whom a service fetches its tokens. `authMethod` is client_secret_basic by default, `parameters` what this issuer
 * wants to be told besides (scope, audience …).
 */
export interface OidcClient {
  readonly issuer: string;
  /** The audience that the other services ask for. */
  readonly audience: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly authMethod?: 'client_secret_basic' | 'client_secret_post' | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

interface Held {
  readonly token: string;
  readonly since: number;
  readonly renewAt: number;
  readonly until: number;
}

/**
 * Tokens that an OIDC issuer gives this service for its client credentials. One is used until shortly before its end and
 * renewed before that, while calls go on with it. With none left calls are UNAVAILABLE, and the issuer is asked again
 * after 1 s, growing to 30 s.
 */
export function createOidcServiceTokens(
  client: OidcClient,
  options: { readonly service: string; readonly clock: Clock; readonly logger?: Logger | undefined },
): ServiceTokens {
  const { service, clock, logger } = options;
  const now = () => clock.now().getTime();
  let issuer: Configuration | undefined;
  let held: Held | undefined;
  let asking: Promise<void> | undefined;
  let failures = 0;
  // Apart from the failures: a token that the issuer gives and nobody takes is no success.
  let refusals = 0;
  let wentWrongAt = 0;

  async function ask(): Promise<void> {
    try {
      issuer ??= await discover(client);
      const since = now();
      held = heldOf(await clientCredentialsGrant(issuer, { ...client.parameters }), client.audience, since);
      if (failures > 0) logger?.info({ issuer: client.issuer }, 'the issuer gives service tokens again');
      failures = 0;
    } catch (error) {
      // Perhaps its endpoints moved: the next attempt looks for them again.
      issuer = undefined;
      failures += 1;
      wentWrongAt = now();
      const said = { issuer: client.issuer, clientId: client.clientId, ...reasonOf(error) };
      if (isRefusal(error)) logger?.error(said, 'the issuer refuses us a service token; asked again later');
      else logger?.warn(said, 'no service token could be fetched; tried again later');
    } finally {
      asking = undefined;
    }
  }

  function mayAsk(): boolean {
    const setbacks = failures + refusals;
    // The difference without its sign: a clock that was set back must not silence us.
    return setbacks === 0 || Math.abs(now() - wentWrongAt) >= Math.min(FIRST_DELAY_MS * 2 ** (setbacks - 1), MAX_DELAY_MS);
  }

  function usable(): Held | undefined {
    return held !== undefined && now() >= held.since && now() < held.until ? held : undefined;
  }

  return {
    service,
    async token() {
      const good = usable();
      if ((good === undefined || now() >= good.renewAt) && mayAsk()) asking ??= ask();
      if (good !== undefined) return good.token;
      await asking;
      const fetched = usable();
      if (fetched === undefined) throw new DomainError('UNAVAILABLE', 'Services cannot sign in at the moment.');
      return fetched.token;
    },
    refused(token) {
      if (held?.token !== token) return;
      const isNew = Math.abs(now() - held.since) < NEW_FOR_MS;
      held = undefined;
      // One that was taken until now may have lost its key: the next is worth asking for at once.
      refusals = isNew ? refusals + 1 : 0;
      wentWrongAt = now();
      logger?.warn({ issuer: client.issuer, clientId: client.clientId }, 'our service token was refused; another one is fetched');
    },
  };
}

async function discover({ issuer, clientId, clientSecret, authMethod }: OidcClient): Promise<Configuration> {
  const authentication = authMethod === 'client_secret_post' ? ClientSecretPost : ClientSecretBasic;
  return discovery(new URL(issuer), clientId, undefined, authentication(clientSecret), {
    timeout: TIMEOUT_SECONDS,
    // Whoever names an issuer without TLS means it; one with TLS is spoken to with TLS only.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to make people think twice
    ...(issuer.startsWith('http:') ? { execute: [allowInsecureRequests] } : {}),
  });
}

type Answer = Awaited<ReturnType<typeof clientCredentialsGrant>>;

/** Throws when the others could not do anything with the token: better said here than by all of them. */
function heldOf(answer: Answer, audience: string, since: number): Held {
  const { access_token: token } = answer;
  const { aud, exp, iat } = claimsOf(token);
  if (![aud].flat().includes(audience))
    throw new Error(`The issuer's token is for ${aud === undefined ? 'nobody' : [aud].flat().join(', ')}, not for ${audience}.`);
  const own = exp !== undefined && iat !== undefined ? exp - iat : undefined;
  const lifetime = (answer.expiresIn() ?? own ?? ASSUMED_LIFETIME_SECONDS) * 1000;
  const end = since + lifetime;
  return {
    token,
    since,
    renewAt: end - Math.min(RENEW_BEFORE_MS, lifetime / 3),
    until: end - Math.min(LAST_MOMENTS_MS, lifetime / 10),
  };
}

function claimsOf(token: string) {
  try {
    return decodeJwt(token);
  } catch {
    throw new Error("The issuer's token is not a JWT; it may want to be told an audience or a resource.");
  }
}

function isRefusal(error: unknown): error is ResponseBodyError | WWWAuthenticateChallengeError {
  return error instanceof ResponseBodyError || error instanceof WWWAuthenticateChallengeError;
}

/** Words of the error alone: what it was caused by may hold the answer, and with it a token. */
function reasonOf(error: unknown): Readonly<Record<string, unknown>> {
  if (isRefusal(error)) {
    const { error: reason, error_description: description } =
      error instanceof ResponseBodyError ? error : (error.cause[0]?.parameters ?? {});
    return { reason, description, status: error.status };
  }
  const { message, cause } = error as Error;
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return { reason: message, ...(typeof code === 'string' ? { code } : {}) };
}
