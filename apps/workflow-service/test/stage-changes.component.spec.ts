import { OrgStageChanged, OrgUpdated, StageTransitionRefused } from '@tom/contracts/messages';
import { ids, newId } from '@tom/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { casesOf, created, including, moved, short } from './fixtures.ts';
import { orgOf, stageChange, startHarness, type Harness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

describe('a company created as lead', () => {
  it('gets a case, six tasks and the next stage, with the causation intact', async () => {
    const orgId = newId();
    const change = await created(harness, orgId);
    const [opened, create, transition, ...more] = await harness.published(change.correlationId);
    expect(more).toEqual([]);
    expect([opened, create, transition].map((message) => message && short(message))).toEqual([
      'CaseOpened',
      'CreateTasks',
      'TransitionStage',
    ]);
    const caseId = ids.case(change.id, 'qualify_company');
    for (const message of [opened, create, transition]) {
      expect(message).toMatchObject({
        causationId: change.id,
        depth: 1,
        subject: orgId,
        key: orgId,
        actor: 'template:qualify_company',
        template: 'qualify_company',
        templateVersion: 2,
        rule: 'start',
      });
    }
    expect(opened).toMatchObject({
      aggregateId: caseId,
      revision: 1,
      data: { case: { caseId, status: 'NEW', title: 'Qualifizierung: Muster GmbH' } },
    });
    expect(create?.data['tasks']).toHaveLength(6);
    expect(create?.data['tasks']).toMatchObject([
      {
        taskId: ids.templateTask(caseId, 'ops_data_check'),
        taskType: 'OPS_DATA_CHECK',
        origin: 'TEMPLATE',
        dueIsEndOfDay: true,
        source: { template: 'qualify_company', version: 2, rule: 'start', taskKey: 'ops_data_check' },
      },
      {},
      {},
      {},
      {},
      {},
    ]);
    expect(transition?.data).toEqual({
      orgId,
      fromStage: 'UNVERIFIED',
      toStage: 'QUALIFYING',
      reasonCode: 'CASE_OPENED',
      caseId,
    });
    expect(await harness.rows('select event_id from case_history where org_id = $1', orgId)).toEqual([
      { event_id: opened?.id },
    ]);
  });

  it('is done once when the event arrives twice', async () => {
    const orgId = newId();
    const change = await created(harness, orgId);
    await harness.again(change);
    const after = await harness.tell(OrgUpdated, {
      orgId,
      revision: 3,
      data: { org: orgOf(orgId, 'UNVERIFIED'), changedFields: ['city'] },
    });
    await harness.handled(after);
    expect(await casesOf(harness, orgId)).toHaveLength(1);
    expect(await harness.published(change.correlationId)).toHaveLength(3);
  });

  it('is done once even when the inbox has forgotten: the ids are those of the first time', async () => {
    const orgId = newId();
    const change = await created(harness, orgId);
    await harness.rows('delete from inbox where message_id = $1', change.id);
    await harness.again(change);
    await harness.handled(change);
    expect(await casesOf(harness, orgId)).toHaveLength(1);
    expect(await harness.published(change.correlationId)).toHaveLength(3);
  });

  it('keeps what was seen and what each template decided', async () => {
    const orgId = newId();
    const change = await created(harness, orgId);
    expect(
      await harness.rows(
        'select type, codes from observed_event where org_id = $1 and type like $2 order by revision',
        orgId,
        'Org%',
      ),
    ).toEqual([
      { type: 'OrgCreated', codes: { org_kind: 'customer', status: 'lead', stage: 'UNVERIFIED' } },
      {
        type: 'OrgStageChanged',
        codes: { to_stage: 'UNVERIFIED', org_kind: 'customer', reason_code: 'ORG_CREATED', stages_version: 1 },
      },
    ]);
    expect(
      await harness.rows(
        'select template, rule, fired, parts from rule_evaluation where event_id = $1 order by template',
        change.id,
      ),
    ).toMatchObject([
      { template: 'qualify_company', rule: 'start', fired: true },
      {
        template: 'work_lead',
        rule: 'start',
        fired: false,
        parts: [{ value: { 'event.to_stage': 'UNVERIFIED' }, result: false }, {}],
      },
    ]);
  });

  it('is not qualified when it is a supplier, customer or inactive', async () => {
    const [supplier, customer, inactive] = [newId(), newId(), newId()];
    await created(harness, supplier, 'UNVERIFIED', { orgKind: 'supplier' });
    await created(harness, customer, 'CUSTOMER');
    await created(harness, inactive, 'DORMANT');
    for (const orgId of [supplier, customer, inactive]) expect(await casesOf(harness, orgId)).toEqual([]);
  });

  it('goes to outside sales at once when it is a prospect', async () => {
    const orgId = newId();
    const change = await created(harness, orgId, 'QUALIFIED_LEAD');
    expect((await harness.published(change.correlationId)).map(short)).toEqual(['CaseOpened', 'CreateTasks']);
    expect(await casesOf(harness, orgId)).toMatchObject([{ case_type: 'WORK_LEAD' }]);
  });

  it('gives every company of a batch its own case and a number of its own', async () => {
    const orgIds = Array.from({ length: 40 }, newId);
    const changes = await Promise.all(
      orgIds.map((orgId) =>
        harness.tell(OrgStageChanged, { orgId, revision: 2, data: stageChange(orgOf(orgId, 'UNVERIFIED'), undefined) }),
      ),
    );
    await harness.handled(...changes);
    const [row] = await harness.rows<{ cases: number; numbers: number; tasks: number }>(
      `select count(*) as cases, count(distinct number) as numbers,
         (select count(*) from case_task where org_id = any($1)) as tasks from case_item where org_id = any($1)`,
      orgIds,
    );
    expect(row).toEqual({ cases: 40, numbers: 40, tasks: 240 });
  });
});

describe('a company that moves on', () => {
  it('closes the case with its outcome, cancels its tasks and opens what follows, all caused by the move', async () => {
    const orgId = newId();
    await created(harness, orgId);
    await moved(harness, orgId, 'UNVERIFIED', 'QUALIFYING', 3);
    const change = await moved(harness, orgId, 'QUALIFYING', 'QUALIFIED_LEAD', 4, { reasonNote: 'passt' });
    const messages = await harness.published(change.correlationId);
    expect(messages.map(short).sort()).toEqual(['CancelCaseTasks', 'CaseClosed', 'CaseOpened', 'CreateTasks']);
    const closed = messages.find((message) => short(message) === 'CaseClosed');
    expect(closed).toMatchObject({ actor: 'user:ida', rule: 'completion', causationId: change.id, revision: 2 });
    expect(closed?.data).toMatchObject({ case: { status: 'CLOSED', outcomeCode: 'QUALIFIED', outcomeNote: 'passt' } });
    const cancel = messages.find((message) => short(message) === 'CancelCaseTasks');
    expect(cancel?.data['knownOpenTaskIds']).toHaveLength(6);
    expect((await casesOf(harness, orgId)).map((item) => [item.case_type, item.status])).toEqual([
      ['QUALIFY_COMPANY', 'CLOSED'],
      ['WORK_LEAD', 'NEW'],
    ]);
  });

  it('is not revived: created and disqualified at once, the refused stage finds the case closed', async () => {
    const orgId = newId();
    const first = await harness.tell(OrgStageChanged, {
      orgId,
      revision: 2,
      data: stageChange(orgOf(orgId, 'UNVERIFIED'), undefined),
    });
    const second = await harness.tell(OrgStageChanged, {
      orgId,
      revision: 3,
      data: stageChange(orgOf(orgId, 'DISQUALIFIED'), 'UNVERIFIED', { reasonCode: 'NO_FIT' }),
    });
    await harness.handled(first, second);
    const transition = (await harness.published(first.correlationId)).find(
      (message) => short(message) === 'TransitionStage',
    );
    const messages = await harness.published(second.correlationId);
    expect(messages.map(short).sort()).toEqual(['CancelCaseTasks', 'CancelOrgTasks', 'CaseClosed']);
    expect(messages.find((message) => short(message) === 'CancelOrgTasks')?.data).toMatchObject({
      before: second.data.changedAt,
      knownOpenTaskIds: including({ length: 6 }),
    });
    const refused = await harness.tell(StageTransitionRefused, {
      orgId,
      revision: 4,
      causationId: transition?.id ?? '',
      data: {
        orgId,
        fromStage: 'UNVERIFIED',
        toStage: 'QUALIFYING',
        currentStage: 'DISQUALIFIED',
        caseId: undefined,
        code: 'STAGE_CHANGED',
        unmet: [],
      },
    });
    await harness.handled(refused);
    expect(await casesOf(harness, orgId)).toMatchObject([{ status: 'CLOSED', outcome_code: 'DISQUALIFIED' }]);
    expect(await harness.published(refused.correlationId)).toEqual([]);
  });

  it('starts nothing by an event that comes after a later one, whatever else was told in between', async () => {
    const orgId = newId();
    const later = await harness.tell(OrgStageChanged, {
      orgId,
      revision: 3,
      data: stageChange(orgOf(orgId, 'DISQUALIFIED'), 'QUALIFIED_LEAD'),
    });
    const earlier = await harness.tell(OrgStageChanged, {
      orgId,
      revision: 2,
      data: stageChange(orgOf(orgId, 'QUALIFIED_LEAD'), undefined),
    });
    await harness.handled(later, earlier);
    expect(await casesOf(harness, orgId)).toEqual([]);
    expect(
      await harness.rows(
        'select obstacle from rule_evaluation where event_id = $1 and template = $2',
        earlier.id,
        'work_lead',
      ),
    ).toEqual([{ obstacle: 'SUPERSEDED' }]);
    expect(await harness.rows('select current_stage, revision from known_org where org_id = $1', orgId)).toEqual([
      { current_stage: 'DISQUALIFIED', revision: 3 },
    ]);
    // News of another kind with a higher revision does not supersede a stage change.
    const other = newId();
    const renamed = await harness.tell(OrgUpdated, {
      orgId: other,
      revision: 3,
      data: { org: orgOf(other, 'UNVERIFIED', { name: 'Neu AG' }), changedFields: ['name'] },
    });
    const change = await harness.tell(OrgStageChanged, {
      orgId: other,
      revision: 2,
      data: stageChange(orgOf(other, 'UNVERIFIED'), undefined),
    });
    await harness.handled(renamed, change);
    expect(await casesOf(harness, other)).toMatchObject([{ title: 'Qualifizierung: Neu AG' }]);
  });

  it('gives the lead back: the owner is cleared and the case goes on', async () => {
    const orgId = newId();
    await created(harness, orgId, 'QUALIFIED_LEAD');
    const [lead] = await casesOf(harness, orgId);
    await harness.client.claimCase({ caseId: lead?.case_id ?? '' }, harness.person('otto', 'outside_sales')());
    await moved(harness, orgId, 'QUALIFIED_LEAD', 'SALES_ACCEPTED', 3);
    const change = await moved(harness, orgId, 'SALES_ACCEPTED', 'QUALIFIED_LEAD', 4, { reasonCode: 'NO_CAPACITY' });
    const messages = await harness.published(change.correlationId);
    expect(messages.map(short)).toEqual(['CaseReleased', 'CaseStatusChanged']);
    expect(messages[0]?.data).toMatchObject({ previousOwner: 'otto', case: { status: 'IN_PROGRESS' } });
    expect(await casesOf(harness, orgId)).toMatchObject([{ owner: null, status: 'NEW' }]);
  });

  it('closes the lead as RETURNED and qualifies again, without asking for the stage that it has', async () => {
    const orgId = newId();
    await created(harness, orgId, 'QUALIFIED_LEAD');
    const change = await moved(harness, orgId, 'QUALIFIED_LEAD', 'QUALIFYING', 3, { reasonCode: 'NOT_READY' });
    expect((await harness.published(change.correlationId)).map(short).sort()).toEqual([
      'CancelCaseTasks',
      'CaseClosed',
      'CaseOpened',
      'CreateTasks',
    ]);
    expect((await casesOf(harness, orgId)).map((item) => [item.case_type, item.outcome_code])).toEqual([
      ['WORK_LEAD', 'RETURNED'],
      ['QUALIFY_COMPANY', null],
    ]);
  });
});
