import { newId, systemClock } from '@tom/kernel';
import { keepConnected, migrate, silentLogger, sql, type Connection } from '@tom/postgres';
import { createTestDatabase } from '@tom/postgres/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messagingMigrations } from '../src/index.ts';
import { sweep, sweepIdempotency, sweepInbox } from '../src/sweep.ts';
import { createTestService, rowCount, type TestService } from './harness.ts';

const DAY = 86_400_000;

let service: TestService;
beforeEach(async () => {
  service = await createTestService(systemClock);
});
afterEach(() => service.drop());

function withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
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

const sweepAt = (now: Date) => withConnection((connection) => sweep(connection, now, 35, silentLogger));
const insert = sql('t.insert', `insert into inbox values ('g', $1, $2) on conflict do nothing returning 1`);
const add = async (at: Date, id = newId()) => (await service.database.query(insert, [id, at])).length;
const daysOf = async () =>
  (
    await service.database.query<{ name: string }>(
      sql('t.parts', `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'inbox'::regclass order by 1`),
    )
  ).map(({ name }) => name);

describe('the inbox', () => {
  it('is kept in days, and loses those beyond its retention as a whole, and nothing younger', async () => {
    const now = systemClock.now();
    await add(now);
    await add(new Date(now.getTime() + DAY));
    const before = await daysOf();
    await sweepAt(new Date(now.getTime() + 35 * DAY));
    expect(await rowCount(service.database, 'inbox')).toBe(2);
    await sweepAt(new Date(now.getTime() + 36 * DAY));
    expect(await rowCount(service.database, 'inbox')).toBe(1);
    await sweepAt(new Date(now.getTime() + 37 * DAY));
    expect(await rowCount(service.database, 'inbox')).toBe(0);
    const after = await daysOf();
    expect(before).toHaveLength(10);
    expect(after).toContain('inbox_default');
    expect(after.filter((name) => before.includes(name) && name !== 'inbox_default').length).toBeLessThan(8);
  });

  it('takes what has no day yet, and moves it when the day is made: it stays claimed throughout', async () => {
    const later = new Date(systemClock.now().getTime() + 20 * DAY);
    const id = newId();
    expect(await add(later, id)).toBe(1);
    expect(await add(later, id)).toBe(0);
    expect(await rowCount(service.database, 'inbox_default')).toBe(1);
    await sweepAt(later);
    expect(await rowCount(service.database, 'inbox_default')).toBe(0);
    expect(await add(later, id)).toBe(0);
    expect(await rowCount(service.database, 'inbox')).toBe(1);
  });

  it('forgets what was dated before any day by rows, 5,000 at a time, found by index', async () => {
    const fill = sql(
      't.fill',
      `insert into inbox select 'g', gen_random_uuid(), now() - interval '40 days' from generate_series(1, 6000)`,
    );
    await service.database.query(fill);
    expect(await sweepAt(systemClock.now())).toBe(true);
    expect(await rowCount(service.database, 'inbox')).toBe(1_000);
    expect(await sweepAt(systemClock.now())).toBe(false);
    expect(await rowCount(service.database, 'inbox')).toBe(0);
  });

  it('gives way to who uses the table, and goes on the next time', async () => {
    const later = new Date(systemClock.now().getTime() + 40 * DAY);
    await service.database.transaction(async (tx) => {
      await tx.query(insert, [newId(), systemClock.now()]);
      await sweepAt(later);
    });
    expect(await rowCount(service.database, 'inbox')).toBe(1);
    await sweepAt(later);
    expect(await rowCount(service.database, 'inbox')).toBe(0);
  });

  it('keeps what it knew when it is turned into days', async () => {
    const { '0000-messaging': first } = messagingMigrations;
    if (!first) throw new Error('the first migration is gone');
    // As a service that has run its own migrations already: the new ones come between those.
    const own = { '0001-own': { up: async () => undefined } };
    const old = await createTestDatabase({ migrations: { '0000-messaging': first, ...own } });
    try {
      await old.database.query(
        sql(
          't.old',
          `insert into inbox select 'g', gen_random_uuid(), now() - n * interval '5 days' from generate_series(-3, 9) as n`,
        ),
      );
      const all = sql('t.all', 'select * from inbox order by message_time');
      const before = await old.database.query(all);
      await migrate(old.url, { migrations: { ...messagingMigrations, ...own } });
      expect(await old.database.query(sql('t.all2', `${all.text} `))).toEqual(before);
    } finally {
      await old.drop();
    }
  });
});

it('forgets keys of requests after a day, 5,000 at a time', async () => {
  const keys = sql(
    'test.keys',
    `insert into idempotency select 'a', 'r', n::text, 'h', null, now() - n * interval '23 hours'
     from generate_series(1, 3) as n`,
  );
  await service.database.query(keys);
  expect(await sweepAt(systemClock.now())).toBe(false);
  expect(await rowCount(service.database, 'idempotency')).toBe(1);
});

it('finds what is old by index', async () => {
  const fill = [
    `insert into idempotency select 'b', 'r', n::text, 'h', null, now() - n * interval '1 minute'
     from generate_series(1, 5000) as n`,
    `insert into inbox select 'g', gen_random_uuid(), now() - interval '40 days' from generate_series(1, 5000)`,
    'analyze',
  ];
  for (const [n, text] of fill.entries()) await service.database.query(sql(`test.fill${n}`, text));
  for (const [statement, index] of [
    [sweepInbox, 'inbox_default_message_time'],
    [sweepIdempotency, 'idempotency_created_at'],
  ] as const) {
    const text = `explain ${statement.text.replace('$1', `now() - interval '80 days'`)}`;
    const plan = await service.database.query<{ 'QUERY PLAN': string }>(sql(`test.plan.${index}`, text));
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain(index);
  }
});
