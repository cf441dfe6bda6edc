import {
  ActivityLogged,
  CaseClaimed,
  OrgStageChanged,
  TaskBecameOverdue,
  TaskCompleted,
} from '@tom/contracts/messages';
import type { Task } from '@tom/contracts/tom/task/v1/task';
import { newId } from '@tom/kernel';
import type { Envelope } from '@tom/messaging';
import { eventually } from '@tom/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { casesOf, created, known, moved, refusal, short, withTemplateCase } from './fixtures.ts';
import { orgOf, stageChange, startHarness, task, type Harness, type Person } from './harness.ts';

let harness: Harness;
let ida: Person;
beforeAll(async () => {
  harness = await startHarness();
  ida = harness.person('ida', 'inside_sales');
});
afterAll(() => harness.stop());

const stepsOfTask = async (given: Task) => (await harness.client.whyTask({ task: given }, ida())).steps;
const stepsOfCase = async (caseId: string) => (await harness.client.whyCase({ caseId }, ida())).steps;
const stepsOfStage = async (orgId: string) => (await harness.client.whyStage({ orgId }, ida())).steps;
const whyNot = (orgId: string, given: { since?: string; pageSize?: number; pageToken?: string | undefined } = {}) =>
  harness.client.listWhyNot({ since: undefined, pageSize: 0, pageToken: undefined, ...given, orgId }, ida());

/** The tasks that an event made templates and rules ask for, as their owner makes them. */
async function askedTasks(envelope: Envelope<unknown>): Promise<Task[]> {
  const published = await harness.published(envelope.correlationId);
  return published
    .filter((message) => short(message) === 'CreateTasks')
    .flatMap(({ data }) =>
      (data as { tasks: Partial<Task>[] }).tasks.map(
        (asked) => task(data['orgId'] as string, { ...asked, caseId: data['caseId'] as string | undefined }).task as Task,
      ),
    );
}

async function call(orgId: string, caseId: string) {
  const at = new Date().toISOString();
  const activity = {
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
  };
  const told = { orgId, aggregateId: activity.activityId, revision: 1, data: { activity } };
  const envelope = await harness.tell(ActivityLogged, told);
  await harness.handled(envelope);
  return envelope;
}

async function dormant(): Promise<string> {
  const orgId = newId();
  const data = stageChange(orgOf(orgId, 'DORMANT'), undefined);
  await harness.handled(await harness.tell(OrgStageChanged, { orgId, revision: 2, data }));
  return orgId;
}

async function step(orgId: string, type: typeof TaskBecameOverdue | typeof TaskCompleted, given: object = {}) {
  const { task: told } = task(orgId, { origin: 'ACTIVITY', taskType: 'CALL_BACK', ...given });
  const data = { task: told, activityId: undefined };
  const envelope = await harness.tell(type, { orgId, aggregateId: (told as Task).taskId, revision: 2, data });
  await harness.handled(envelope);
  return envelope;
}

/** What stage-service tells when it obeyed the command that an event caused. */
async function obeyed(cause: Envelope<unknown>, orgId: string, revision: number, given: { from: string; to: string }) {
  const command = (await harness.published(cause.correlationId)).find((each) => short(each) === 'TransitionStage');
  const change = await harness.tell(OrgStageChanged, {
    orgId,
    revision,
    correlationId: cause.correlationId,
    causationId: command?.id ?? '',
    actor: 'template:x',
    data: stageChange(orgOf(orgId, given.to), given.from),
  });
  await harness.handled(change);
}

