import { eventually } from '@tom/service/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { short } from './fixtures.ts';
import { startHarness, type Harness } from './harness.ts';

const COMPANIES = 250;

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.stop());

/** Dormant companies, each waiting with a rule that is due after so many seconds; long ago when negative. */
async function waiting(correlationId: string, seconds: number): Promise<void> {
  await harness.rows(
    `insert into known_org (org_id, revision, stage_revision, name, org_kind, status, current_stage, stage_since)
     select gen_random_uuid(), 2, 2, 'Ruhend ' || n, 'customer', 'inactive', 'DORMANT', now() from generate_series(1, $1::int) n`,
    COMPANIES,
  );
  await harness.rows(
    `insert into timer (place_id, template, rule, template_version, org_id, due_at, event_id, event_type, event_time, fields,
       correlation_id, depth, actor)
     select org_id, 'reactivate_dormant', 'next_step_done', 1, org_id, now() + $1::int * interval '1 second', gen_random_uuid(), 'TaskCompleted', now(),
       '{"task_type": "CALL_BACK", "queue": "INSIDE_SALES", "role": "inside_sales", "origin": "ACTIVITY", "priority": "NORMAL",
         "completed_by": "ida"}', $2, 0, 'user:ida'
     from known_org`,
    seconds,
    correlationId,
  );
}

/** Until no rule waits any more; then each company has its task, once, and each rule was judged once. */
async function allFiredOnce(correlationId: string): Promise<void> {
  await eventually(async () => expect((await harness.rows('select 1 from timer')).length).toBe(0), 20_000);
  const fired = await harness.rows<{ place_id: string }>('select place_id from rule_evaluation where fired');
  expect(fired).toHaveLength(COMPANIES);
  expect(new Set(fired.map(({ place_id: place }) => place)).size).toBe(COMPANIES);
  const asked = (await harness.published(correlationId)).filter((each) => short(each) === 'CreateTasks');
  expect(new Set(asked.map(({ id }) => id)).size).toBe(COMPANIES);
  expect(asked).toHaveLength(COMPANIES);
}

describe('rules whose time has come', () => {
  it('act once each while two instances look for them', async () => {
    const other = await harness.another();
    try {
      const correlationId = '20000000-0000-4000-8000-000000000001';
      await waiting(correlationId, 1);
      await allFiredOnce(correlationId);
    } finally {
      await other.stop();
    }
  });

  it('act once each after a time in which nobody was there', async () => {
    const correlationId = '20000000-0000-4000-8000-000000000002';
    await harness.app.stop();
    await waiting(correlationId, -3 * 86_400);
    expect(await harness.rows('select 1 from timer')).toHaveLength(COMPANIES);
    const back = await harness.another();
    try {
      await allFiredOnce(correlationId);
    } finally {
      await back.stop();
    }
  });
});
