import type { Route } from '../edge/route.ts';
import type { RouteContext } from './context.ts';
import { activitiesReport } from './report-activities.ts';
import { queuesReport } from './report-queues.ts';
import { stageReports } from './report-stages.ts';

/** How companies, work and days went; every figure with what lists the things behind it. */
export function reportRoutes(context: RouteContext): Route[] {
  return [...stageReports(context), queuesReport(context), activitiesReport(context)];
}