describe('why there is a task', () => {
  it('names template, version, trigger, condition and values, then the person behind the event', async () => {
    const orgId = newId();
    const change = await created(harness, orgId);
    const [first] = await askedTasks(change);
    expect(await stepsOfTask(first as Task)).toMatchObject([
      {
        kind: 'RULE',
        event: { eventId: change.id, type: 'OrgStageChanged', codes: { to_stage: 'UNVERIFIED' } },
        look: {
          template: 'qualify_company',
          version: 2,
          rule: 'start',
          condition: expect.stringContaining('UNVERIFIED') as unknown,
          parts: [{ values: { 'event.to_stage': 'UNVERIFIED' }, result: true }],
        },
        action: { kind: 'CREATE_TASK', id: first?.taskId },
      },
      { kind: 'PERSON', action: { kind: 'OrgStageChanged', id: orgId } },
    ]);
  });

  it('finds the very event at which a rule acted, among all at which it looked', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    await call(orgId, caseId);
    await call(orgId, caseId);
    const third = await call(orgId, caseId);
    await call(orgId, caseId);
    const [asked] = await askedTasks(third);
    const steps = await stepsOfTask(asked as Task);
    expect(steps).toMatchObject([
      { kind: 'RULE', event: { eventId: third.id }, look: { rule: 'third_no_answer', caseId } },
      { kind: 'ACTIVITY', activityId: third.aggregateId },
    ]);
    expect(steps[0]?.look?.parts.at(-1)).toMatchObject({ values: { 'event.calls_in_row': 3 }, result: true });
  });

  it('follows a rule that waited to the event that made it wait', async () => {
    const orgId = await dormant();
    const done = await step(orgId, TaskCompleted, { status: 'DONE' });
    await harness.rows(`update timer set due_at = now() - interval '1 second' where place_id = $1`, orgId);
    await eventually(async () => expect((await askedTasks(done)).length).toBe(1));
    const [asked] = await askedTasks(done);
    expect(await stepsOfTask(asked as Task)).toMatchObject([
      { kind: 'RULE', event: { type: 'TimerDue' }, look: { template: 'reactivate_dormant' } },
      { kind: 'RULE', event: { eventId: done.id, type: 'TaskCompleted' }, action: { kind: 'TimerDue' } },
      { kind: 'PERSON', action: { kind: 'TaskCompleted' } },
    ]);
  });

  it('says that a person, an activity or a message from outside made it', async () => {
    const orgId = newId();
    const activityId = newId();
    const source = { activityId, template: undefined, version: undefined, rule: undefined, taskKey: undefined };
    const of = async (given: Partial<Task>) => (await stepsOfTask(task(orgId, given).task as Task))[0];
    expect(await of({ origin: 'PERSON', createdBy: 'olga' })).toMatchObject({ kind: 'PERSON', actor: 'user:olga' });
    expect(await of({ origin: 'ACTIVITY', source })).toMatchObject({ kind: 'ACTIVITY', activityId });
    expect(await of({ origin: 'INBOUND' })).toMatchObject({ kind: 'INBOUND' });
    await expect(harness.client.whyTask({ task: undefined }, ida())).rejects.toThrow(refusal('INVALID'));
  });

  it('says so when what was seen is not kept any more', async () => {
    const orgId = newId();
    const change = await created(harness, orgId);
    const [first] = await askedTasks(change);
    await harness.rows('delete from observed_event where org_id = $1', orgId);
    await harness.rows('delete from rule_evaluation where org_id = $1', orgId);
    expect(await stepsOfTask(first as Task)).toMatchObject([
      { kind: 'RULE', look: { template: 'qualify_company', version: 2, rule: 'start', parts: [] } },
      { kind: 'UNKNOWN' },
    ]);
  });
});

describe('why a case was opened', () => {
  it('names who started its template by hand', async () => {
    const orgId = known(harness, 'DISQUALIFIED');
    const { caseId } = await harness.client.startTemplate({ key: 'qualify_company', orgId }, ida('why-start'));
    expect(await stepsOfCase(caseId)).toMatchObject([
      { kind: 'RULE', look: { template: 'qualify_company', version: 2, rule: 'start' } },
      { kind: 'PERSON', actor: 'user:ida', action: { kind: 'OPEN_CASE', id: caseId } },
    ]);
  });

  it('names the rule of another template that started it, and so for the stage that it asked for', async () => {
    const orgId = await dormant();
    const due = await step(orgId, TaskBecameOverdue);
    await obeyed(due, orgId, 3, { from: 'DORMANT', to: 'QUALIFYING' });
    const [opened] = await casesOf(harness, orgId);
    const look = { template: 'reactivate_dormant' };
    const event = { eventId: due.id, type: 'TaskBecameOverdue' };
    expect(await stepsOfCase(opened?.case_id ?? '')).toMatchObject([{ kind: 'RULE', look, event }, {}]);
    expect(await stepsOfStage(orgId)).toMatchObject([
      { kind: 'RULE', look, event, action: { kind: 'REQUEST_TRANSITION', id: orgId } },
      {},
    ]);
  });

  it('is not found when there is none', async () => {
    for (const caseId of [newId(), 'x']) {
      await expect(harness.client.whyCase({ caseId }, ida())).rejects.toThrow(refusal('NOT_FOUND'));
    }
  });
});

