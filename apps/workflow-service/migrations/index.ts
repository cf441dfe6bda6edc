import { messagingMigrations } from '@tom/messaging';
import type { Migration } from '@tom/postgres';
import { init } from './0001-init.ts';
import { rules } from './0002-rules.ts';
import { caseWork } from './0003-case-work.ts';

/** Everything that workflow_db consists of. */
export const migrations: Readonly<Record<string, Migration>> = {
  ...messagingMigrations,
  '0001-init': init,
  '0002-rules': rules,
  '0003-case-work': caseWork,
};
