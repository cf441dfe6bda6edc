import { decodeJwt, type JWTPayload } from 'jose';

/** Who calls, as a verified token says; `actor` is `user:ida`, `service:task-service` or `client:<id>`. */
export interface Caller {
  readonly actor: string;
  readonly id: string;
  readonly name?: string;
  readonly roles: readonly string[];
  readonly kind: 'user' | 'service' | 'client';
  readonly token: string;
}

/** When the caller's token ends; whoever serves it for longer than one answer stops then. */
export function expiryOf({ token }: Caller): Date {
  return new Date((decodeJwt(token).exp ?? 0) * 1_000);
}

/** A service, by its name. */
export function serviceCaller(service: string, token: string): Caller {
  return { actor: `service:${service}`, id: service, roles: ['service'], kind: 'service', token };
}

/** A person as named by the payload. Never with the role `service`: it opens facts to machines. */
export function personCaller(id: string, payload: JWTPayload, rolesClaim: string, token: string): Caller {
  const name = payload['name'];
  const roles = rolesIn(payload, rolesClaim).filter((role) => role !== 'service');
  return { actor: `user:${id}`, id, ...(typeof name === 'string' ? { name } : {}), roles, kind: 'user', token };
}

/** What a claim holds; dots lead into nested claims (`realm_access.roles`). */
export function claimIn(payload: JWTPayload, claim: string): unknown {
  return payload[claim] ?? claim.split('.').reduce<unknown>(member, payload);
}

/** The roles in a claim. */
export function rolesIn(payload: JWTPayload, claim: string): readonly string[] {
  const value = claimIn(payload, claim);
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((role) => role !== '');
  return Array.isArray(value) ? value.filter((role): role is string => typeof role === 'string') : [];
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
