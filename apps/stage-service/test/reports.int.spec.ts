import { sql, type Database, type Statement } from '@tom/postgres';
import { createTestDatabase, type TestDatabase } from '@tom/postgres/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../migrations/index.ts';
import { listOrgs, type OrgFilter } from '../src/adapters/org-list.ts';
import { searchOrgs } from '../src/adapters/org-search.ts';
import { countJourneys, journeysIn, staysEndedIn, staysIn, staysNow, timeInStage } from '../src/adapters/reports.ts';
import { funnelOf } from '../src/domain/journey.ts';

const COMPANIES = 100_000;
const NOW = new Date('2026-03-10T11:00:00.000Z');
const DAY_MS = 86_400_000;
const PATH = ['UNVERIFIED', 'QUALIFYING', 'QUALIFIED_LEAD', 'SALES_ACCEPTED', 'CUSTOMER'];
const lastMonth = { begins: new Date(NOW.getTime() - 30 * DAY_MS), ends: NOW };

let test: TestDatabase;
let database: Database;

/** 100,000 companies of the last two years, each as far as its number says, with 300,000 rows of history. */
const fillOrgs = sql(
  'test.fill_orgs',
  `insert into org (org_id, name, org_kind, status, current_stage, stage_since, industry, was_customer, version, revision,
     created_at, created_by, updated_at, updated_by)
   select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Company ' || n, 'customer', 'lead', stages[least(n % 7 + 1, 5)],
     $1::timestamptz - n * interval '10 minutes' + interval '9 minutes', 'Industry ' || n % 20, false, 1, 1, $1::timestamptz - n * interval '10 minutes', 'x', $1, 'x'
   from generate_series(1, ${COMPANIES}) n, (select $2::text[] as stages) s`,
);
const fillHistory = sql(
  'test.fill_history',
  `insert into org_stage_history (event_id, org_id, revision, from_stage, from_since, to_stage, at, actor, facts, stages_version)
   select gen_random_uuid(), o.org_id, i + 1, ($1::text[])[i - 1], case when i > 1 then o.created_at + (i - 2) * interval '2 minutes' end,
     ($1::text[])[i], o.created_at + (i - 1) * interval '2 minutes', 'x', '{}', 1
   from org o cross join lateral generate_series(1, array_position($1::text[], o.current_stage)) i`,
);
const fillJourneys = sql(
  'test.fill_journeys',
  `insert into org_journey (org_id, begun_at, visited, current_stage)
   select org_id, created_at, array(select unnest(($1::text[])[1:array_position($1::text[], current_stage)]) order by 1), current_stage from org`,
);
const fillRest = sql('test.fill_outlook', 'insert into org_outlook (org_id) select org_id from org');

