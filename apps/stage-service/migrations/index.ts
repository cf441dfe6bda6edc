import { messagingMigrations } from '@tom/messaging';
import type { Migration } from '@tom/postgres';
import * as init from './0001-init.ts';
import * as erasedRefs from './0002-erased-refs.ts';
import * as reports from './0003-reports.ts';

/** Everything that this service's database is made of. */
export const migrations: Readonly<Record<string, Migration>> = {
  ...messagingMigrations,
  '0001-init': init,
  '0002-erased-refs': erasedRefs,
  '0003-reports': reports,
};
