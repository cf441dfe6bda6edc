import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, sql, type Migration } from '../src/index.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing.ts';

const step = (text: string): Migration => ({
  async up(knex) {
    await knex.raw(text);
  },
});

describe('migrate', () => {
  let test: TestDatabase;
  beforeEach(async () => {
    test = await createTestDatabase({ migrations: {} });
  });
  afterEach(() => test.drop());

  it('runs what is missing in the order of the names, once, also when several start together', async () => {
    const migrations = { '0002-b': step('alter table a add column b int'), '0001-a': step('create table a (id int)') };
    const ran = await Promise.all([1, 2, 3].map(() => migrate(test.url, { migrations })));
    expect(ran.flat()).toEqual(['0001-a', '0002-b']);
    const more = { ...migrations, '0003-c': step('alter table a add column c int') };
    expect(await migrate(test.url, { migrations: more })).toEqual(['0003-c']);
    expect(await migrate(test.url, { migrations: more })).toEqual([]);
  });

  it('leaves nothing of a step that fails, and says which', async () => {
    const migrations = {
      '0001-a': step('create table a (id int)'),
      '0002-b': step('create table b (id int); select 1 / 0'),
    };
    await expect(migrate(test.url, { migrations })).rejects.toThrow('division by zero');
    const tables = sql('t.tables', `select to_regclass('b') as b`);
    expect(await test.database.query(tables)).toEqual([{ b: null }]);
    const mended = { ...migrations, '0002-b': step('create table b (id int)') };
    expect(await migrate(test.url, { migrations: mended })).toContain('0002-b');
  });

  it('is not stopped by the lock row that a killed process left behind', async () => {
    const migrations = { '0001-a': step('create table a (id int)') };
    await migrate(test.url, { migrations });
    await test.database.query(sql('t.stuck', 'update schema_migration_lock set is_locked = 1'));
    expect(
      await migrate(test.url, { migrations: { ...migrations, '0002-b': step('create table b (id int)') } }),
    ).toEqual(['0002-b']);
  });
});
