import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createDatabase,
  isTransient,
  isUniqueViolation,
  keepConnected,
  queryBuilder,
  silentLogger,
  sql,
  type Tx,
} from '../src/index.ts';
import { createFaultProxy, createTestDatabase, terminateConnections, type TestDatabase } from '../src/testing.ts';

const migrations = {
  '0001-init': {
    async up(knex: { raw(text: string): PromiseLike<unknown> }) {
      await knex.raw('create table item (id int primary key, at timestamptz(3), big bigint, doc jsonb, day date)');
    },
  },
};
const insert = sql('item.insert', 'insert into item (id) values ($1)');
const bump = sql('item.bump', 'update item set big = coalesce(big, 0) + 1 where id = $1');
const ids = sql('item.ids', 'select id from item order by id');

describe('a database', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase({ migrations });
  });
  afterEach(() => test.database.query(sql('item.clear', 'delete from item')));
  afterAll(() => test.drop());

  const stored = async () => (await test.database.query<{ id: number }>(ids)).map(({ id }) => id);

  it('commits what a transaction did and answers what it answered', async () => {
    const answer = await test.database.transaction(async (tx) => {
      await tx.query(insert, [1]);
      await tx.run(queryBuilder('item').insert({ id: 2 }));
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await stored()).toEqual([1, 2]);
  });

  it('rehearses: answers what would have been, leaves nothing, and does nothing of a commit', async () => {
    let hook = 0;
    const seen = await test.database.rehearse(async (tx) => {
      tx.beforeCommit(() => ({ statement: insert, values: [2] }));
      tx.afterCommit(() => (hook += 1));
      await tx.query(insert, [1]);
      const mode = sql('item.mode', "select current_setting('tom.rehearsal', true) as mode");
      return [await tx.query(ids), await tx.query(mode)];
    });
    expect(seen).toEqual([[{ id: 1 }], [{ mode: 'on' }]]);
    expect(await stored()).toEqual([]);
    expect(hook).toBe(0);
  });

  it('does not wait in a rehearsal for a row that somebody holds', async () => {
    await test.database.transaction((tx) => tx.query(insert, [1]));
    await test.database.transaction(async (tx) => {
      await tx.query(bump, [1]);
      const failing = test.database.rehearse((other) => other.query(bump, [1]));
      await expect(failing).rejects.toSatisfy(isTransient);
    });
  });

  it('rolls back when the work throws, and throws the same', async () => {
    const error = new Error('no');
    const failing = test.database.transaction(async (tx) => {
      await tx.query(insert, [1]);
      throw error;
    });
    await expect(failing).rejects.toBe(error);
    expect(await stored()).toEqual([]);
  });

  it('fails when an error was swallowed and COMMIT was answered with ROLLBACK', async () => {
    let hook = 0;
    const swallowing = test.database.transaction(async (tx) => {
      tx.afterCommit(() => (hook += 1));
      await tx.query(insert, [1]);
      await tx.query(insert, [1]).catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow('ROLLBACK');
    expect(hook).toBe(0);
    expect(await stored()).toEqual([]);
  });

  it('sends what is due before the commit together with it, and fails with its failure', async () => {
    await test.database.transaction(async (tx) => {
      tx.beforeCommit(() => ({ statement: insert, values: [2] }));
      tx.beforeCommit(() => undefined);
      await tx.query(insert, [1]);
    });
    expect(await stored()).toEqual([1, 2]);
    const failing = test.database.transaction(async (tx) => {
      tx.beforeCommit(() => ({ statement: insert, values: [1] }));
      await tx.query(insert, [3]);
    });
    await expect(failing).rejects.toSatisfy((error) => isUniqueViolation(error, 'item_pkey'));
    expect(await stored()).toEqual([1, 2]);
  });

  it('calls the hooks after the commit, once, also when the work was run twice', async () => {
    await test.database.query(insert, [1]);
    await test.database.query(insert, [2]);
    let [runs, hooks, holding] = [0, 0, 0];
    let bothHold = (): void => undefined;
    const crossed = new Promise<void>((resolve) => (bothHold = resolve));
    const crossing = (first: number, second: number) =>
      test.database.transaction(async (tx) => {
        runs += 1;
        tx.afterCommit(() => (hooks += 1));
        await tx.query(bump, [first]);
        holding += 1;
        if (holding === 2) bothHold();
        await crossed;
        await tx.query(bump, [second]);
      });
    await Promise.all([crossing(1, 2), crossing(2, 1)]);
    expect(runs).toBe(3); // two, and the one that lost the deadlock again
    expect(hooks).toBe(2);
    expect(await test.database.query(sql('item.bigs', 'select big from item order by id'))).toEqual([
      { big: 2 },
      { big: 2 },
    ]);
  });

  it('refuses a query that comes after its transaction ended', async () => {
    let escaped: Tx | undefined;
    await test.database.transaction(async (tx) => {
      escaped = tx;
    });
    await expect(escaped?.query(ids)).rejects.toThrow('has ended');
  });

  it('reads int8 as a number that is exact, instants as Date, jsonb parsed, a date as its text', async () => {
    const at = new Date('2026-03-01T09:00:00.123Z');
    const write = sql('item.types', 'insert into item (id, at, big, doc, day) values ($1, $2, $3, $4, $5)');
    await test.database.query(write, [1, at, 9007199254740991, { a: [1] }, '2026-03-01']);
    const [row] = await test.database.query(sql('item.all', 'select at, big, doc, day from item'));
    expect(row).toEqual({ at, big: 9007199254740991, doc: { a: [1] }, day: '2026-03-01' });
    await expect(test.database.query(sql('item.huge', 'select 9007199254740993::bigint as big'))).rejects.toThrow(
      'beyond',
    );
    expect(await test.database.query(ids)).toEqual([{ id: 1 }]);
  });

  it('prepares a named statement once on each connection', async () => {
    const single = createDatabase({ connectionString: test.url, applicationName: 'test', maxConnections: 1 });
    for (let n = 0; n < 3; n += 1) await single.query(sql('item.named', 'select $1::int as n'), [n]);
    const prepared = sql(
      'item.prepared',
      `select count(*) as size from pg_prepared_statements where name = 'item.named'`,
    );
    expect(await single.query(prepared)).toEqual([{ size: 1 }]);
    await expect(single.query(sql('item.named', 'select 2'))).rejects.toThrow('must be unique');
    await single.close();
  });

  it('calls a terminated backend transient, keeps no broken connection, and goes on', async () => {
    const sleeping = test.database.transaction((tx) => tx.query(sql('item.sleep', 'select pg_sleep(10)')));
    const failure = sleeping.then(
      () => undefined,
      (error: unknown) => error,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await terminateConnections(test.url)).toBeGreaterThan(0);
    expect(isTransient(await failure)).toBe(true);
    for (let n = 0; n < 20; n += 1) await test.database.transaction((tx) => tx.query(insert, [n]));
    expect(await stored()).toHaveLength(20);
  });

  it('calls a statement that runs too long transient and keeps the connection', async () => {
    const hasty = createDatabase({
      connectionString: test.url,
      applicationName: 'test',
      maxConnections: 1,
      statementTimeoutMs: 100,
    });
    const slow = hasty.query(sql('item.slow', 'select pg_sleep(5)')).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(isTransient(await slow)).toBe(true);
    expect(await hasty.query(sql('item.one', 'select 1 as n'))).toEqual([{ n: 1 }]);
    await hasty.close();
  });

  it('is made while the server is away, fails as transient, and works once it is there', async () => {
    const proxy = await createFaultProxy(test.url);
    await proxy.cut();
    const database = createDatabase({ connectionString: proxy.url, applicationName: 'test' });
    const away = await database.ping().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(isTransient(away)).toBe(true);
    const begun = await database
      .transaction(async (tx) => tx.query(ids))
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(isTransient(begun)).toBe(true);
    await proxy.restore();
    await database.ping();
    await proxy.cut();
    await expect(database.ping()).rejects.toSatisfy(isTransient);
    await proxy.restore();
    await database.ping();
    await database.close();
    await proxy.close();
  });

  it('does not call a refusal of the data transient', async () => {
    await test.database.query(insert, [1]);
    const twice = await test.database.query(insert, [1]).catch((error: unknown) => error);
    expect(isTransient(twice)).toBe(false);
    expect(isUniqueViolation(twice)).toBe(true);
    expect(isUniqueViolation(twice, 'another')).toBe(false);
    expect(isTransient(new Error('no'))).toBe(false);
    expect(isTransient(new Error('outer', { cause: Object.assign(new Error('inner'), { code: '57P01' }) }))).toBe(true);
  });

  it('keeps a connection for sessions, opened again after each loss', async () => {
    let sessions = 0;
    const heard: string[] = [];
    const kept = keepConnected({
      connectionString: test.url,
      applicationName: 'kept',
      logger: silentLogger,
      session: async (connection, signal) => {
        connection.onNotification((channel, payload) => heard.push(`${channel} ${payload}`));
        await connection.execute('listen news');
        sessions += 1;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      },
    });
    await expect.poll(() => sessions).toBe(1);
    await terminateConnections(test.url);
    await expect.poll(() => sessions).toBe(2);
    await test.database.query(sql('item.notify', `select pg_notify('news', 'one')`));
    await expect.poll(() => heard).toEqual(['news one']);
    await kept.stop();
    const left = sql('item.left', `select count(*) as size from pg_stat_activity where application_name = 'kept'`);
    await expect.poll(() => test.database.query(left)).toEqual([{ size: 0 }]);
  });
});
