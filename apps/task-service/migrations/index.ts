import { messagingMigrations } from '@tom/messaging';
import type { Migration } from '@tom/postgres';
import { init } from './0001-task.ts';

/** Everything that task_db consists of. */
export const migrations: Readonly<Record<string, Migration>> = { ...messagingMigrations, '0001-task': init };
