import {
  ActivityDeleted,
  ActivityLogged,
  ActivityUpdated,
  OrgStageChanged,
  OrgUpdated,
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskReopened,
  TaskUpdated,
} from '@tom/contracts/messages';
import type { Activity } from '@tom/contracts/tom/activity/v1/activity';
import { ids, newId } from '@tom/kernel';
import { eventually } from '@tom/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { short } from './fixtures.ts';
import { orgOf, stageChange, startHarness, task, type Harness, type Person } from './harness.ts';

let harness: Harness;
let otto: Person;
beforeAll(async () => {
  harness = await startHarness();
  otto = harness.person('otto', 'outside_sales');
});
afterAll(() => harness.stop());

/** An open case of a company in the given stage. */
async function withCase(stage: 'UNVERIFIED' | 'QUALIFIED_LEAD' = 'UNVERIFIED') {
  const orgId = newId();
  const change = await harness.tell(OrgStageChanged, {
    orgId,
    revision: 2,
    data: stageChange(orgOf(orgId, stage), undefined),
  });
  await harness.handled(change);
  const template = stage === 'UNVERIFIED' ? 'qualify_company' : 'work_lead';
  return { orgId, caseId: ids.case(change.id, template) };
}

const statusOf = async (caseId: string) =>
  (await harness.rows<{ status: string }>('select status from case_item where case_id = $1', caseId))[0]?.status;

function activity(orgId: string, caseId: string | undefined, activityId = newId()): Activity {
  const at = new Date().toISOString();
  return {
    activityId,
    orgId,
    activityType: 'CALL',
    direction: 'OUTBOUND',
    occurredAt: at,
    durationMinutes: undefined,
    outcomeCode: 'NO_ANSWER',
    subject: undefined,
    notes: 'vertraulich',
    contactId: undefined,
    caseId,
    followUpAt: undefined,
    followUpTaskId: undefined,
    completesTaskId: undefined,
    version: 1,
    createdAt: at,
    createdBy: 'ida',
    updatedAt: at,
    updatedBy: 'ida',
    queue: undefined,
    followUpRevision: 0,
  };
}

describe('tasks of a case', () => {
  it('are known as open from the moment the template asked for them, so that nothing flickers', async () => {
    const { orgId, caseId } = await withCase();
    const created = await Promise.all(
      ['ops_data_check', 'add_contact_points'].map((key) =>
        harness.tell(TaskCreated, {
          orgId,
          aggregateId: ids.templateTask(caseId, key),
          revision: 1,
          data: task(orgId, { taskId: ids.templateTask(caseId, key), caseId, assigneeRole: 'ops', origin: 'TEMPLATE' }),
        }),
      ),
    );
    await harness.handled(...created);
    expect(await statusOf(caseId)).toBe('NEW');
    expect(
      await harness.rows(
        'select revision, count(*) as tasks from case_task where case_id = $1 group by revision order by revision',
        caseId,
      ),
    ).toEqual([
      { revision: 0, tasks: 4 },
      { revision: 1, tasks: 2 },
    ]);
  });

  it('decide its status: waiting for somebody outside, with another role, done', async () => {
    const { orgId, caseId } = await withCase('QUALIFIED_LEAD');
    const taskId = newId();
    const told = async (type: typeof TaskCreated, revision: number, given: Parameters<typeof task>[1]) => {
      const envelope = await harness.tell(type, {
        orgId,
        aggregateId: taskId,
        revision,
        data: task(orgId, { taskId, caseId, ...given }),
      });
      await harness.handled(envelope);
      return envelope;
    };
    await told(TaskCreated, 1, {});
    const waits = await told(TaskUpdated as typeof TaskCreated, 2, { waitingFor: 'CUSTOMER' });
    expect(await statusOf(caseId)).toBe('WAITING_EXTERNAL');
    expect((await harness.published(waits.correlationId))[0]).toMatchObject({
      type: 'tom.workflow.v1.CaseStatusChanged',
      causationId: waits.id,
      data: { previousStatus: 'NEW', case: { status: 'WAITING_EXTERNAL' } },
    });
    await harness.rows(`update case_task set status = 'CANCELLED' where case_id = $1 and origin = 'TEMPLATE'`, caseId);
    await told(TaskUpdated as typeof TaskCreated, 3, {});
    expect(await statusOf(caseId)).toBe('WAITING_INTERNAL');
    await told(TaskCompleted as typeof TaskCreated, 4, { status: 'DONE' });
    expect(await statusOf(caseId)).toBe('IN_PROGRESS');
    await told(TaskReopened as typeof TaskCreated, 5, { status: 'OPEN', assigneeRole: 'outside_sales' });
    expect(await statusOf(caseId)).toBe('NEW');
  });

  it('are what their latest revision says, in whatever order and however often events come', async () => {
    const { orgId, caseId } = await withCase();
    const taskId = newId();
    const at = (revision: number, status: string) => ({
      orgId,
      aggregateId: taskId,
      revision,
      data: task(orgId, { taskId, caseId, status }),
    });
    const done = await harness.tell(TaskCompleted, {
      ...at(2, 'DONE'),
      data: { ...at(2, 'DONE').data, activityId: undefined },
    });
    const created = await harness.tell(TaskCreated, at(1, 'OPEN'));
    await harness.again(done);
    await harness.handled(done, created);
    expect(await harness.rows('select status, revision from case_task where task_id = $1', taskId)).toEqual([
      { status: 'DONE', revision: 2 },
    ]);
    expect(await statusOf(caseId)).toBe('IN_PROGRESS');
  });

  it('change nothing about a case that is closed', async () => {
    const { orgId, caseId } = await withCase();
    const closing = await harness.tell(OrgStageChanged, {
      orgId,
      revision: 3,
      data: stageChange(orgOf(orgId, 'DISQUALIFIED'), 'UNVERIFIED'),
    });
    const late = await harness.tell(TaskCancelled, {
      orgId,
      aggregateId: ids.templateTask(caseId, 'first_outreach'),
      revision: 2,
      data: {
        ...task(orgId, { taskId: ids.templateTask(caseId, 'first_outreach'), caseId, status: 'CANCELLED' }),
        reason: undefined,
      },
    });
    await harness.handled(closing, late);
    expect(await statusOf(caseId)).toBe('CLOSED');
    expect((await harness.published(late.correlationId)).map(short)).toEqual([]);
  });
});

