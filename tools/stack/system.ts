/** What the system consists of: the services with a database each, the event log's database, and the gateway. */
export const services = [
  { app: 'stage-service', database: 'stage_db', role: 'stage_service', address: 'STAGE_SERVICE_ADDRESS' },
  { app: 'activity-service', database: 'activity_db', role: 'activity_service', address: 'ACTIVITY_SERVICE_ADDRESS' },
  { app: 'task-service', database: 'task_db', role: 'task_service', address: 'TASK_SERVICE_ADDRESS' },
  { app: 'workflow-service', database: 'workflow_db', role: 'workflow_service', address: 'WORKFLOW_SERVICE_ADDRESS' },
] as const;

export const eventLog = { database: 'event_log_db', role: 'event_log' } as const;

export const apps = [...services.map(({ app }) => app), 'gateway'] as const;

export type AppName = (typeof services)[number]['app'] | 'gateway';
/** Everything that runs as a process of its own. */
export type ProcessName = AppName | `${AppName}-${number}` | 'postgres' | 'kafka';
/** Where the log of events is. */
export type Transport = 'postgres' | 'kafka';

export const databases = [...services, eventLog].map(({ database, role }) => ({ database, role }));
