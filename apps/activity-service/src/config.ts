import { defineConfig, parsers, type ConfigOf } from '@tom/runtime';

export const configDefinition = defineConfig({
  databaseUrl: { meaning: 'Postgres URL of activity_db', env: 'DATABASE_URL', parse: parsers.postgresUrl, secret: true },
  eventLogUrl: { meaning: 'Postgres URL of the event log', env: 'EVENT_LOG_URL', parse: parsers.postgresUrl, secret: true },
  grpcAddress: { meaning: 'address of the gRPC server', env: 'GRPC_ADDRESS', parse: parsers.address, default: '127.0.0.1:7102' },
  opsAddress: { meaning: 'address of health and metrics', env: 'OPS_ADDRESS', parse: parsers.address, default: '127.0.0.1:7202' },
  stageService: { meaning: 'address of stage-service', env: 'STAGE_SERVICE_ADDRESS', parse: parsers.address, default: '127.0.0.1:7101' },
  taskService: { meaning: 'address of task-service', env: 'TASK_SERVICE_ADDRESS', parse: parsers.address, default: '127.0.0.1:7103' },
  workflowService: { meaning: 'address of workflow-service', env: 'WORKFLOW_SERVICE_ADDRESS', parse: parsers.address, default: '127.0.0.1:7104' },
  configDir: { meaning: 'folder of the shared configuration', env: 'CONFIG_DIR', parse: parsers.path, default: 'config' },
  serviceKeyFile: { meaning: 'file with the private key of this service', env: 'SERVICE_KEY_FILE', parse: parsers.path },
  waitingReportDays: { meaning: 'days that a report waits for its company', env: 'WAITING_REPORT_DAYS', parse: parsers.integer({ min: 1, max: 30 }), default: 14 },
  trustedKeysFile: { meaning: 'JWKS file of the keys whose tokens count', env: 'TRUSTED_KEYS_FILE', parse: parsers.path, optional: true },
  oidcIssuer: { meaning: 'OIDC issuer; replaces the built-in one', env: 'OIDC_ISSUER', parse: parsers.httpUrl, optional: true },
  oidcAudience: { meaning: 'audience that tokens must name', env: 'OIDC_AUDIENCE', parse: parsers.text, optional: true },
  oidcRolesClaim: { meaning: 'claim with the roles', env: 'OIDC_ROLES_CLAIM', parse: parsers.text, default: 'roles' },
  oidcUserClaim: { meaning: 'claim with the user id', env: 'OIDC_USER_CLAIM', parse: parsers.text, default: 'preferred_username' },
  logLevel: { meaning: 'least level that is logged', env: 'LOG_LEVEL', parse: parsers.logLevel, default: 'info' },
});

export type Config = ConfigOf<typeof configDefinition>;
