import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CaseClosed,
  CaseHandedOver,
  CaseNoteAdded,
  CaseOpened,
  ContactAdded,
  ContactRemoved,
  LogActivity,
  OrgCreated,
  OrgErased,
  OrgStageChanged,
  TaskCompleted,
  TaskCreated,
  TaskUpdated,
} from '@tom/contracts/messages';
import { ids, newId } from '@tom/kernel';
import { eventually } from '@tom/service/testing';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const at = '2026-03-02T09:00:00.000Z';
const org = (orgId: string, currentStage = 'UNVERIFIED') => ({
  orgId,
  name: 'Kessler',
  orgKind: 'customer',
  status: 'lead',
  currentStage,
  stageSince: at,
  version: 1,
  createdAt: at,
  createdBy: 'olga',
  updatedAt: at,
  updatedBy: 'olga',
});
const task = (orgId: string, more: object = {}) => ({
  taskId: newId(),
  orgId,
  taskType: 'CALL_BACK',
  title: 'Rückruf',
  assignedQueue: 'INSIDE_SALES',
  assigneeRole: 'inside_sales',
  priority: 'NORMAL',
  dueIsEndOfDay: false,
  status: 'OPEN',
  origin: 'ACTIVITY',
  version: 1,
  createdAt: at,
  createdBy: 'ida',
  ...more,
});
const caseOf = (orgId: string, more: object = {}) => ({
  caseId: newId(),
  number: '1',
  orgId,
  caseType: 'QUALIFY_COMPANY',
  engine: 'inside_sales',
  status: 'NEW',
  ownerRole: 'inside_sales',
  ownerQueue: 'INSIDE_SALES',
  priority: 'NORMAL',
  title: 'Qualifizierung: Kessler',
  openedAt: at,
  openedBy: 'template:qualify_company',
  returnCount: 0,
  version: 1,
  ...more,
});
const log = (orgId: string, fields: Record<string, unknown> = {}) =>
  system.client.logActivity({ orgId, fields: { activityType: 'CALL', ...fields } }, system.ida());
const timeline = async (orgId: string) => {
  system.answers.orgs.add(orgId);
  return (await system.client.listTimeline({ orgId, kinds: [], pageSize: 200 }, system.ida())).items;
};
const titles = async (orgId: string) => (await timeline(orgId)).map((item) => item.title?.de);

/** Everything published before it has been handled once this company's creation shows. */
async function settled(orgId = newId()): Promise<void> {
  await system.publish(OrgCreated, orgId, { org: org(orgId) });
  await eventually(async () => expect(await timeline(orgId)).not.toHaveLength(0));
}

