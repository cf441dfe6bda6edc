export { createDatabase, type Database, type DatabaseOptions, type KnexQuery, type Tx } from './database.ts';
export { sql, type Statement } from './statement.ts';
export { queryBuilder } from './query-builder.ts';
export { migrate, type Migration, type MigrateOptions } from './migrate.ts';
export { isTransient, isUniqueViolation } from './errors.ts';
export { groupCommit, type GroupCommitOptions } from './group-commit.ts';
export { keepConnected, type Connection, type KeepConnectedOptions, type KeptConnection } from './keep-connected.ts';
export { silentLogger, type Logger } from './logger.ts';
