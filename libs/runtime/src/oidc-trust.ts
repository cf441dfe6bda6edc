import { DomainError, type Clock } from '@tom/kernel';
import { errors, type JWTPayload } from 'jose';
import { claimIn, personCaller, rolesIn, serviceCaller, type Caller } from './caller.ts';
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
  /** The clients that are services of ours; without it those whose roles say so. */
  readonly serviceClients?: readonly string[] | undefined;
  readonly clockToleranceSeconds: number;
  readonly clock: Clock;
  readonly onChange: () => void;
}): Trust {
  const { issuer, audience, clockToleranceSeconds, clock, onChange } = options;
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
      return callerOf(payload, token, options);
    },
  };
}

interface Claims {
  readonly userClaim: string;
  readonly rolesClaim: string;
  readonly serviceClients?: readonly string[] | undefined;
}

/**
 * A client that came by its own credentials, a service of ours among them, or else the person whom the user claim names.
 * Whoever is named is no service by roles, and by its client only when it is that client itself that is named.
 */
function callerOf(payload: JWTPayload, token: string, { userClaim, rolesClaim, serviceClients }: Claims): Caller {
  const user = textIn(payload, userClaim);
  const client = textIn(payload, 'client_id') ?? textIn(payload, 'azp');
  if (client !== undefined && (user === undefined || isClientItself(payload, client))) {
    const roles = rolesIn(payload, rolesClaim);
    const isOurs = serviceClients ? serviceClients.includes(client) : user === undefined && roles.includes('service');
    if (isOurs) return serviceCaller(client, token);
    return { actor: `client:${client}`, id: client, roles: roles.filter((role) => role !== 'service'), kind: 'client', token };
  }
  if (user !== undefined) return personCaller(user, payload, rolesClaim, token);
  throw new errors.JWTClaimValidationFailed(`missing "${userClaim}"`, payload, userClaim, 'missing');
}

/**
 * Issuers name somebody in such a token, too: the client itself as its subject (RFC 9068), or the user that Keycloak keeps
 * for it, whose name nobody else can have.
 */
function isClientItself({ sub, ...payload }: JWTPayload, client: string): boolean {
  return sub === client || payload['preferred_username'] === `service-account-${client.toLowerCase()}`;
}

function textIn(payload: JWTPayload, claim: string): string | undefined {
  const value = claimIn(payload, claim);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
