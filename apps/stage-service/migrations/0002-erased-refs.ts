import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- References of erased companies, as the id that a company registered under it would have: enough to know one again,
    -- not to read it.
    create table erased_ref (ref_id uuid primary key);
  `);
}
