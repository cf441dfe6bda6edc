import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ActivityLogged } from '@tom/contracts/messages';
import type { SimulateTemplatesRequest, SimulationResult } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { ids, newId } from '@tom/kernel';
import { sql } from '@tom/postgres';
import { sharedConfigDir } from '@tom/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofAll } from '../src/adapters/observed-history.ts';
import { created, including, refusal } from './fixtures.ts';
import { orgOf, stageChange, startHarness, type Harness } from './harness.ts';
import { OrgStageChanged } from '@tom/contracts/messages';

const yaml = (name: string) => readFileSync(join(sharedConfigDir, name), 'utf8');
const qualify = yaml('workflows/qualify_company.yaml');

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const root = () => harness.person('root', 'administrator')();
const asked = (given: Partial<SimulateTemplatesRequest>): SimulateTemplatesRequest => {
  return { template: undefined, stages: undefined, since: undefined, orgIds: [], examples: 0, ...given };
};

async function simulate(given: Partial<SimulateTemplatesRequest>, call = root()): Promise<SimulationResult> {
  let result: SimulationResult | undefined;
  for await (const step of harness.client.simulateTemplates(asked(given), call)) result = step.result ?? result;
  if (!result) throw new Error('It ended without a result');
  return result;
}

async function log(orgId: string, caseId: string | undefined, given: object) {
  const at = new Date().toISOString();
  const activity = { activityId: newId(), orgId, caseId, occurredAt: at, createdAt: at, updatedAt: at, createdBy: 'ida', updatedBy: 'ida', version: 1, followUpRevision: 0, ...given };
  const envelope = await harness.tell(ActivityLogged, { orgId, aggregateId: activity.activityId, revision: 1, data: { activity: activity as never } });
  await harness.handled(envelope);
}

/** A company that was created, is in QUALIFYING with its case, and was written to in vain. */
async function qualifying(): Promise<{ orgId: string; caseId: string }> {
  const orgId = newId();
  const change = await created(harness, orgId);
  const caseId = ids.case(change.id, 'qualify_company');
  const commandId = ids.causedMessage(change.id, 'tom.stage.v1.TransitionStage', caseId, 0);
  const moved = await harness.tell(OrgStageChanged, {
    orgId,
    id: ids.causedMessage(commandId, OrgStageChanged.typeName, orgId, 0),
    causationId: commandId,
    revision: 3,
    data: stageChange(orgOf(orgId, 'QUALIFYING'), 'UNVERIFIED', { reasonCode: 'CASE_OPENED', caseId }),
  });
  await harness.handled(moved);
  await log(orgId, caseId, { activityType: 'EMAIL', outcomeCode: 'BOUNCED' });
  return { orgId, caseId };
}

