import { sql } from '@tom/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countByDay, countByPerson } from '../src/adapters/day-counts.ts';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const log = (fields: Record<string, unknown>, call = system.ida()) =>
  system.client.logActivity({ orgId: system.org(), fields: { activityType: 'CALL', ...fields } }, call);
const span = { from: '2025-03-29', to: '2025-03-31' };

it('tells each day of the business time zone by type and outcome, and how many calls reached somebody', async () => {
  await log({ outcomeCode: 'REACHED_DECISION_MAKER', occurredAt: '2025-03-29T22:59:59.999Z' });
  // Midnight in Berlin, on the day with 23 hours.
  await log({ outcomeCode: 'NO_ANSWER', occurredAt: '2025-03-29T23:00:00.000Z' });
  await log({ outcomeCode: 'NO_ANSWER', occurredAt: '2025-03-30T21:59:59.999Z' }, system.otto());
  await log({ activityType: 'EMAIL', outcomeCode: 'SENT', occurredAt: '2025-03-30T22:00:00.000Z' });
  await log({ activityType: 'NOTE', occurredAt: '2025-03-31T08:00:00.000Z' });
  const gone = await log({ outcomeCode: 'NO_ANSWER', occurredAt: '2025-03-31T09:00:00.000Z' });
  await system.client.deleteActivity({ activityId: gone.activityId, version: gone.version }, system.ida());
  await log({ outcomeCode: 'NO_ANSWER', occurredAt: '2025-03-31T22:00:00.000Z' });

  const report = await system.client.getActivitiesReport(span, system.mia());
  expect(report.total).toEqual({ activities: 5, calls: 3, reached: 1 });
  expect(report.days).toMatchObject([
    { date: '2025-03-29', total: { activities: 1, calls: 1, reached: 1 }, counts: [{ activityType: 'CALL', outcomeCode: 'REACHED_DECISION_MAKER', count: 1 }] },
    { date: '2025-03-30', total: { activities: 2, calls: 2, reached: 0 }, counts: [{ activityType: 'CALL', outcomeCode: 'NO_ANSWER', count: 2 }] },
    { date: '2025-03-31', total: { activities: 2, calls: 0, reached: 0 } },
  ]);
  expect(report.days[1]).toMatchObject({ begins: '2025-03-29T23:00:00.000Z', ends: '2025-03-30T22:00:00.000Z' });
  expect(report.groups.map(({ key, total }) => [key, total?.activities])).toEqual([['CALL', 3], ['EMAIL', 1], ['NOTE', 1]]);
  const persons = await system.client.getActivitiesReport({ ...span, by: 'person' }, system.mia());
  expect(persons.groups.map(({ key, total }) => [key, total?.calls])).toEqual([['ida', 2], ['otto', 1]]);
  const outcomes = await system.client.getActivitiesReport({ ...span, by: 'outcome' }, system.mia());
  expect(outcomes.groups[0]).toMatchObject({ key: 'CALL', outcomeCode: 'NO_ANSWER', total: { activities: 2, reached: 0 } });
});

it('shows every day of the last 30 when nothing is asked, and refuses what is wrong', async () => {
  expect((await system.client.getActivitiesReport({}, system.ida())).days).toHaveLength(30);
  const invalid = (path: string) => ({ code: 'INVALID', details: { violations: [{ path }] } });
  await expect(system.client.getActivitiesReport({ by: 'moon' }, system.ida())).rejects.toMatchObject(invalid('by'));
  await expect(system.client.getActivitiesReport({ from: '2020-01-01' }, system.ida())).rejects.toMatchObject(invalid('from'));
  await expect(system.client.getActivitiesReport({}, system.call('nobody', []))).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

it('reads a month out of 200,000 activities from the index alone', async () => {
  const fill = sql(
    'test.fill',
    `insert into activity (activity_id, org_id, activity_type, outcome_code, occurred_at, follow_up_revision, version, revision,
       created_at, created_by, updated_at, updated_by)
     select gen_random_uuid(), gen_random_uuid(), (array['CALL', 'EMAIL', 'MEETING'])[1 + n % 3], 'NO_ANSWER',
       timestamptz '2024-06-01' - n * interval '4 minutes', 0, 1, 1, now(), 'p' || n % 30, now(), 'x' from generate_series(1, 200000) n`,
  );
  await system.database.query(fill, []);
  await system.database.query(sql('test.vacuum', 'vacuum analyze activity'), []);
  const [begins, ends] = [new Date('2024-05-01T00:00:00.000Z'), new Date('2024-06-01T00:00:00.000Z')];
  const days = Array.from({ length: 31 }, (_, index) => new Date(begins.getTime() + index * 86_400_000));
  for (const [statement, values] of [[countByDay, [begins, ends, days]], [countByPerson, [begins, ends]]] as const) {
    const text = `explain (analyze, buffers, timing off, costs off) ${statement.text}`;
    const rows = await system.database.query<Record<string, string>>(sql(`explain.${statement.name}`, text), values);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Index Only Scan using activity_when/);
    expect(Number(/Buffers: shared hit=(\d+)/.exec(plan)?.[1]), plan).toBeLessThan(400);
  }
});
