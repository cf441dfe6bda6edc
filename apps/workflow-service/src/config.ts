import { defineConfig, type ConfigOf } from '@tom/runtime';
import { eventLogChecks, serviceAddresses, serviceEntries } from '@tom/service';

export const configDefinition = defineConfig({
  ...serviceEntries({ database: 'workflow_db', grpcAddress: '127.0.0.1:7104', opsAddress: '127.0.0.1:7204' }),
  stageService: serviceAddresses.stageService,
  activityService: serviceAddresses.activityService,
  taskService: serviceAddresses.taskService,
}, eventLogChecks);

export type Config = ConfigOf<typeof configDefinition>;
