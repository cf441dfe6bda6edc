import { describe, expect, it } from 'vitest';
import { ActivityLogged, LogActivity, RegisterOrg, ReportActivity, TaskCreated, TransitionStage } from './generated/catalogue.ts';
import { messageTypes, topics } from './index.ts';

const orgId = '0192f0a0-0000-7000-8000-000000000002';
const activity = {
  activityId: '0192f0a0-0000-7000-8000-000000000001',
  orgId,
  activityType: 'CALL',
  occurredAt: '2026-03-02T09:00:00.000Z',
  createdAt: '2026-03-02T09:00:00.000Z',
  createdBy: 'ida',
};

describe('a message type', () => {
  it('reads what it wrote', () => {
    const read = ActivityLogged.decode({ activity: { ...activity, followUpAt: '2026-03-03T09:00:00.000Z', version: 1 } });
    expect(ActivityLogged.decode(JSON.parse(JSON.stringify(ActivityLogged.encode(read))))).toEqual(read);
    expect(read.activity.followUpAt).toBe('2026-03-03T09:00:00.000Z');
  });

  it('tolerates fields that a newer sender gained', () => {
    expect(() => ActivityLogged.decode({ activity: { ...activity, brandNew: { a: 1 } }, other: true })).not.toThrow();
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', 'text', /value: must be object/],
    ['null', null, /value: must be object/],
    ['nothing in it', {}, /activity: is missing/],
    ['a missing id', { activity: { ...activity, activityId: undefined } }, /activity\.activityId: is missing/],
    ['an id that is none', { activity: { ...activity, orgId: 'x' } }, /activity\.orgId: must match pattern/],
    ['a bad date', { activity: { ...activity, occurredAt: '2026-02-30T09:00:00Z' } }, /activity\.occurredAt: must match format/],
    ['a number for a text', { activity: { ...activity, notes: 7 } }, /activity\.notes: must be string/],
    ['a text for a number', { activity: { ...activity, version: '1' } }, /activity\.version: must be integer/],
    ['a code in lower case', { activity: { ...activity, activityType: 'call' } }, /activity\.activityType: must match pattern/],
    ['a direction that is none', { activity: { ...activity, direction: 'UP' } }, /activity\.direction: must be equal to one/],
    ['a text beyond its bound', { activity: { ...activity, notes: 'x'.repeat(10_001) } }, /activity\.notes: must NOT have more/],
  ])('refuses %s, naming the field', (_what, value, message) => {
    expect(() => ActivityLogged.decode(value)).toThrow(message);
  });

  it('refuses a field that it does not know where other systems write, also inside of others', () => {
    const registered = { externalRef: 'K-1', name: 'Kessler', address: { city: 'Ulm' } };
    expect(RegisterOrg.decode(registered)).toMatchObject(registered);
    expect(() => RegisterOrg.decode({ ...registered, nmae: 'x' })).toThrow(/nmae: is unknown/);
    expect(() => RegisterOrg.decode({ ...registered, address: { zip: '1' } })).toThrow(/address\.zip: is unknown/);
    const fields = { activityType: 'CALL', outcome: 'NO_ANSWER' };
    expect(() => ReportActivity.decode({ externalRef: 'K-1', reportedId: '1', fields })).toThrow(/fields\.outcome: is unknown/);
  });

  it('names every bad field at once', () => {
    expect(() => TransitionStage.decode({ orgId: 'x', toStage: 'y' })).toThrow(/fromStage: is missing.*orgId: .*toStage: /);
  });
});

describe('the catalogue', () => {
  it('knows every type by its full name, on the topic of its domain', () => {
    expect(messageTypes.get('tom.task.v1.TaskCreated')).toBe(TaskCreated);
    expect(LogActivity.topic).toBe('tom.activity.commands.v1');
    expect(topics).toEqual([
      'tom.activity.commands.v1', 'tom.activity.events.v1', 'tom.case.events.v1', 'tom.inbound.v1',
      'tom.org.commands.v1', 'tom.org.events.v1', 'tom.task.commands.v1', 'tom.task.events.v1',
    ]);
  });

  it('has all types that domain.md §9 names', () => {
    const names = [...messageTypes.keys()].map((name) => name.split('.').at(-1));
    expect(names).toEqual(expect.arrayContaining(
      ('OrgCreated OrgUpdated OrgStageChanged StageTransitionRefused GuardOverridden OrgErased ContactAdded ContactUpdated ' +
       'ContactRemoved ContactErased ActivityLogged ActivityUpdated ActivityDeleted TaskCreated TaskUpdated TaskClaimed ' +
       'TaskReleased TaskStarted TaskReassigned TaskRescheduled TaskCompleted TaskCancelled TaskReopened TaskBecameOverdue ' +
       'CaseOpened CaseUpdated CaseClaimed CaseReleased CaseNoteAdded CaseRequirementFulfilled CasePhaseChanged ' +
       'CaseStatusChanged CaseEscalated CaseHandedOver CaseReturned CaseClosed CreateTasks CancelCaseTasks CancelOrgTasks ' +
       'TransitionStage LogActivity RegisterOrg ReportActivity').split(' ')));
  });
});
