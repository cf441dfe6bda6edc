import knex, { type Knex } from 'knex';
import pg from 'pg';
import { clientConfig } from './connection-settings.ts';
import { silentLogger, type Logger } from './logger.ts';

/** One step of a schema; runs once, in its own transaction, and is never edited once merged. */
export interface Migration {
  up(knex: Knex): Promise<void>;
}

/**
 * Migrations by name, run in the order of their names. `lockKey` sets databases that share a server apart; rarely
 * needed.
 */
export interface MigrateOptions {
  readonly migrations: Readonly<Record<string, Migration>>;
  readonly lockKey?: number;
  readonly logger?: Logger;
}

const LOCK_KEY = 7_101_001;

/**
 * Runs what is missing and answers the names that it ran. Processes that start together take turns under an advisory
 * lock. Waiting while the server is away is the caller's affair. Migrations are imported modules, not a directory:
 * a directory does not survive bundling.
 */
export async function migrate(connectionString: string, options: MigrateOptions): Promise<string[]> {
  const logger = options.logger ?? silentLogger;
  const lock = new pg.Client({
    ...clientConfig({ connectionString, applicationName: 'migrate', statementTimeoutMs: 300_000 }),
    pipeline: false,
  } as pg.ClientConfig);
  lock.on('error', (error) =>
    logger.warn({ error: error.message }, 'the connection that holds the migration lock was lost'),
  );
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [options.lockKey ?? LOCK_KEY]);
    const builder = knex({
      client: 'pg',
      connection: { connectionString, application_name: 'migrate' },
      pool: { min: 0, max: 1 },
      log: knexLog(logger),
    });
    try {
      const settings = { migrationSource: sourceOf(options.migrations), tableName: 'schema_migration' };
      // Knex's own lock is a row that a killed process leaves behind for ever; the advisory lock ends with its session.
      await builder.migrate.forceFreeMigrationsLock(settings);
      const [, ran] = (await builder.migrate.latest(settings)) as [number, string[]];
      if (ran.length > 0) logger.info({ migrations: ran }, 'database migrated');
      return ran;
    } finally {
      await builder.destroy();
    }
  } finally {
    await lock.end().catch(() => undefined);
  }
}

/** Knex writes to the console unless told otherwise. */
function knexLog(logger: Logger): NonNullable<Knex.Config['log']> {
  const say = (level: 'debug' | 'warn' | 'error') => (message: unknown) => logger[level]({}, String(message));
  return { debug: say('debug'), deprecate: say('debug'), warn: say('warn'), error: say('error') };
}

function sourceOf(migrations: Readonly<Record<string, Migration>>): Knex.MigrationSource<string> {
  return {
    getMigrations: async () => Object.keys(migrations).sort(),
    getMigrationName: (name) => name,
    getMigration: async (name) => {
      const migration = migrations[name];
      if (!migration) throw new Error(`There is no migration ${name}`);
      return { up: (builder: Knex) => migration.up(builder), down: async () => undefined };
    },
  };
}
