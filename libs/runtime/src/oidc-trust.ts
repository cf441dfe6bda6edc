import { DomainError, type Clock } from '@tom/kernel';
import { errors, type JWTPayload } from 'jose';
import { personCaller, rolesIn, type Caller } from './caller.ts';
import { issuerKeys, IssuerAway } from './issuer-keys.ts';
import { StartError } from './start-error.ts';
import type { Trust } from './trust.ts';

/** With the age of a fetched key set (10 min): a withdrawn key is honoured 15 min at most. */
const BELIEVED_FOR_MS = 5 * 60_000;

/** Trust in an OIDC issuer, whose keys are found by discovery at the first token. `onChange`: its keys changed. */
export function oidcTrust(options: {
  readonly issuer: string;
  readonly audience: string | undefined;
  readonly userClaim: string;
  readonly rolesClaim: string;
  readonly clockToleranceSeconds: number;
  readonly clock: Clock;
  readonly onChange: () => void;
}): Trust {
  const { issuer, audience, userClaim, rolesClaim, clockToleranceSeconds, clock, onChange } = options;
  if (audience === undefined)
    throw new StartError('An OIDC issuer needs an audience: else tokens for any other application would do.');
  const keys = issuerKeys(issuer, { now: () => clock.now().getTime(), onChange });
  return {
    audience,
    believedForMs: BELIEVED_FOR_MS,
    clockToleranceSeconds,
    async key(header, token) {
      try {
        return await keys.find(header, token);
      } catch (error) {
        if (!(error instanceof IssuerAway)) throw error;
        throw Object.assign(new DomainError('UNAVAILABLE', 'The sign-in service cannot be reached at the moment.'), {
          cause: error,
        });
      }
    },
    caller(payload, _keyId, token) {
      return callerOf(payload, token, userClaim, rolesClaim);
    },
  };
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
