import { messagingMigrations } from '@tom/messaging';
import type { Migration } from '@tom/postgres';
import { init } from './0001-task.ts';
import { overdue } from './0002-overdue.ts';
import { reports } from './0004-reports.ts';

/** Everything that task_db consists of. */
export const migrations: Readonly<Record<string, Migration>> = {
  ...messagingMigrations,
  '0001-task': init,
  '0002-overdue': overdue,
  '0004-reports': reports,
};
