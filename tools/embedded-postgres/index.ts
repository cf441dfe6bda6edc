export { canEnter, serverAccount } from './account.ts';
export { startPostgres, type Postgres, type PostgresOptions } from './start-postgres.ts';
export { startTemporaryPostgres } from './temporary-postgres.ts';
export { PostgresError } from './postgres-error.ts';
export { freePort, portProblem } from './free-port.ts';
export { guardOf } from './parent-guard.ts';