describe('activities of a case', () => {
  it('are work on it, until they are undone', async () => {
    const { orgId, caseId } = await withCase();
    const data = activity(orgId, caseId);
    const logged = await harness.tell(ActivityLogged, {
      orgId,
      aggregateId: data.activityId,
      revision: 1,
      data: { activity: data },
    });
    await harness.handled(logged);
    expect(await statusOf(caseId)).toBe('IN_PROGRESS');
    await harness.again(logged);
    const deleted = await harness.tell(ActivityDeleted, {
      orgId,
      aggregateId: data.activityId,
      revision: 2,
      data: { activityId: data.activityId, orgId, caseId, completesTaskId: undefined, activityType: 'CALL' },
    });
    await harness.handled(deleted);
    expect(await statusOf(caseId)).toBe('NEW');
    expect((await harness.published(deleted.correlationId)).map(short)).toEqual(['CaseStatusChanged']);
    const seen = await harness.rows<{ codes: object }>(
      'select codes from observed_event where event_id = $1',
      logged.id,
    );
    expect(seen).toEqual([
      {
        codes: {
          activity_type: 'CALL',
          direction: 'OUTBOUND',
          outcome_code: 'NO_ANSWER',
          occurred_at: data.occurredAt,
        },
      },
    ]);
  });

  it('that were deleted before they were logged never count', async () => {
    const { orgId, caseId } = await withCase();
    const data = activity(orgId, caseId);
    const deleted = await harness.tell(ActivityDeleted, {
      orgId,
      aggregateId: data.activityId,
      revision: 2,
      data: { activityId: data.activityId, orgId, caseId, completesTaskId: undefined, activityType: 'CALL' },
    });
    const logged = await harness.tell(ActivityLogged, {
      orgId,
      aggregateId: data.activityId,
      revision: 1,
      data: { activity: data },
    });
    await harness.handled(deleted, logged);
    expect(await statusOf(caseId)).toBe('NEW');
  });

  it('move with their case: the one is left, the other is worked on', async () => {
    const [one, other] = [await withCase(), await withCase()];
    const data = activity(one.orgId, one.caseId);
    const logged = await harness.tell(ActivityLogged, {
      orgId: one.orgId,
      aggregateId: data.activityId,
      revision: 1,
      data: { activity: data },
    });
    const moved = await harness.tell(ActivityUpdated, {
      orgId: one.orgId,
      aggregateId: data.activityId,
      revision: 2,
      data: { activity: { ...data, caseId: other.caseId }, changedFields: ['caseId'] },
    });
    await harness.handled(logged, moved);
    expect([await statusOf(one.caseId), await statusOf(other.caseId)]).toEqual(['NEW', 'IN_PROGRESS']);
  });

  it('without a case, or after its end, change nothing', async () => {
    const { orgId, caseId } = await withCase();
    const free = activity(orgId, undefined);
    const closing = await harness.tell(OrgStageChanged, {
      orgId,
      revision: 3,
      data: stageChange(orgOf(orgId, 'DISQUALIFIED'), 'UNVERIFIED'),
    });
    await harness.handled(closing);
    const late = activity(orgId, caseId);
    const events = [
      await harness.tell(ActivityLogged, {
        orgId,
        aggregateId: free.activityId,
        revision: 1,
        data: { activity: free },
      }),
      await harness.tell(ActivityLogged, {
        orgId,
        aggregateId: late.activityId,
        revision: 1,
        data: { activity: late },
      }),
    ];
    await harness.handled(...events);
    expect(await statusOf(caseId)).toBe('CLOSED');
    for (const { correlationId } of events) expect(await harness.published(correlationId)).toEqual([]);
  });
});