describe('companies', () => {
  it('are known from their creation on: nobody is asked, and one entry tells it', async () => {
    const orgId = newId();
    await system.publish(OrgCreated, orgId, { org: org(orgId) });
    await system.publish(OrgStageChanged, orgId, {
      orgId,
      toStage: 'UNVERIFIED',
      reasonCode: 'ORG_CREATED',
      changedAt: at,
      org: org(orgId),
      stagesVersion: 1,
    }, { revision: 2 });
    await eventually(async () => expect(await titles(orgId)).toEqual(['Unternehmen angelegt']));
    system.answers.asked.length = 0;
    system.answers.orgs.delete(orgId);
    system.clock.advance(5_001);
    await log(orgId);
    expect(system.answers.asked).toEqual([]);
  });

  it('change their stage on the timeline, with reason, cause and group; twice is once', async () => {
    const orgId = newId();
    const event = await system.publish(OrgStageChanged, orgId, {
      orgId,
      fromStage: 'UNVERIFIED',
      toStage: 'QUALIFYING',
      reasonCode: 'CASE_OPENED',
      changedAt: at,
      org: org(orgId, 'QUALIFYING'),
      stagesVersion: 1,
      caseId: newId(),
    }, {
      revision: 3,
      causationId: newId(),
      actor: 'template:qualify_company',
      template: 'qualify_company',
      templateVersion: 2,
      rule: 'start',
    });
    await system.republish(OrgStageChanged, event);
    await settled(orgId);
    const [entry, ...others] = (await timeline(orgId)).filter((item) => item.kind === 'STAGE');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      entryId: ids.timelineEntry('event', event.id),
      actor: 'template:qualify_company',
      source: { type: 'stage', id: orgId },
      caseId: event.data.caseId,
      cause: { event: event.causationId, template: 'qualify_company', version: 2, rule: 'start' },
      group: event.correlationId,
    });
    expect(entry?.title?.de).toContain('→');
  });

  it('keep the stage of their latest revision, whatever arrives last', async () => {
    const orgId = newId();
    await system.publish(OrgStageChanged, orgId, {
      orgId,
      fromStage: 'UNVERIFIED',
      toStage: 'QUALIFYING',
      changedAt: at,
      org: org(orgId, 'QUALIFYING'),
      stagesVersion: 1,
    }, { revision: 3 });
    await settled(orgId);
    const [row] = await system.database.query({
      name: 'test.known',
      text: 'select current_stage, revision from known_org where org_id = $1',
    }, [orgId]);
    expect(row).toEqual({ current_stage: 'QUALIFYING', revision: 3 });
  });

  it('that are erased lose every word, also those that arrive afterwards', async () => {
    const orgId = newId();
    await settled(orgId);
    const { activityId } = await log(orgId, { subject: 'geheim', notes: 'geheim' });
    await system.publish(TaskCreated, orgId, { task: task(orgId, { title: 'geheim' }) });
    const erased = await system.publish(OrgErased, orgId, { orgId }, { revision: 9 });
    const opened = caseOf(orgId);
    await system.publish(CaseNoteAdded, orgId, {
      case: opened,
      note: {
        noteId: newId(),
        caseId: opened.caseId,
        noteType: 'comment',
        body: 'geheim',
        createdAt: at,
        createdBy: 'ida',
      },
    });
    await system.republish(OrgErased, erased);
    await eventually(async () => expect(await timeline(orgId)).toHaveLength(5));
    expect(JSON.stringify(await timeline(orgId))).not.toContain('geheim');
    expect(JSON.stringify(await system.client.getActivity({ activityId }, system.ida()))).not.toContain('geheim');
    const history = await system.database.query({
      name: 'test.scrubbed',
      text: 'select envelope from activity_history where org_id = $1',
    }, [orgId]);
    expect(history).toHaveLength(1);
    expect(JSON.stringify(history)).not.toContain('geheim');
  });
});

describe('contacts', () => {
  it('can be named once they were added and not once they were removed, in whatever order that arrives', async () => {
    const orgId = newId();
    const [contactId, late] = [newId(), newId()];
    await system.publish(ContactAdded, orgId, { orgId, contactId });
    await system.publish(ContactRemoved, orgId, { orgId, contactId: late });
    await system.publish(ContactAdded, orgId, { orgId, contactId: late });
    await settled(orgId);
    expect(await log(orgId, { contactId })).toMatchObject({ contactId });
    await expect(log(orgId, { contactId: late })).rejects.toMatchObject({ code: 'INVALID' });
    await system.publish(ContactRemoved, orgId, { orgId, contactId });
    await eventually(async () => expect(log(orgId, { contactId })).rejects.toMatchObject({ code: 'INVALID' }));
  });
});

