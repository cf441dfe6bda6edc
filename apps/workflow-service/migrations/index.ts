import { messagingMigrations } from '@tom/messaging';
import type { Migration } from '@tom/postgres';
import { init } from './0001-init.ts';
import { rules } from './0002-rules.ts';

/** Everything that workflow_db consists of. */
export const migrations: Readonly<Record<string, Migration>> = {
  ...messagingMigrations,
  '0001-init': init,
  '0002-rules': rules,
};
