import { ActivityLogged, ActivityUpdated, OrgStageChanged, TaskBecameOverdue, TaskCompleted } from '@tom/contracts/messages';
import type { Activity } from '@tom/contracts/tom/activity/v1/activity';
import { ids, newId } from '@tom/kernel';
import type { Envelope } from '@tom/messaging';
import { eventually } from '@tom/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { casesOf, moved, short, withTemplateCase } from './fixtures.ts';
import { orgOf, stageChange, startHarness, task, type Harness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

let logged = Date.now();

function activity(orgId: string, caseId: string | undefined, given: Partial<Activity> = {}): Activity {
  // Each is logged a moment after the one before it.
  const at = new Date((logged += 1_000)).toISOString();
  return {
    activityId: newId(),
    orgId,
    activityType: 'CALL',
    direction: 'OUTBOUND',
    occurredAt: at,
    durationMinutes: undefined,
    outcomeCode: 'NO_ANSWER',
    subject: undefined,
    notes: undefined,
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
    queue: 'INSIDE_SALES',
    followUpRevision: 0,
    ...given,
  };
}

async function log(orgId: string, caseId: string | undefined, given: Partial<Activity> = {}) {
  const data = { activity: activity(orgId, caseId, given) };
  const envelope = await harness.tell(ActivityLogged, { orgId, aggregateId: data.activity.activityId, revision: 1, data });
  await harness.handled(envelope);
  return envelope;
}

/** The tasks that an event made rules ask for. */
async function asked(envelope: Envelope<unknown>) {
  const published = await harness.published(envelope.correlationId);
  return published
    .filter((message) => short(message) === 'CreateTasks')
    .flatMap((message) => (message.data as { tasks: Record<string, unknown>[] }).tasks);
}

/** How many tasks each of the events made rules ask for. */
async function askedFor(envelopes: readonly Envelope<unknown>[]): Promise<number[]> {
  const counts: number[] = [];
  for (const envelope of envelopes) counts.push((await asked(envelope)).length);
  return counts;
}

const evaluationsOf = (rule: string, placeId: string) =>
  harness.rows<{ fired: boolean; obstacle: string | null }>(
    'select fired, obstacle from rule_evaluation where rule = $1 and place_id = $2 order by evaluated_at, fired',
    rule,
    placeId,
  );

describe('the third NO_ANSWER in a row', () => {
  it('asks for another channel at the third only, once, by the one who called, and explains itself', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    const calls: Envelope<unknown>[] = [];
    for (let n = 0; n < 6; n += 1) calls.push(await log(orgId, caseId));
    expect(await askedFor(calls)).toEqual([0, 0, 1, 0, 0, 0]);
    expect((await asked(calls[2] as Envelope))[0]).toMatchObject({
      taskId: ids.ruleAction(calls[2]?.id ?? '', caseId, 'third_no_answer', 0),
      taskType: 'FIRST_OUTREACH',
      assignee: 'ida',
      priority: 'HIGH',
      origin: 'TEMPLATE',
      source: { template: 'qualify_company', version: 2, rule: 'third_no_answer' },
    });
    const evaluations = await evaluationsOf('third_no_answer', caseId);
    expect(evaluations.filter(({ fired }) => fired)).toHaveLength(1);
    expect(evaluations).toHaveLength(6);
  });

  it('counts anew after another outcome, and not what is no call', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    const calls = [
      await log(orgId, caseId),
      await log(orgId, caseId),
      await log(orgId, caseId, { outcomeCode: 'LEFT_VOICEMAIL' }),
      await log(orgId, caseId),
      await log(orgId, caseId, { activityType: 'EMAIL', outcomeCode: 'SENT' }),
      await log(orgId, caseId),
      await log(orgId, caseId),
    ];
    expect(await askedFor(calls)).toEqual([0, 0, 0, 0, 0, 0, 1]);
  });

  it('does nothing twice when the third comes again', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    await log(orgId, caseId);
    await log(orgId, caseId);
    const third = await log(orgId, caseId);
    await harness.again(third);
    await log(orgId, caseId);
    expect(await asked(third)).toHaveLength(1);
  });

  it('counts in the order logged when an update was there before its log', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    const late = activity(orgId, caseId);
    await log(orgId, caseId);
    const update = await harness.tell(ActivityUpdated, {
      orgId,
      aggregateId: late.activityId,
      revision: 2,
      data: { activity: late, changedFields: ['notes'] },
    });
    await harness.handled(update);
    // Logged first, seen last: two calls were known, and it is the first of the three.
    expect(await asked(await log(orgId, caseId))).toHaveLength(1);
    const first = await harness.tell(ActivityLogged, { orgId, aggregateId: late.activityId, revision: 1, data: { activity: late } });
    await harness.handled(first);
    expect(await asked(first)).toHaveLength(0);
  });

  it('does nothing for a case that is closed', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    await log(orgId, caseId);
    await log(orgId, caseId);
    await moved(harness, orgId, 'QUALIFYING', 'DISQUALIFIED', 4, { reasonCode: 'NO_FIT' });
    expect(await asked(await log(orgId, caseId))).toHaveLength(0);
    expect(await evaluationsOf('third_no_answer', caseId)).toContainEqual({ fired: false, obstacle: 'CASE_CLOSED' });
  });
});

