import { OrgStageChanged } from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import { sql } from '@tom/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { known, refusal, withTemplateCase } from './fixtures.ts';
import { orgOf, stageChange, startHarness, type Harness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const nothing = {
  activity: undefined, transition: undefined, handover: undefined, givingBack: undefined, completeTaskIds: [],
};
const words = { goal: 'a', context: 'b', openPoints: ['c'], recommendation: 'd' };
const toOps = (caseId: string) => ({ caseId, engine: 'ops', role: 'ops', queue: 'SALES_OPS', ...words });
const transitionOf = (orgId: string) => ({
  orgId, fromStage: undefined, toStage: 'QUALIFIED_LEAD', reasonCode: undefined, reasonNote: undefined, duplicateOfOrgId: undefined,
  caseId: undefined, outcomeCode: undefined, outcomeNote: undefined, activity: undefined, followUpAt: undefined, action: undefined,
});

/** Everything that a preview could have left, once what was told before is out. */
const left = async () => {
  await harness.published(newId());
  return harness.rows(
    `select (select count(*) from case_item) as cases, (select count(*) from outbox) as outbox,
       (select count(*) from case_history) as told, (select count(*) from rule_evaluation) as looks,
       (select coalesce(sum(revision), 0) from case_item) as revisions, (select last_value from case_number) as number`,
  );
};

describe('a preview', () => {
  it('foretells a move by its own handlers, says which owners are away, and leaves nothing', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    const lead = orgOf(orgId, 'QUALIFIED_LEAD', { status: 'prospect' });
    const change = await messageOfMove(orgId, lead, caseId);
    harness.stage.onRehearsal = () => ({ messages: [change] });
    const before = await left();
    const said = await harness.client.preview({ ...nothing, orgId, transition: transitionOf(orgId) }, harness.person('ida', 'inside_sales')());
    expect(said.cases?.closed).toMatchObject([{ caseId, outcomeCode: 'QUALIFIED' }]);
    expect(said.cases?.opened).toMatchObject([{ caseType: 'WORK_LEAD', template: 'work_lead' }]);
    expect(said.tasks?.created.map(({ taskType, cause }) => [taskType, cause?.template])).toEqual(
      ['INTRO_MEETING', 'NEEDS_ANALYSIS', 'SEND_OFFER', 'FOLLOW_UP_OFFER'].map((type) => [type, 'work_lead']),
    );
    expect(said.unavailable.toSorted()).toEqual(['stage', 'tasks']);
    expect(await left()).toEqual(before);
  });

  it('foretells that a hand-over is refused, and that the attempt will be remembered', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'SALES_ACCEPTED');
    const before = await left();
    const said = await harness.client.preview({ ...nothing, orgId, handover: toOps(caseId) }, harness.person('otto', 'outside_sales')());
    expect(said.refused?.code).toBe('RULES_UNMET');
    expect(said.cases?.changed).toMatchObject([{ caseId, status: 'BLOCKED' }]);
    expect(await left()).toEqual(before);
  });

  it('answers instead of waiting for a case that somebody holds', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    const change = await messageOfMove(orgId, orgOf(orgId, 'QUALIFIED_LEAD'), caseId);
    harness.stage.onRehearsal = () => ({ messages: [change] });
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let isHeld: () => void = () => undefined;
    const holding = new Promise<void>((resolve) => (isHeld = resolve));
    const holder = harness.database.transaction(async (tx) => {
      await tx.query(sql('test.hold', 'select 1 from case_item where case_id = $1 for update'), [caseId]);
      isHeld();
      await held;
    });
    await holding;
    try {
      const said = await harness.client.preview({ ...nothing, orgId, transition: transitionOf(orgId) }, harness.person('ida', 'inside_sales')());
      expect(said.unavailable).toContain('cases');
    } finally {
      letGo();
      await holder;
    }
  });

  it('names a case of another company, and wants exactly one intent', async () => {
    const { caseId } = await withTemplateCase(harness, 'SALES_ACCEPTED');
    const person = harness.person('otto', 'outside_sales')();
    const orgId = known(harness);
    const at = (path: string) => refusal('INVALID', { violations: [expect.objectContaining({ path })] });
    await expect(harness.client.preview({ ...nothing, orgId, handover: toOps(caseId) }, person)).rejects.toEqual(at('handover.caseId'));
    await expect(harness.client.preview({ ...nothing, orgId }, person)).rejects.toEqual(at('activity'));
    const unknown = { ...nothing, orgId: newId(), completeTaskIds: [newId()] };
    await expect(harness.client.preview(unknown, person)).rejects.toEqual(at('orgId'));
  });
});

/** The move as stage-service would tell it. */
async function messageOfMove(orgId: string, org: ReturnType<typeof orgOf>, caseId: string) {
  const data = stageChange(org, 'QUALIFYING', { caseId, outcomeCode: 'QUALIFIED' });
  return harness.message(OrgStageChanged, { orgId, revision: 4, data });
}
