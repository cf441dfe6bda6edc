import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  ActivityDeleted,
  ActivityLogged,
  ActivityUpdated,
  TaskCompleted,
  TaskCreated,
  TaskReopened,
  TaskRescheduled,
  TransitionStage,
} from '@tom/contracts/messages';
import type { Activity } from '@tom/contracts/tom/activity/v1/activity';
import type { Task } from '@tom/contracts/tom/task/v1/task';
import { newId } from '@tom/kernel';
import type { Envelope } from '@tom/messaging';
import { eventually } from '@tom/service/testing';
import { openCase, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());
afterEach(() => {
  system.owners.away = false;
  system.owners.hold = undefined;
});

const types = (messages: readonly { type: string }[]) => messages.map(({ type }) => type.split('.').at(-1));

describe('TransitionStage', () => {
  const start = { actor: 'template:qualify_company', template: 'qualify_company', templateVersion: 1, rule: 'start' } as const;
  async function ask(orgId: string, more: Partial<TransitionStage> = {}, meta: Partial<Envelope> = {}) {
    const data = { orgId, fromStage: 'UNVERIFIED', toStage: 'QUALIFYING', reasonCode: 'CASE_OPENED', ...more } as TransitionStage;
    const command = await system.publish(TransitionStage, orgId, data, { revision: 0, ...start, ...meta });
    await system.settled();
    return command;
  }

  it('moves the company, with the template as its actor and the chain of causes intact', async () => {
    const orgId = await system.company();
    const { caseId, ...rest } = openCase('QUALIFY_COMPANY');
    system.know(orgId, { cases: [{ caseId, ...rest }] });
    const command = await ask(orgId, { caseId }, { depth: 3 });
    expect(await system.client.getOrg({ orgId }, system.ida())).toMatchObject({ currentStage: 'QUALIFYING', status: 'lead', version: 1 });
    const changed = (await system.told(orgId)).at(-1);
    expect(changed).toMatchObject({
      ...start,
      type: 'tom.stage.v1.OrgStageChanged',
      revision: 3,
      correlationId: command.correlationId,
      causationId: command.id,
      depth: 4,
      data: { fromStage: 'UNVERIFIED', toStage: 'QUALIFYING', reasonCode: 'CASE_OPENED', caseId },
    });
    const { items } = await system.client.listStageHistory({ orgId, pageSize: 1 }, system.ida());
    expect(items[0]).toMatchObject({ actor: start.actor, template: 'qualify_company', templateVersion: 1, rule: 'start', caseId });
    const [row] = await system.rows<{ event_id: string }>('select event_id from org_stage_history where org_id = $1 and revision = 3', orgId);
    expect(row?.event_id).toBe(changed?.id);
  });

  it('delivered twice, moves once', async () => {
    const orgId = await system.company();
    system.know(orgId, { cases: [openCase('QUALIFY_COMPANY')] });
    const command = await ask(orgId);
    await system.republish(TransitionStage, command);
    await system.settled();
    expect(types(await system.told(orgId))).toEqual(['OrgCreated', 'OrgStageChanged', 'OrgStageChanged']);
  });

  it('for the stage that is there already, writes nothing', async () => {
    const orgId = await system.company('QUALIFYING');
    await ask(orgId);
    expect(types(await system.told(orgId))).toEqual(['OrgCreated', 'OrgStageChanged']);
  });

  it('too late, is refused as an event and revives nothing', async () => {
    const orgId = await system.company();
    const opened = openCase('QUALIFY_COMPANY');
    system.know(orgId, { cases: [opened] });
    await system.client.transition({ orgId, toStage: 'DISQUALIFIED', reasonCode: 'NO_FIT' }, system.ida());
    const command = await ask(orgId, { caseId: opened.caseId });
    expect(await system.client.getOrg({ orgId }, system.ida())).toMatchObject({ currentStage: 'DISQUALIFIED' });
    expect((await system.told(orgId)).at(-1)).toMatchObject({
      type: 'tom.stage.v1.StageTransitionRefused',
      revision: 4,
      actor: start.actor,
      causationId: command.id,
      data: { fromStage: 'UNVERIFIED', toStage: 'QUALIFYING', currentStage: 'DISQUALIFIED', caseId: opened.caseId, code: 'STAGE_CHANGED' },
    });
  });

  it('refused by the rules, names each', async () => {
    const orgId = await system.company();
    await ask(orgId);
    expect((await system.told(orgId)).at(-1)?.data).toMatchObject({
      code: 'RULES_UNMET',
      currentStage: 'UNVERIFIED',
      unmet: [{ rule: 'QUALIFY_CASE_OPEN', message: { de: expect.any(String) as string, en: expect.any(String) as string } }],
    });
    const other = await system.company();
    await ask(other, { toStage: 'CUSTOMER' });
    expect((await system.told(other)).at(-1)?.data).toMatchObject({ code: 'RULES_UNMET', unmet: [{ rule: 'TRANSITION_NOT_ALLOWED' }] });
  });

  it('two of them that disagree: one moves, the other is refused', async () => {
    const orgId = await system.company('QUALIFYING');
    const command = (toStage: string, reasonCode: string) =>
      system.publish(TransitionStage, orgId, { orgId, fromStage: 'QUALIFYING', toStage, reasonCode } as TransitionStage, { revision: 0 });
    await Promise.all([command('DISQUALIFIED', 'NO_FIT'), command('ARCHIVED', 'OTHER')]);
    await system.settled();
    const told = await system.told(orgId);
    expect(types(told)).toEqual(['OrgCreated', 'OrgStageChanged', 'OrgStageChanged', 'StageTransitionRefused']);
    expect(told.map(({ revision }) => revision)).toEqual([1, 2, 3, 4]);
  });

  it('waits while the owner of the facts is away, and goes on by itself', async () => {
    const orgId = await system.company();
    system.know(orgId, { cases: [openCase('QUALIFY_COMPANY')] });
    system.owners.away = true;
    await system.publish(TransitionStage, orgId, { orgId, fromStage: 'UNVERIFIED', toStage: 'QUALIFYING' } as TransitionStage, { revision: 0 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await system.client.getOrg({ orgId }, system.ida())).toMatchObject({ currentStage: 'UNVERIFIED' });
    system.owners.away = false;
    await eventually(async () => {
      expect(await system.client.getOrg({ orgId }, system.ida())).toMatchObject({ currentStage: 'QUALIFYING' });
    });
  });

  it('for many companies at once, asks the owner a few times and moves each once', async () => {
    const orgIds = await Promise.all(Array.from({ length: 60 }, () => system.company()));
    for (const orgId of orgIds) system.know(orgId, { cases: [openCase('QUALIFY_COMPANY')] });
    system.owners.asked.length = 0;
    await Promise.all(
      orgIds.map((orgId) =>
        system.publish(TransitionStage, orgId, { orgId, fromStage: 'UNVERIFIED', toStage: 'QUALIFYING' } as TransitionStage, { revision: 0 }),
      ),
    );
    await system.settled();
    const { orgs } = await system.client.batchGetOrgs({ orgIds }, system.ida());
    expect(orgs.map(({ currentStage }) => currentStage)).toEqual(orgIds.map(() => 'QUALIFYING'));
    expect(system.owners.asked.length).toBeLessThan(orgIds.length);
    const rows = await system.rows('select 1 from org_history where org_id = any ($1) and revision = 3', orgIds);
    expect(rows).toHaveLength(orgIds.length);
  });
});

async function listed(orgId: string) {
  const { items } = await system.client.listOrgs({ stages: [], statuses: [], orgKinds: [], pageSize: 200 }, system.ida());
  const found = items.find(({ org }) => org?.orgId === orgId);
  if (!found) throw new Error('The company is not in the list');
  return found;
}

describe('events of tasks', () => {
  const day = (n: number) => new Date(Date.UTC(2026, 2, n, 8)).toISOString();
  function task(orgId: string, more: Partial<Task> = {}): Task {
    return {
      taskId: newId(),
      orgId,
      taskType: 'GENERAL',
      title: 'Rückruf',
      assignedQueue: 'INSIDE_SALES',
      assigneeRole: 'inside_sales',
      priority: 'NORMAL',
      dueAt: day(10),
      dueIsEndOfDay: false,
      status: 'OPEN',
      origin: 'PERSON',
      version: 1,
      createdAt: day(1),
      createdBy: 'ida',
      ...more,
    };
  }
  const tell = (type: typeof TaskCreated, item: Task, revision: number) =>
    system.publish(type, item.orgId, { task: item }, { aggregateId: item.taskId, revision });
  const rescheduled = TaskRescheduled as unknown as typeof TaskCreated;
  const completed = TaskCompleted as unknown as typeof TaskCreated;
  const reopened = TaskReopened as unknown as typeof TaskCreated;

  it('the open task due first is the next one; without a due date it comes last', async () => {
    const orgId = await system.company();
    const [undated, later, first] = [task(orgId, { dueAt: undefined }), task(orgId, { dueAt: day(9) }), task(orgId, { dueAt: day(4), assignee: 'ida' })];
    await tell(TaskCreated, undated, 1);
    await system.settled();
    const only = (await listed(orgId)).nextTask;
    expect(only).toMatchObject({ taskId: undated.taskId });
    expect(only?.dueAt).toBeUndefined();
    await Promise.all([tell(TaskCreated, later, 1), tell(TaskCreated, first, 1)]);
    await system.settled();
    expect((await listed(orgId)).nextTask).toEqual({
      taskId: first.taskId,
      taskType: 'GENERAL',
      title: 'Rückruf',
      assignedQueue: 'INSIDE_SALES',
      assignee: 'ida',
      dueAt: day(4),
      priority: 'NORMAL',
      dueIsEndOfDay: false,
    });
    await tell(completed, { ...first, status: 'DONE' }, 2);
    await system.settled();
    expect((await listed(orgId)).nextTask).toMatchObject({ taskId: later.taskId });
  });

  it('twice, out of order and after the end: the latest revision holds', async () => {
    const orgId = await system.company();
    const item = task(orgId);
    const moved = await tell(rescheduled, { ...item, dueAt: day(20) }, 2);
    await tell(TaskCreated, item, 1);
    await system.republish(rescheduled, moved);
    await system.settled();
    expect((await listed(orgId)).nextTask).toMatchObject({ dueAt: day(20) });
    await tell(completed, { ...item, status: 'DONE' }, 4);
    await tell(rescheduled, { ...item, dueAt: day(21) }, 3);
    await system.settled();
    expect((await listed(orgId)).nextTask).toBeUndefined();
    await tell(reopened, { ...item, dueAt: day(22) }, 5);
    await system.settled();
    expect((await listed(orgId)).nextTask).toMatchObject({ dueAt: day(22) });
  });
});

describe('events of activities', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 2, 2, hour)).toISOString();
  function activity(orgId: string, hour: number, outcomeCode?: string): Activity {
    const rest = { version: 1, createdAt: at(hour), createdBy: 'ida', updatedBy: 'ida', followUpRevision: 1 };
    return { activityId: newId(), orgId, activityType: 'CALL', occurredAt: at(hour), outcomeCode, ...rest };
  }
  const tell = (type: typeof ActivityLogged, item: Activity, revision: number) =>
    system.publish(type, item.orgId, { activity: item }, { aggregateId: item.activityId, revision });
  const updated = ActivityUpdated as unknown as typeof ActivityLogged;
  const deleted = ({ activityId, orgId }: Activity, revision: number) =>
    system.publish(ActivityDeleted, orgId, { activityId, orgId, activityType: 'CALL' }, { aggregateId: activityId, revision });

  it('the one that happened last is shown; deleted, the one before is', async () => {
    const orgId = await system.company();
    const [early, late] = [activity(orgId, 6), activity(orgId, 7, 'NO_ANSWER')];
    await Promise.all([tell(ActivityLogged, late, 1), tell(ActivityLogged, early, 1)]);
    await system.settled();
    expect((await listed(orgId)).lastActivity).toEqual({ activityType: 'CALL', outcomeCode: 'NO_ANSWER', at: at(7) });
    await deleted(late, 2);
    await system.settled();
    expect((await listed(orgId)).lastActivity).toMatchObject({ at: at(6) });
  });

  it('twice, an update before its log, and after the deletion: the latest revision holds', async () => {
    const orgId = await system.company();
    const item = activity(orgId, 6, 'NO_ANSWER');
    const changed = await tell(updated, { ...item, outcomeCode: 'LEFT_VOICEMAIL' }, 2);
    await tell(ActivityLogged, item, 1);
    await system.republish(updated, changed);
    await system.settled();
    expect((await listed(orgId)).lastActivity).toMatchObject({ outcomeCode: 'LEFT_VOICEMAIL' });
    await deleted(item, 4);
    await tell(updated, item, 3);
    await system.settled();
    expect((await listed(orgId)).lastActivity).toBeUndefined();
    const gone = activity(orgId, 7);
    await deleted(gone, 2);
    await tell(ActivityLogged, gone, 1);
    await system.settled();
    expect((await listed(orgId)).lastActivity).toBeUndefined();
  });
});
