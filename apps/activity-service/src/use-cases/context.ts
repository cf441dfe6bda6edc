import { can, require, type Catalog } from '@tom/catalog';
import { DomainError, type Clock } from '@tom/kernel';
import type { Outbox } from '@tom/messaging';
import type { Database } from '@tom/postgres';
import type { Caller, CallContext } from '@tom/runtime';
import type { Engines } from '../domain/choose-case.ts';
import type { LogItem, Logged } from '../adapters/activity-log.ts';
import type { Known, KnownQuestion } from '../adapters/known.ts';
import type { Owners } from '../adapters/owners.ts';
import type { Places } from '../adapters/places.ts';

/** What use-cases and queries work with. */
export interface Context {
  readonly database: Database;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly outbox: Outbox;
  readonly owners: Owners;
  readonly places: Places;
  readonly known: (question: KnownQuestion) => Promise<Known>;
  readonly log: (item: LogItem) => Promise<Logged>;
}

/** Throws FORBIDDEN unless the caller may log, change and take back activities. */
export function requireLogging({ catalog }: Context, { caller }: CallContext): void {
  require(catalog.roles, caller.roles, 'log_activities');
}

/** Reading is open to every signed-in role, and to the other services. */
export function requireReading({ catalog }: Context, { caller }: CallContext): void {
  if (caller.kind !== 'service' && !can(catalog.roles, caller.roles, 'read')) {
    throw new DomainError('FORBIDDEN', 'This needs the right read.');
  }
}

/** The engines in which the caller works. */
export function enginesOf({ catalog }: Context, caller: Caller): Engines {
  const roles = caller.roles.map((name) => catalog.roles.get(name)).filter((role) => role !== undefined);
  if (roles.some((role) => role.reach === 'all')) return 'all';
  return new Set(roles.flatMap((role) => [...role.engines]));
}
