import { defineConfig, type ConfigOf } from '@tom/runtime';
import { eventLogChecks, serviceAddresses, serviceEntries, serviceTokenChecks, serviceTokenEntries } from '@tom/service';

export const configDefinition = defineConfig({
  ...serviceEntries({ database: 'stage_db', grpcAddress: '127.0.0.1:7101', opsAddress: '127.0.0.1:7201' }),
  activityService: serviceAddresses.activityService,
  taskService: serviceAddresses.taskService,
  workflowService: serviceAddresses.workflowService,
  ...serviceTokenEntries,
}, [...eventLogChecks, ...serviceTokenChecks]);

export type Config = ConfigOf<typeof configDefinition>;
