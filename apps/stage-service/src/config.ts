import { defineConfig, parsers, type ConfigOf } from '@tom/runtime';
import { eventLogChecks, serviceAddresses, serviceEntries } from '@tom/service';

export const configDefinition = defineConfig({
  ...serviceEntries({ database: 'stage_db', grpcAddress: '127.0.0.1:7101', opsAddress: '127.0.0.1:7201' }),
  activityService: serviceAddresses.activityService,
  taskService: serviceAddresses.taskService,
  workflowService: serviceAddresses.workflowService,
  serviceKeyFile: { meaning: 'file with the private key of this service', env: 'SERVICE_KEY_FILE', parse: parsers.path },
}, eventLogChecks);

export type Config = ConfigOf<typeof configDefinition>;