describe('a simulation', () => {
  it('of what is in force comes to what really happened, and finds nothing different', async () => {
    const { orgId } = await qualifying();
    const { events, orgs, changedOrgs, totals, differences } = await simulate({ orgIds: [orgId] });
    const [real] = await harness.rows<{ cases: number; tasks: number }>(
      `select (select count(*)::int from case_item where org_id = $1) as cases, (select count(*)::int from case_task where org_id = $1) as tasks`,
      orgId,
    );
    expect(real).toEqual({ cases: 1, tasks: 7 });
    expect({ orgs, changedOrgs, differences }).toEqual({ orgs: 1, changedOrgs: 0, differences: [] });
    expect(events).toBeGreaterThan(3);
    expect(totals).toEqual({ cases: { before: 1, after: 1 }, tasks: { before: 7, after: 7 }, transitions: { before: 2, after: 2 } });
  });

  it('tells by company what a changed template would have done, and because of what', async () => {
    const { orgId } = await qualifying();
    const template = qualify
      .replace('version: 2', 'version: 3')
      .replace("event.outcome_code == 'BOUNCED'", "event.outcome_code == 'SENT'")
      .replace('due_in_working_days: 5', 'due_in_working_days: 6');
    const { changedOrgs, totals, differences } = await simulate({ template, orgIds: [orgId] });
    expect(changedOrgs).toBe(1);
    expect(totals?.tasks).toEqual({ before: 7, after: 6 });
    expect(differences).toEqual([
      including({
        orgId,
        name: 'Muster GmbH',
        because: including({ event: 'OrgStageChanged', template: 'qualify_company', rule: 'start' }),
        before: including({
          stage: 'QUALIFYING',
          cases: [],
          tasks: [including({ taskType: 'IDENTIFY_CONTACT' }), including({ taskType: 'ADD_CONTACT_POINTS', rule: 'qualify_company.bounced_email' })],
        }),
        after: including({ stage: 'QUALIFYING', cases: [], tasks: [including({ taskType: 'IDENTIFY_CONTACT' })] }),
      }),
    ]);
  });

  it('lets cases keep the template that they were opened with before the change is in force', async () => {
    const { orgId, caseId } = await qualifying();
    const since = new Date();
    await log(orgId, caseId, { activityType: 'EMAIL', outcomeCode: 'BOUNCED' });
    const template = qualify.replace('version: 2', 'version: 3').replace("event.outcome_code == 'BOUNCED'", "event.outcome_code == 'SENT'");
    const { changedOrgs, totals } = await simulate({ template, orgIds: [orgId], since: since.toISOString() });
    expect(changedOrgs).toBe(0);
    expect(totals?.tasks).toEqual({ before: 1, after: 1 });
  });

  it('judges the moves of people anew when the table of stages is changed', async () => {
    const { orgId, caseId } = await qualifying();
    await log(orgId, caseId, { activityType: 'CALL', outcomeCode: 'REACHED_DECISION_MAKER' });
    await harness.handled(
      await harness.tell(OrgStageChanged, { orgId, revision: 4, data: stageChange(orgOf(orgId, 'QUALIFIED_LEAD'), 'QUALIFYING', { caseId }) }),
    );
    const stages = yaml('stages.yaml').replace('condition: activities.contacts_since_case > 0', 'condition: activities.contacts_since_case > 5');
    const { totals, differences } = await simulate({ stages, orgIds: [orgId] });
    expect(totals).toEqual({ cases: { before: 2, after: 1 }, tasks: { before: 11, after: 7 }, transitions: { before: 3, after: 2 } });
    expect(differences[0]).toMatchObject({
      because: { event: 'OrgStageChanged' },
      before: { stage: 'QUALIFIED_LEAD', transitions: [{ from: 'QUALIFYING', to: 'QUALIFIED_LEAD' }] },
      // There was no next step either, but then it did not stand in the way.
      after: { stage: 'QUALIFYING', transitions: [{ from: 'QUALIFYING', to: 'QUALIFIED_LEAD', unmet: ['CONTACT_LOGGED'] }] },
    });
  });

  it('changes nothing', async () => {
    const counts = () =>
      harness.rows(`select (select count(*) from case_item) c, (select count(*) from case_task) t, (select count(*) from rule_evaluation) r,
        (select count(*) from observed_event) o, (select count(*) from outbox) b, (select count(*) from workflow_template) w`);
    const before = await counts();
    await simulate({ template: qualify.replace('version: 2', 'version: 3') });
    expect(await counts()).toEqual(before);
  });

  it('refuses what cannot be put in force, with every problem and its place', async () => {
    const call = root();
    await expect(simulate({ template: qualify.replace('queue: SALES_OPS', 'queue: NOWHERE') }, call)).rejects.toEqual(
      refusal('INVALID', { violations: [including({ path: 'template.tasks[0].queue', message: including({}) as never })] }),
    );
  });

  it('refuses a table that what is in force does not suit, naming the template', async () => {
    const stages = yaml('stages.yaml').replaceAll('QUALIFYING', 'CHECKING');
    const message = expect.stringMatching(/^qualify_company, line \d+, column \d+: There is no stage QUALIFYING/) as string;
    await expect(simulate({ stages })).rejects.toMatchObject({
      code: 'INVALID',
      details: { violations: expect.arrayContaining([including({ path: 'stages.transition.to', message })]) as unknown },
    });
  });

  it.each([
    ['an instant to come', { since: '2199-01-01T00:00:00.000Z' }, 'since'],
    ['a company that does not exist', { orgIds: [newId()] }, 'orgIds[0]'],
    ['too many examples', { examples: 501 }, 'examples'],
  ])('refuses %s', async (_what, given, path) => {
    await expect(simulate(given)).rejects.toMatchObject({ code: 'INVALID', details: { violations: [{ path }] } });
  });

  it('is for administrators', async () => {
    await expect(simulate({}, harness.person('mia', 'manager')())).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('runs twice at once, refuses the third, and makes room when a caller goes', async () => {
    const hold = sql('test.hold', 'lock table observed_event in access exclusive mode');
    const open = [0, 1].map(() => harness.client.simulateTemplates(asked({}), root())[Symbol.asyncIterator]());
    await harness.database.transaction(async (tx) => {
      await tx.query(hold);
      const [first, second] = open.map((one) => one.next());
      await expect(simulate({})).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 10 } });
      void Promise.all([first, second]);
    });
    for (const one of open) await one.return?.();
    await expect.poll(() => simulate({}).then(() => 'ran', () => 'refused')).toBe('ran');
  });

  it('is read in the order of an index', async () => {
    const plan = await harness.database.transaction(async (tx) => {
      await tx.query(sql('test.no_seqscan', 'set local enable_seqscan = off'));
      return tx.query<{ 'QUERY PLAN': string }>(sql('test.plan_of_history', `explain ${ofAll}`));
    });
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Incremental Sort[\s\S]*Index Scan using observed_event_org/);
  });
});