describe('outcomes that ask for something', () => {
  it('make a call-back for the next working day when no date was agreed, else none', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    const wanted = await log(orgId, caseId, { outcomeCode: 'CALL_BACK_REQUESTED' });
    expect(await asked(wanted)).toMatchObject([{ taskType: 'CALL_BACK', assignedQueue: 'INSIDE_SALES', assignee: 'ida' }]);
    const followUpAt = new Date(Date.now() + 86_400_000).toISOString();
    expect(await asked(await log(orgId, caseId, { outcomeCode: 'CALL_BACK_REQUESTED', followUpAt }))).toEqual([]);
  });

  it('let sales operations look for another address when an e-mail bounced', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    const bounced = await log(orgId, caseId, { activityType: 'EMAIL', outcomeCode: 'BOUNCED' });
    expect(await asked(bounced)).toMatchObject([{ taskType: 'ADD_CONTACT_POINTS', assignedQueue: 'SALES_OPS' }]);
  });
});

describe('a rule that waits', () => {
  const timersOf = (placeId: string) =>
    harness.rows<{ due_at: Date; rule: string }>('select due_at, rule from timer where place_id = $1', placeId);
  const letItBeDue = (placeId: string) =>
    harness.rows(`update timer set due_at = now() - interval '3 days' where place_id = $1`, placeId);
  const statusOf = async (caseId: string) =>
    (await harness.rows<{ status: string }>('select status from case_item where case_id = $1', caseId))[0]?.status;
  const days = (row: { due_at: Date } | undefined) => (Number(row?.due_at) - Date.now()) / 86_400_000;

  it('escalates a case without activity, once, also when its time passed long ago', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    await eventually(async () => expect((await timersOf(caseId)).length).toBe(1));
    expect(days((await timersOf(caseId))[0])).toBeCloseTo(14, 1);
    await letItBeDue(caseId);
    await eventually(async () => expect(await statusOf(caseId)).toBe('ESCALATED'));
    expect(await timersOf(caseId)).toEqual([]);
    const told = await harness.rows<{ type: string }>(
      `select type from case_history where aggregate_id = $1 and type like '%CaseEscalated'`,
      caseId,
    );
    expect(told).toHaveLength(1);
    await log(orgId, caseId);
    expect(await statusOf(caseId)).toBe('ESCALATED');
  });

  it('begins anew with each activity of its case', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    await eventually(async () => expect((await timersOf(caseId)).length).toBe(1));
    await harness.rows(`update timer set due_at = due_at - interval '10 days' where place_id = $1`, caseId);
    await log(orgId, caseId);
    expect(days((await timersOf(caseId))[0])).toBeCloseTo(14, 1);
  });

  it('does nothing when its case was closed meanwhile', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    await eventually(async () => expect((await timersOf(caseId)).length).toBe(1));
    await moved(harness, orgId, 'QUALIFYING', 'DISQUALIFIED', 4, { reasonCode: 'NO_FIT' });
    await letItBeDue(caseId);
    await eventually(async () => expect((await timersOf(caseId)).length).toBe(0));
    expect(await statusOf(caseId)).toBe('CLOSED');
    expect(await evaluationsOf('no_activity', caseId)).toContainEqual({ fired: false, obstacle: 'CASE_CLOSED' });
  });
});

