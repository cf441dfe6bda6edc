import type { Catalog } from '@tom/catalog';
import type { Clock } from '@tom/kernel';
import type { Outbox } from '@tom/messaging';
import type { Database } from '@tom/postgres';
import type { FactOwners } from './adapters/fact-owners.ts';

/** What the parts of this service are given by the composition root. */
export interface Deps {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly owners: FactOwners;
  /** Counts a guard that an administrator passed over; once the move is there. */
  readonly countOverride: (toStage: string) => void;
}
