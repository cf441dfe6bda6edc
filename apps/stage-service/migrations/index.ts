import { messagingMigrations } from '@tom/messaging';
import type { Migration } from '@tom/postgres';
import * as init from './0001-init.ts';
import * as erasedRefs from './0002-erased-refs.ts';

/** Everything that this service's database is made of. */
export const migrations: Readonly<Record<string, Migration>> = {
  ...messagingMigrations,
  '0001-init': init,
  '0002-erased-refs': erasedRefs,
};