describe('cases', () => {
  it('take activities while they are open, by their latest revision', async () => {
    const orgId = newId();
    const opened = caseOf(orgId);
    const meta = { aggregateId: opened.caseId };
    await system.publish(CaseOpened, orgId, { case: opened }, { ...meta, revision: 1 });
    await settled(orgId);
    expect(await log(orgId)).toMatchObject({ caseId: opened.caseId, queue: 'INSIDE_SALES' });
    await system.publish(CaseHandedOver, orgId, {
      case: { ...opened, engine: 'outside_sales', ownerQueue: 'OUTSIDE_SALES' },
      handoverId: newId(),
      fromEngine: 'inside_sales',
      fromRole: 'inside_sales',
      fromQueue: 'INSIDE_SALES',
    }, { ...meta, revision: 3 });
    await system.publish(CaseOpened, orgId, { case: opened }, { ...meta, revision: 2 });
    await settled();
    await eventually(async () =>
      expect(await log(orgId, { caseId: opened.caseId })).toMatchObject({ queue: 'OUTSIDE_SALES' })
    );
    expect((await log(orgId)).caseId).toBeUndefined();
    await system.publish(CaseClosed, orgId, {
      case: {
        ...opened,
        engine: 'outside_sales',
        ownerQueue: 'OUTSIDE_SALES',
        status: 'CLOSED',
        outcomeCode: 'QUALIFIED',
      },
    }, { ...meta, revision: 4 });
    await eventually(async () =>
      expect(await titles(orgId)).toContainEqual(expect.stringContaining('Fall geschlossen'))
    );
    const late = await system.client.logActivity({ orgId, fields: { activityType: 'CALL' } }, system.otto());
    expect(late.caseId).toBeUndefined();
    expect(await log(orgId, { caseId: opened.caseId })).toMatchObject({ caseId: opened.caseId });
  });

  it('tell hand-overs and notes as kinds of their own', async () => {
    const orgId = newId();
    const opened = caseOf(orgId);
    const noteId = newId();
    await system.publish(CaseNoteAdded, orgId, {
      case: opened,
      note: { noteId, caseId: opened.caseId, noteType: 'comment', body: 'Hallo', createdAt: at, createdBy: 'ida' },
    });
    await settled(orgId);
    expect((await timeline(orgId)).find((item) => item.kind === 'NOTE')).toMatchObject({
      detail: 'Hallo',
      source: { type: 'note', id: noteId },
      caseId: opened.caseId,
    });
  });
});

