import { defineConfig, parsers, type ConfigOf } from '@tom/runtime';
import { eventLogChecks, serviceAddresses, serviceEntries, serviceTokenChecks, serviceTokenEntries } from '@tom/service';

export const configDefinition = defineConfig({
  ...serviceEntries({ database: 'activity_db', grpcAddress: '127.0.0.1:7102', opsAddress: '127.0.0.1:7202' }),
  stageService: serviceAddresses.stageService,
  taskService: serviceAddresses.taskService,
  workflowService: serviceAddresses.workflowService,
  ...serviceTokenEntries,
  waitingReportDays: { meaning: 'days that a report waits for its company', env: 'WAITING_REPORT_DAYS', parse: parsers.integer({ min: 1, max: 30 }), default: 14 },
}, [...eventLogChecks, ...serviceTokenChecks]);

export type Config = ConfigOf<typeof configDefinition>;
