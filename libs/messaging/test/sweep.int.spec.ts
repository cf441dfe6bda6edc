import { systemClock } from '@tom/kernel';
import { keepConnected, silentLogger, sql, type Connection } from '@tom/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweep, sweepIdempotency, sweepInbox } from '../src/sweep.ts';
import { createTestService, rowCount, type TestService } from './harness.ts';

let service: TestService;
beforeAll(async () => {
  service = await createTestService(systemClock);
});
afterAll(() => service.drop());

function withConnection(work: (connection: Connection) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const kept = keepConnected({
      connectionString: service.url,
      applicationName: 'test',
      logger: silentLogger,
      session: async (connection) => {
        await work(connection).then(resolve, reject);
        void kept.stop();
      },
    });
  });
}

it('removes what is beyond its retention, 5,000 rows at a time, and nothing younger', async () => {
  const fill = sql(
    'test.fill',
    `insert into inbox select 'g', gen_random_uuid(), now() - n * interval '36 days' from generate_series(0, 1) as n,
       generate_series(1, 6000)`,
  );
  const keys = sql(
    'test.keys',
    `insert into idempotency select 'a', 'r', n::text, 'h', null, now() - n * interval '23 hours'
     from generate_series(1, 3) as n`,
  );
  await service.database.query(fill);
  await service.database.query(keys);
  await withConnection((connection) => sweep(connection, new Date(), 35));
  expect(await rowCount(service.database, 'inbox')).toBe(7_000);
  expect(await rowCount(service.database, 'idempotency')).toBe(1);
  await withConnection((connection) => sweep(connection, new Date(), 35));
  expect(await rowCount(service.database, 'inbox')).toBe(6_000);
});

it('finds what is old by index', async () => {
  const fill = sql(
    'test.many',
    `insert into idempotency select 'b', 'r', n::text, 'h', null, now() - n * interval '1 minute'
     from generate_series(1, 5000) as n`,
  );
  await service.database.query(fill);
  await service.database.query(sql('test.analyze', 'analyze'));
  for (const [statement, index] of [
    [sweepInbox, 'inbox_message_time'],
    [sweepIdempotency, 'idempotency_created_at'],
  ] as const) {
    const text = `explain ${statement.text.replace('$1', `now() - interval '80 hours'`)}`;
    const plan = await service.database.query<{ 'QUERY PLAN': string }>(sql(`test.plan.${index}`, text));
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain(index);
  }
});