describe('a dormant company', () => {
  async function dormant() {
    const orgId = newId();
    const data = stageChange(orgOf(orgId, 'DORMANT'), undefined);
    await harness.handled(await harness.tell(OrgStageChanged, { orgId, revision: 2, data }));
    return orgId;
  }
  async function step(orgId: string, type: typeof TaskBecameOverdue | typeof TaskCompleted, given: object = {}) {
    const { task: told } = task(orgId, { origin: 'ACTIVITY', taskType: 'CALL_BACK', ...given });
    const data = { task: told, activityId: undefined };
    const envelope = await harness.tell(type, { orgId, aggregateId: told.taskId, revision: 2, data });
    await harness.handled(envelope);
    return envelope;
  }

  it('is qualified again when its next step falls due, once', async () => {
    const orgId = await dormant();
    const due = await step(orgId, TaskBecameOverdue);
    await harness.again(due);
    await step(orgId, TaskBecameOverdue);
    expect(await casesOf(harness, orgId)).toMatchObject([
      { case_id: ids.case(due.id, 'qualify_company'), case_type: 'QUALIFY_COMPANY' },
    ]);
    const wanted = (await harness.published(due.correlationId)).find((each) => short(each) === 'TransitionStage');
    expect(wanted?.data).toMatchObject({ fromStage: 'DORMANT', toStage: 'QUALIFYING', reasonCode: 'REACTIVATED' });
  });

  it('is left alone when a task of a template falls due, or another company does', async () => {
    const orgId = await dormant();
    await step(orgId, TaskBecameOverdue, { origin: 'TEMPLATE' });
    expect(await casesOf(harness, orgId)).toEqual([]);
    const customer = newId();
    const data = stageChange(orgOf(customer, 'CUSTOMER'), undefined);
    await harness.handled(await harness.tell(OrgStageChanged, { orgId: customer, revision: 2, data }));
    await step(customer, TaskBecameOverdue);
    expect(await casesOf(harness, customer)).toEqual([]);
  });

  it('gets a task to set the next step when the last one ends without another', async () => {
    const orgId = await dormant();
    const done = await step(orgId, TaskCompleted, { status: 'DONE' });
    await harness.rows(`update timer set due_at = now() - interval '1 second' where place_id = $1`, orgId);
    await eventually(async () => expect((await asked(done)).length).toBe(1));
    expect(await asked(done)).toMatchObject([{ taskType: 'SET_NEXT_STEP', assignedQueue: 'INSIDE_SALES' }]);
  });

  it('gets none when another one was agreed on in the meantime', async () => {
    const orgId = await dormant();
    const done = await step(orgId, TaskCompleted, { status: 'DONE' });
    const dueAt = new Date(Date.now() + 86_400_000).toISOString();
    await step(orgId, TaskBecameOverdue, { dueAt, status: 'OPEN', origin: 'PERSON' });
    await harness.rows(`update timer set due_at = now() - interval '1 second' where place_id = $1`, orgId);
    await eventually(async () => expect((await harness.rows('select 1 from timer where place_id = $1', orgId)).length).toBe(0));
    expect(await asked(done)).toEqual([]);
  });
});
