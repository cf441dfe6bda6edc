export { callEntries } from './call-entries.ts';
export { eventLogChecks, eventLogEntries, openEventLog, type EventLog, type EventLogConfig } from './event-log.ts';
export { serviceAddresses, serviceEntries, type ServiceConfig } from './service-entries.ts';
export { serviceTokenChecks, serviceTokenEntries, serviceTokensOf, type ServiceTokenConfig } from './service-token-entries.ts';
export {
  runService,
  type Built,
  type Connect,
  type RunningService,
  type Served,
  type Service,
  type ServiceParts,
  type Surroundings,
} from './run-service.ts';
