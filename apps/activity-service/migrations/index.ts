import { messagingMigrations } from '@tom/messaging';
import type { Migration } from '@tom/postgres';
import { activities } from './0001-activities.ts';
import { timelineRebuild } from './0002-timeline-rebuild.ts';
import { reports } from './0003-reports.ts';
import { dayReports } from './0004-day-reports.ts';

/** Everything that activity_db consists of, in the order of the names. */
export const migrations: Readonly<Record<string, Migration>> = {
  ...messagingMigrations,
  '0001-activities': activities,
  '0002-timeline-rebuild': timelineRebuild,
  '0003-reports': reports,
  '0004-day-reports': dayReports,
};
