import { startTemporaryPostgres } from './temporary-postgres.ts';

/**
 * One Postgres for a whole test run; its superuser's URL is in TEST_POSTGRES_URL. A server that the variable already
 * names is used as it is.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_POSTGRES_URL) return undefined;
  const postgres = await startTemporaryPostgres();
  process.env.TEST_POSTGRES_URL = postgres.url();
  return async () => {
    delete process.env.TEST_POSTGRES_URL;
    await postgres.stop();
  };
}
