import { newId } from '@tom/kernel';
import { sql, type Database } from '@tom/postgres';
import { createTestDatabase, type TestDatabase } from '@tom/postgres/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../migrations/index.ts';
import { whyStatements } from '../src/adapters/why-facts.ts';

const ORG = '00000000-0000-4000-8000-000000000001';
const CASE = '10000000-0000-4000-8000-000000000001';
const NOW = new Date('2026-03-10T11:00:00.000Z');

let test: TestDatabase;
let database: Database;

/** 100,000 events of 2,000 companies, two looks at each, and what their cases told. */
const fills = [
  `insert into observed_event (event_id, type, org_id, aggregate_id, revision, occurred_at, correlation_id, codes)
   select gen_random_uuid(), case n % 4 when 0 then 'OrgStageChanged' else 'TaskUpdated' end,
     ('00000000-0000-4000-8000-' || lpad((n % 2000)::text, 12, '0'))::uuid, gen_random_uuid(), 1,
     $1::timestamptz - n * interval '1 minute', gen_random_uuid(), '{}'
   from generate_series(1, 100000) n`,
  `insert into rule_evaluation (event_id, template, template_version, rule, place_id, org_id, fired, parts, evaluated_at)
   select event_id, 'work_lead', 1, 'rule' || m, ('10000000-0000-4000-8000-' || right(org_id::text, 12))::uuid, org_id,
     m = 1, '[]', occurred_at from observed_event, generate_series(1, 2) m where occurred_at <= $1`,
  `insert into case_history (event_id, org_id, aggregate_id, revision, type, occurred_at, envelope)
   select event_id, org_id, ('10000000-0000-4000-8000-' || right(org_id::text, 12))::uuid,
     row_number() over (partition by org_id order by occurred_at), 'tom.workflow.v1.CaseUpdated', occurred_at, '{}'
   from observed_event where occurred_at <= $1`,
];

beforeAll(async () => {
  test = await createTestDatabase({ migrations });
  ({ database } = test);
  for (const [index, text] of fills.entries()) await database.query(sql(`test.fill.${index}`, text), [NOW]);
  await database.query(sql('test.analyze', 'analyze'));
}, 60_000);
afterAll(() => test.drop());

describe('with 100,000 events', () => {
  const latest = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  const values: Record<keyof typeof whyStatements, readonly unknown[]> = {
    seen: [newId()],
    firedAt: [newId()],
    firedByRule: [CASE, 'work_lead', 'rule1'],
    firedInChain: [ORG, newId(), NOW],
    latestStage: [ORG],
    openedWith: [ORG, newId()],
    opening: [CASE],
    told: [newId()],
    idle: [ORG, new Date(0), NOW, latest, 51],
    idleLooks: [[newId(), newId()]],
  };

  it.each(Object.keys(values) as (keyof typeof whyStatements)[])('%s goes by an index', async (name) => {
    const { text } = whyStatements[name];
    const rows = await database.query<Record<string, string>>(
      sql(`explain.${name}`, `explain (analyze, buffers, timing off, costs off) ${text}`),
      values[name],
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index');
    expect(plan).not.toContain('Seq Scan');
    expect(Number(/Buffers: shared hit=(\d+)/.exec(plan)?.[1] ?? 0)).toBeLessThan(1_000);
  });
});