async function planOf(statement: Statement, values: readonly unknown[]): Promise<string> {
  const rows = await database.query<Record<string, string>>(
    sql(`explain.${statement.name}`, `explain (analyze, buffers, timing off, costs off) ${statement.text}`),
    values,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const buffersOf = (plan: string): number => {
  const [, hit, read] = /Buffers: shared hit=(\d+)(?: read=(\d+))?/.exec(plan) ?? [];
  return Number(hit ?? 0) + Number(read ?? 0);
};

beforeAll(async () => {
  test = await createTestDatabase({ migrations });
  ({ database } = test);
  await database.query(fillOrgs, [NOW, PATH]);
  await database.query(fillHistory, [PATH]);
  await database.query(fillJourneys, [PATH]);
  await database.query(fillRest);
  for (const table of ['org', 'org_stage_history', 'org_journey', 'org_outlook']) {
    await database.query(sql(`test.vacuum_${table}`, `vacuum analyze ${table}`));
  }
}, 180_000);
afterAll(() => test.drop());

describe('with 100,000 companies of two years', () => {
  it('the funnel of a month reads the index of journeys, no company and no history', async () => {
    const plan = await planOf(countJourneys, [lastMonth.begins, lastMonth.ends]);
    expect(plan).toMatch(/Index Only Scan using org_journey_begun/);
    expect(plan).not.toMatch(/Seq Scan/);
    expect(buffersOf(plan), plan).toBeLessThan(300);
    const funnel = funnelOf(PATH, await journeysIn(database, lastMonth));
    expect(funnel[0]?.entered).toBe(30 * 24 * 6);
    expect(funnel[4]?.entered).toBe(funnel[4]?.here);
  });

  it('and of two years no more than all journeys', async () => {
    const plan = await planOf(countJourneys, [new Date(NOW.getTime() - 800 * DAY_MS), NOW]);
    expect(buffersOf(plan), plan).toBeLessThan(5_000);
    expect(plan).not.toMatch(/Disk/);
  });

  it('the time in stages of a month reads the index of what was left, no company', async () => {
    const plan = await planOf(timeInStage, [lastMonth.begins, lastMonth.ends, PATH]);
    expect(plan).toMatch(/org_stage_history_left/);
    expect(plan).not.toMatch(/Seq Scan/);
    expect(plan).not.toMatch(/Disk/);
    expect(buffersOf(plan), plan).toBeLessThan(1_500);
    const [qualifying] = (await staysEndedIn(database, lastMonth, PATH)).filter(({ stage }) => stage === 'QUALIFYING');
    expect(qualifying).toMatchObject({ median: 120, p90: 120 });
  });

  it('who is in a stage now, and for long, comes from the index alone', async () => {
    const before = new Date(NOW.getTime() - 600 * DAY_MS);
    const plan = await planOf(staysNow, [PATH, PATH.map(() => before)]);
    expect(plan).toMatch(/Index Only Scan using org_(by_stay|count_by_stage)/);
    expect(plan).not.toMatch(/Seq Scan/);
    expect(buffersOf(plan), plan).toBeLessThan(2_500);
    const stays = await staysIn(database, PATH.map((stage) => ({ stage, before })));
    expect(stays.reduce((sum, { here }) => sum + here, 0)).toBe(COMPANIES);
  });

  it('the companies behind a figure of a month are a page of a list, found by the same index', async () => {
    const none = { stages: [], statuses: [], orgKinds: [] };
    const begun = { from: lastMonth.begins.toISOString(), to: lastMonth.ends.toISOString() };
    const filters: OrgFilter[] = [
      { ...none, journey: { begun, farthest: [{ stage: 'QUALIFYING', beyond: PATH.slice(2) }] } },
      { ...none, left: { stage: 'QUALIFYING', ...begun } },
      { ...none, stages: ['QUALIFYING'], stageSince: { to: new Date(NOW.getTime() - 600 * DAY_MS).toISOString() } },
    ];
    for (const filter of filters) {
      const { recording, plans } = recorded();
      const instants = { now: NOW, endOfToday: NOW };
      const rows = await listOrgs(recording, filter, { sort: '-createdAt', after: undefined, limit: 50 }, instants);
      expect(rows).toHaveLength(50);
      expect(buffersOf(plans.join('\n')), plans.join('\n')).toBeLessThan(30_000);
    }
  });

  it('a search for a palette looks at a bounded number, whether few or all names have the text', async () => {
    for (const [q, least] of [['company 777', 1], ['comp', 1_000], ['y 99999', 1]] as const) {
      const { recording, plans } = recorded();
      expect((await searchOrgs(recording, q, 8)).total).toBeGreaterThanOrEqual(least);
      expect(plans).toHaveLength(2);
      for (const plan of plans) {
        expect(plan).not.toMatch(/Seq Scan on org\b.*rows=100000/);
        expect(buffersOf(plan), plan).toBeLessThan(5_000);
      }
    }
  });
});

/** A database that keeps the plan of what is run. */
function recorded(): { readonly recording: Database; readonly plans: string[] } {
  const plans: string[] = [];
  const run = async (query: { toSQL(): { toNative(): { sql: string; bindings: readonly unknown[] } } }) => {
    const native = query.toSQL().toNative();
    plans.push(await planOf(sql(`run.${native.sql.length}.${native.bindings.length}`, native.sql), native.bindings));
    return database.run(query as never);
  };
  return { recording: { ...database, run } as unknown as Database, plans };
}