describe('tasks', () => {
  it('of an activity are linked to it without a change of its version; the latest task wins', async () => {
    const orgId = newId();
    await settled(orgId);
    const { activityId } = await log(orgId, {
      followUpAt: new Date(system.clock.now().getTime() + 60_000).toISOString(),
    });
    const first = task(orgId, { source: { activityId } });
    const second = task(orgId, { source: { activityId }, createdAt: '2026-03-03T09:00:00.000Z' });
    const event = await system.publish(TaskCreated, orgId, { task: second }, { aggregateId: second.taskId });
    await system.publish(TaskCreated, orgId, { task: first }, { aggregateId: first.taskId });
    await system.republish(TaskCreated, event);
    await eventually(async () =>
      expect((await titles(orgId)).filter((title) => title?.startsWith('Aufgabe angelegt'))).toHaveLength(2)
    );
    expect(await system.client.getActivity({ activityId }, system.ida())).toMatchObject({
      followUpTaskId: second.taskId,
      version: 1,
    });
    const { facts } = await system.client.getActivityFacts({ queries: [{ orgId }] }, system.ida());
    expect(facts[0]?.pendingFollowUps).toBe(0);
    expect(await system.told(orgId, 1)).toHaveLength(1);
  });

  it('of an activity that was deleted, or is not here, change nothing', async () => {
    const orgId = newId();
    await settled(orgId);
    const { activityId } = await log(orgId);
    await system.client.deleteActivity({ activityId, version: 1 }, system.ida());
    await system.publish(TaskCreated, orgId, { task: task(orgId, { source: { activityId } }) });
    await system.publish(TaskCreated, orgId, { task: task(orgId, { source: { activityId: newId() } }) });
    await eventually(async () => expect(await timeline(orgId)).toHaveLength(3));
    await expect(system.client.getActivity({ activityId }, system.ida())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are told by what changed the plan, not by how it is shared', async () => {
    const orgId = newId();
    const caseId = newId();
    const done = task(orgId, { status: 'DONE', result: 'erreicht', caseId });
    await system.publish(TaskUpdated, orgId, { task: done, changedFields: ['title'] });
    await system.publish(TaskCompleted, orgId, { task: done }, { aggregateId: done.taskId });
    await settled(orgId);
    const entries = (await timeline(orgId)).filter((item) => item.kind === 'TASK');
    expect(entries).toEqual([
      expect.objectContaining({
        title: { de: 'Aufgabe erledigt: Rückruf', en: 'Task completed: Rückruf' },
        detail: 'erreicht',
        caseId,
      }),
    ]);
    expect(entries[0]?.cause).toBeUndefined();
  });
});

describe('the command to log an activity', () => {
  const command = (orgId: string, activityId = newId()) => ({
    activityId,
    orgId,
    fields: {
      activityType: 'CALL',
      occurredAt: at,
      notes: 'Ja',
      caseId: newId(),
      followUpAt: '2026-03-05T09:00:00.000Z',
    },
    queue: 'INSIDE_SALES',
    createdBy: 'ida',
    createdAt: at,
  });

  it('logs it as it was decided, in the name of the person, caused by the command', async () => {
    const orgId = newId();
    const data = command(orgId);
    const sent = await system.publish(LogActivity, orgId, data, {
      actor: 'user:ida',
      revision: 0,
      depth: 1,
      causationId: newId(),
    });
    const activity = await eventually(() => system.client.getActivity({ activityId: data.activityId }, system.ida()));
    expect(activity).toMatchObject({
      caseId: data.fields.caseId,
      queue: 'INSIDE_SALES',
      createdBy: 'ida',
      createdAt: at,
      followUpAt: data.fields.followUpAt,
      version: 1,
      followUpRevision: 1,
    });
    const [event] = await system.told(orgId, 1);
    expect(event).toMatchObject({
      actor: 'user:ida',
      causationId: sent.id,
      depth: 2,
      revision: 1,
      correlationId: sent.correlationId,
    });
    const [entry] = await timeline(orgId);
    expect(entry).toMatchObject({ kind: 'ACTIVITY', actor: 'user:ida', detail: 'Ja' });
    expect(entry?.group).toBeUndefined();
  });

  it('twice is once: the same message, and another one with the same id', async () => {
    const orgId = newId();
    const data = command(orgId);
    const sent = await system.publish(LogActivity, orgId, data, { revision: 0 });
    await system.republish(LogActivity, sent);
    await system.publish(LogActivity, orgId, data, { revision: 0 });
    await settled(orgId);
    await eventually(async () => expect(await titles(orgId)).toContain('Anruf'));
    await settled();
    expect((await titles(orgId)).filter((title) => title === 'Anruf')).toHaveLength(1);
    expect(await system.told(orgId, 1)).toHaveLength(1);
  });

  it('after the activity was deleted does not log it again', async () => {
    const orgId = newId();
    const data = command(orgId);
    await system.publish(LogActivity, orgId, data, { revision: 0 });
    await eventually(() => system.client.getActivity({ activityId: data.activityId }, system.ida()));
    await system.client.deleteActivity({ activityId: data.activityId, version: 1 }, system.ida());
    await system.publish(LogActivity, orgId, data, { revision: 0 });
    const marker = newId();
    await system.publish(LogActivity, orgId, command(orgId, marker), { revision: 0 });
    await eventually(() => system.client.getActivity({ activityId: marker }, system.ida()));
    await expect(system.client.getActivity({ activityId: data.activityId }, system.ida())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await system.told(orgId, 3)).map((event) => event.type.split('.').at(-1))).toEqual([
      'ActivityLogged',
      'ActivityDeleted',
      'ActivityLogged',
    ]);
  });
});
