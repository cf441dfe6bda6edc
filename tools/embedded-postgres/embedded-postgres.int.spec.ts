import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { startTemporaryPostgres } from './index.ts';

describe('embedded Postgres', () => {
  it('starts', async () => {
    const client = new Client({ connectionString: process.env.TEST_POSTGRES_URL });
    await client.connect();
    const { rows } = await client.query('select version(), current_user, current_database(), current_setting(\'fsync\'), (select datlocale from pg_database limit 1)');
    console.log(rows);
    expect(rows).toHaveLength(1);
    await client.end();
    const t0 = performance.now();
    const p = await startTemporaryPostgres();
    console.log(performance.now() - t0);
    await p.stop();
  });
});
