import { defineConfig, type ConfigOf } from '@tom/runtime';
import { eventLogChecks, serviceAddresses, serviceEntries } from '@tom/service';

export const configDefinition = defineConfig({
  ...serviceEntries({ database: 'task_db', grpcAddress: '127.0.0.1:7103', opsAddress: '127.0.0.1:7203' }),
  stageService: serviceAddresses.stageService,
  workflowService: serviceAddresses.workflowService,
}, eventLogChecks);

export type Config = ConfigOf<typeof configDefinition>;