describe('why a company is in its stage', () => {
  it('goes over a claim back to the company becoming a lead', async () => {
    const orgId = newId();
    const lead = await created(harness, orgId, 'QUALIFIED_LEAD');
    const [opened] = await casesOf(harness, orgId);
    const caseId = opened?.case_id ?? '';
    const otto = harness.person('otto', 'outside_sales')();
    await harness.client.claimCase({ caseId }, otto);
    const claimed = await eventually(async () => {
      const all = await harness.published(otto.correlationId);
      const found = all.find((each) => short(each) === short({ type: CaseClaimed.typeName } as Envelope));
      expect(all.map(short)).toContain('TransitionStage');
      return found as Envelope;
    });
    await obeyed(claimed, orgId, 3, { from: 'QUALIFIED_LEAD', to: 'SALES_ACCEPTED' });
    expect(await stepsOfStage(orgId)).toMatchObject([
      { kind: 'RULE', look: { template: 'work_lead', rule: 'accepted_by_outside_sales', parts: [{ result: true }] } },
      { kind: 'PERSON', actor: 'user:otto', action: { kind: 'CaseClaimed', id: caseId } },
    ]);
    expect(await stepsOfCase(caseId)).toMatchObject([{ event: { eventId: lead.id } }, { kind: 'PERSON' }]);
  });

  it('names who started the template by hand that asked for it', async () => {
    const orgId = known(harness, 'DISQUALIFIED');
    const by = ida('why-start-stage');
    const { caseId } = await harness.client.startTemplate({ key: 'qualify_company', orgId }, by);
    const cause = { correlationId: by.correlationId } as Envelope;
    await obeyed(cause, orgId, 3, { from: 'DISQUALIFIED', to: 'QUALIFYING' });
    expect(await stepsOfStage(orgId)).toMatchObject([
      { kind: 'RULE', look: { template: 'qualify_company' }, action: { kind: 'REQUEST_TRANSITION' } },
      { kind: 'PERSON', actor: 'user:ida', action: { kind: 'OPEN_CASE', id: caseId } },
    ]);
  });

  it('is not found without the company, and unknown before its first change was seen', async () => {
    await expect(harness.client.whyStage({ orgId: newId() }, ida())).rejects.toThrow(refusal('NOT_FOUND'));
    expect(await stepsOfStage(known(harness))).toMatchObject([{ kind: 'UNKNOWN' }]);
  });
});

describe('why not', () => {
  it('names each template with the part that was false, and the obstacle where none was', async () => {
    const orgId = newId();
    await created(harness, orgId, 'UNVERIFIED', { orgKind: 'supplier' });
    const { items } = await whyNot(orgId);
    const looks = items.flatMap((item) => item.looks);
    expect(looks.find(({ template }) => template === 'qualify_company')).toMatchObject({
      obstacle: { code: 'ORG_KIND', text: { de: expect.stringContaining('Art') as unknown } },
      parts: [{ values: { 'org.org_kind': 'supplier' }, result: false }],
    });
  });

  it('tells of rules of a case, of one that was closed, and of no person', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    await call(orgId, caseId);
    await call(orgId, caseId);
    await moved(harness, orgId, 'QUALIFYING', 'DISQUALIFIED', 4, { reasonCode: 'NO_FIT' });
    await call(orgId, caseId);
    const { items } = await whyNot(orgId);
    const ofRule = items.flatMap((item) => item.looks).filter(({ rule }) => rule === 'third_no_answer');
    expect(ofRule[0]).toMatchObject({ caseId, obstacle: { code: 'CASE_CLOSED' } });
    expect(ofRule.at(-1)?.parts.at(-1)).toMatchObject({ values: { 'event.calls_in_row': 1 }, result: false });
    expect(JSON.stringify(items)).not.toMatch(/Muster|user:|"ida"/);
  });

  it('goes through all of it once, page by page, also of one instant, and from a time on', async () => {
    const { orgId, caseId } = await withTemplateCase(harness, 'QUALIFYING');
    for (let n = 0; n < 3; n += 1) await call(orgId, caseId);
    await harness.rows('update observed_event set occurred_at = $2 where org_id = $1', orgId, new Date());
    const all = (await whyNot(orgId)).items.map(({ event }) => event?.eventId);
    expect(all.length).toBeGreaterThan(3);
    const paged: unknown[] = [];
    for (let pageToken: string | undefined, more = true; more; more = pageToken !== undefined) {
      const page = await whyNot(orgId, { pageSize: 2, pageToken });
      paged.push(...page.items.map(({ event }) => event?.eventId));
      pageToken = page.nextPageToken;
    }
    expect(paged).toEqual(all);
    const since = new Date(Date.now() + 60_000).toISOString();
    expect((await whyNot(orgId, { since })).items).toEqual([]);
    await expect(whyNot(orgId, { pageToken: 'x' })).rejects.toThrow(refusal('INVALID'));
    await expect(whyNot(newId())).rejects.toThrow(refusal('NOT_FOUND'));
  });
});