describe('a claim', () => {
  it('of a lead by outside sales asks for SALES_ACCEPTED, on the rule of the template', async () => {
    const { orgId, caseId } = await withCase('QUALIFIED_LEAD');
    const call = otto();
    await harness.client.claimCase({ caseId }, call);
    await eventually(async () =>
      expect((await harness.published(call.correlationId)).map(short)).toContain('TransitionStage'),
    );
    const messages = await harness.published(call.correlationId);
    const claimed = messages.find((message) => short(message) === 'CaseClaimed');
    expect(claimed).toMatchObject({ actor: 'user:otto', depth: 0, data: { claimedByRoles: ['outside_sales'] } });
    expect(messages.find((message) => short(message) === 'TransitionStage')).toMatchObject({
      id: ids.ruleAction(claimed?.id ?? '', caseId, 'accepted_by_outside_sales', 0),
      causationId: claimed?.id,
      actor: 'template:work_lead',
      template: 'work_lead',
      rule: 'accepted_by_outside_sales',
      data: { orgId, fromStage: 'QUALIFIED_LEAD', toStage: 'SALES_ACCEPTED', reasonCode: 'ACCEPTED', caseId },
    });
    expect(
      await harness.rows('select rule, fired, case_id from rule_evaluation where event_id = $1', claimed?.id),
    ).toEqual([{ rule: 'accepted_by_outside_sales', fired: true, case_id: caseId }]);
  });

  it('by a manager counts as one of the owning role; one of the qualification asks for nothing', async () => {
    const lead = await withCase('QUALIFIED_LEAD');
    const call = harness.person('mia', 'manager')();
    await harness.client.claimCase({ caseId: lead.caseId }, call);
    await eventually(async () =>
      expect((await harness.published(call.correlationId)).map(short)).toContain('TransitionStage'),
    );
    const { facts } = await harness.client.getCaseFacts({ orgIds: [lead.orgId] }, otto());
    expect(facts[0]?.open).toMatchObject([{ owner: 'mia', claimedByEngineRole: true }]);

    const { caseId, orgId } = await withCase();
    const other = harness.person('ida', 'inside_sales')();
    await harness.client.claimCase({ caseId }, other);
    const sentinel = await harness.tell(OrgUpdated, {
      orgId,
      revision: 3,
      data: { org: orgOf(orgId, 'QUALIFYING'), changedFields: [] },
    });
    await harness.handled(sentinel);
    expect((await harness.published(other.correlationId)).map(short)).toEqual(['CaseClaimed', 'CaseStatusChanged']);
  });

  it('that was given up before its event was handled asks for nothing', async () => {
    const { orgId, caseId } = await withCase('QUALIFIED_LEAD');
    const { case: item } = await harness.client.getCase({ caseId }, otto());
    if (!item) throw new Error('no case');
    const { CaseClaimed } = await import('@tom/contracts/messages');
    const late = await harness.tell(CaseClaimed, {
      orgId,
      aggregateId: caseId,
      revision: 2,
      data: { case: { ...item, owner: 'otto' }, claimedByRoles: ['outside_sales'] },
    });
    await harness.handled(late);
    expect(await harness.published(late.correlationId)).toEqual([]);
    expect(await harness.rows('select fired, obstacle from rule_evaluation where event_id = $1', late.id)).toEqual([
      { fired: false, obstacle: 'CASE_CHANGED' },
    ]);
  });
});
