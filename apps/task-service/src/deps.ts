import type { Catalog } from '@tom/catalog';
import type { Clock } from '@tom/kernel';
import type { Outbox, Subscription } from '@tom/messaging';
import type { Database } from '@tom/postgres';
import type { Owners } from './adapters/owners.ts';
import type { TaskTable } from './adapters/task-table.ts';

/** What the parts of this service are given by the composition root. */
export interface Deps {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly owners: Owners;
  readonly tasks: TaskTable;
  /** What this service listens to: a rehearsal lets the same handlers say what they would do. */
  readonly subscriptions: readonly Subscription[];
}
