import { DomainError } from '@tom/kernel';
import { createRemoteJWKSet, errors, type JWTPayload } from 'jose';
import { personCaller, rolesIn, type Caller } from './caller.ts';
import { StartError } from './start-error.ts';
import type { Trust } from './trust.ts';

/** With jose's own age of a fetched key set (10 min): a withdrawn key is honoured 15 min at most. */
const BELIEVED_FOR_MS = 5 * 60_000;
const TIMEOUT_MS = 5_000;

type RemoteKeys = ReturnType<typeof createRemoteJWKSet>;

/** Trust in an OIDC issuer, whose keys are found by discovery at the first token. `onChange`: its keys changed. */
export function oidcTrust(options: {
  readonly issuer: string;
  readonly audience: string | undefined;
  readonly userClaim: string;
  readonly rolesClaim: string;
  readonly onChange: () => void;
}): Trust {
  const { issuer, audience, userClaim, rolesClaim, onChange } = options;
  if (audience === undefined)
    throw new StartError('An OIDC issuer needs an audience: else tokens for any other application would do.');
  let keys: Promise<RemoteKeys> | undefined;
  let known: string | undefined;

  function remoteKeys(): Promise<RemoteKeys> {
    keys ??= discover(issuer).catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return keys;
  }

  return {
    audience,
    believedForMs: BELIEVED_FOR_MS,
    async key(header, token) {
      let remote: RemoteKeys | undefined;
      try {
        remote = await remoteKeys();
        return await remote(header, token);
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
        throw Object.assign(new DomainError('UNAVAILABLE', 'The sign-in service cannot be reached at the moment.'), {
          cause: error,
        });
      } finally {
        const now = JSON.stringify(remote?.jwks());
        if (known !== undefined && now !== undefined && now !== known) onChange();
        known = now ?? known;
      }
    },
    caller(payload, _keyId, token) {
      return callerOf(payload, token, userClaim, rolesClaim);
    },
  };
}

async function discover(issuer: string): Promise<RemoteKeys> {
  const place = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(place, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { accept: 'application/json' },
  });
  if (!response.ok) throw new Error(`The discovery of ${issuer} answered ${response.status}.`);
  const found = (await response.json()) as { readonly issuer?: unknown; readonly jwks_uri?: unknown };
  if (found.issuer !== issuer) throw new Error(`The discovery of ${issuer} speaks for another issuer.`);
  if (typeof found.jwks_uri !== 'string' || !URL.canParse(found.jwks_uri))
    throw new Error(`The discovery of ${issuer} names no jwks_uri.`);
  return createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: TIMEOUT_MS });
}

/** A person when the user claim is there; else a client by its own credentials, being a service if it has that role. */
function callerOf(payload: JWTPayload, token: string, userClaim: string, rolesClaim: string): Caller {
  const user = payload[userClaim];
  if (typeof user === 'string' && user !== '') return personCaller(user, payload, rolesClaim, token);
  const client = payload['client_id'] ?? payload['azp'];
  if (typeof client !== 'string' || client === '') {
    throw new errors.JWTClaimValidationFailed(`missing "${userClaim}"`, payload, userClaim, 'missing');
  }
  const roles = rolesIn(payload, rolesClaim);
  const kind = roles.includes('service') ? 'service' : 'client';
  return { actor: `${kind}:${client}`, id: client, roles, kind, token };
}
