import { parsers, type ConfigDefinition, type ConfigOf } from '@tom/runtime';
import { callEntries } from './call-entries.ts';
import { eventLogEntries } from './event-log.ts';

/** Where each service is called; a service names those that it calls among its own entries. */
export const serviceAddresses = {
  stageService: { meaning: 'address of stage-service', env: 'STAGE_SERVICE_ADDRESS', parse: parsers.addresses, default: '127.0.0.1:7101' },
  activityService: { meaning: 'address of activity-service', env: 'ACTIVITY_SERVICE_ADDRESS', parse: parsers.addresses, default: '127.0.0.1:7102' },
  taskService: { meaning: 'address of task-service', env: 'TASK_SERVICE_ADDRESS', parse: parsers.addresses, default: '127.0.0.1:7103' },
  workflowService: { meaning: 'address of workflow-service', env: 'WORKFLOW_SERVICE_ADDRESS', parse: parsers.addresses, default: '127.0.0.1:7104' },
} as const;

/** The settings that every service has, to be spread into its `defineConfig`; the addresses given are the defaults. */
export function serviceEntries(own: {
  readonly database: string;
  readonly grpcAddress: string;
  readonly opsAddress: string;
}) {
  return {
    databaseUrl: { meaning: `Postgres URL of ${own.database}`, env: 'DATABASE_URL', parse: parsers.postgresUrl, secret: true },
    ...eventLogEntries,
    ...callEntries,
    grpcAddress: { meaning: 'address of the gRPC server', env: 'GRPC_ADDRESS', parse: parsers.address, default: own.grpcAddress },
    opsAddress: { meaning: 'address of health and metrics', env: 'OPS_ADDRESS', parse: parsers.address, default: own.opsAddress },
    configDir: { meaning: 'folder of the shared configuration', env: 'CONFIG_DIR', parse: parsers.path, default: 'config' },
    trustedKeysFile: { meaning: 'JWKS file of the keys whose tokens count', env: 'TRUSTED_KEYS_FILE', parse: parsers.path, optional: true },
    oidcIssuer: { meaning: 'OIDC issuer; replaces the built-in one', env: 'OIDC_ISSUER', parse: parsers.httpUrl, optional: true },
    oidcAudience: { meaning: 'audience that tokens must name', env: 'OIDC_AUDIENCE', parse: parsers.text, optional: true },
    oidcRolesClaim: { meaning: 'claim with the roles', env: 'OIDC_ROLES_CLAIM', parse: parsers.text, default: 'roles' },
    oidcUserClaim: { meaning: 'claim with the user id', env: 'OIDC_USER_CLAIM', parse: parsers.text, default: 'preferred_username' },
    parkedKeys: { meaning: 'keys that may wait behind a dead letter before a partition stops', env: 'PARKED_KEYS', parse: parsers.integer({ min: 1 }), default: 1_000 },
    parkedMessages: { meaning: 'dead letters, parked ones included, before a partition stops', env: 'PARKED_MESSAGES', parse: parsers.integer({ min: 1 }), default: 10_000 },
    maxConcurrentCalls: { meaning: 'gRPC calls under way at once; more are refused', env: 'MAX_CONCURRENT_CALLS', parse: parsers.integer({ min: 1 }), default: 512 },
    logLevel: { meaning: 'least level that is logged', env: 'LOG_LEVEL', parse: parsers.logLevel, default: 'info' },
  } as const;
}

/** What the entries of every service are read into. */
export type ServiceConfig = ConfigOf<ConfigDefinition<ReturnType<typeof serviceEntries>>>;
