import { migrate, sql } from '@tom/postgres';
import { createTestDatabase } from '@tom/postgres/testing';
import { expect, it } from 'vitest';
import { migrations } from '../migrations/index.ts';

it('what was there before reports were counted is counted too', async () => {
  const { '0003-reports': _added, ...before } = migrations;
  const test = await createTestDatabase({ migrations: before });
  try {
    const { database } = test;
    const run = (name: string, text: string) => database.query<Record<string, unknown>>(sql(`test.${name}`, text));
    await run(
      'org',
      `insert into org (org_id, org_kind, status, current_stage, stage_since, was_customer, version, revision, created_at, created_by, updated_at, updated_by)
       select ('00000000-0000-4000-8000-00000000000' || n)::uuid, 'customer', 'lead', 'QUALIFYING', '2026-03-05T08:00:00Z', false, 1, 1, '2026-03-01T08:00:00Z', 'x', '2026-03-01T08:00:00Z', 'x'
       from generate_series(1, 2) n`,
    );
    await run(
      'history',
      `insert into org_stage_history (event_id, org_id, revision, from_stage, to_stage, at, actor, facts, stages_version)
       select gen_random_uuid(), ('00000000-0000-4000-8000-00000000000' || o)::uuid, revision, from_stage, to_stage, at, 'x', '{}', 1
       from (values (1, 2, null, 'UNVERIFIED', timestamptz '2026-03-01T08:00:00Z'), (1, 3, 'UNVERIFIED', 'QUALIFYING', '2026-03-05T08:00:00Z'),
         (2, 2, null, 'CUSTOMER', '2026-03-01T08:00:00Z'), (2, 3, 'CUSTOMER', 'ARCHIVED', '2026-03-02T08:00:00Z'),
         (2, 4, 'ARCHIVED', 'UNVERIFIED', '2026-03-03T08:00:00Z'), (2, 5, 'UNVERIFIED', 'QUALIFYING', '2026-03-05T08:00:00Z'))
         h(o, revision, from_stage, to_stage, at)`,
    );
    await migrate(test.url, { migrations });
    expect(await run('journeys', 'select begun_at, visited, current_stage from org_journey order by org_id')).toEqual([
      { begun_at: new Date('2026-03-01T08:00:00Z'), visited: ['QUALIFYING', 'UNVERIFIED'], current_stage: 'QUALIFYING' },
      { begun_at: new Date('2026-03-03T08:00:00Z'), visited: ['QUALIFYING', 'UNVERIFIED'], current_stage: 'QUALIFYING' },
    ]);
    const stays = await run('stays', `select extract(epoch from at - from_since)::int / 86400 as days from org_stage_history order by org_id, revision`);
    expect(stays.map(({ days }) => days)).toEqual([null, 4, null, 1, 1, 2]);
  } finally {
    await test.drop();
  }
});
