import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DomainError, newId } from '@tom/kernel';
import { openCase, startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());
afterEach(() => {
  system.owners.away = false;
  system.owners.hold = undefined;
  system.owners.checkActivity = () => undefined;
});

const inMs = (ms: number) => new Date(system.clock.now().getTime() + ms).toISOString();
const keyed = (key: string, route = 'POST /orgs/x/stage') => ({ idempotency: { key, route } });
const invalid = (...paths: string[]) => ({ code: 'INVALID', details: { violations: paths.map((path) => ({ path })) } });
const types = (messages: readonly { type: string }[]) => messages.map(({ type }) => type.split('.').at(-1));
const move = (orgId: string, toStage: string, more: Record<string, unknown> = {}, call = system.ida()) =>
  system.client.transition({ orgId, toStage, ...more }, call);

describe('a move', () => {
  it('writes stage, status, history and event, and names the case that it closes', async () => {
    const orgId = await system.company('QUALIFYING');
    const qualification = openCase('QUALIFY_COMPANY');
    system.know(orgId, { cases: [qualification], contactsSince: 2, nextStepsToday: 1, nextStepsFuture: 1 });
    system.clock.advance(60_000);
    const answer = await move(orgId, 'QUALIFIED_LEAD', { reasonNote: 'passt' });
    expect(answer).toMatchObject({
      org: { currentStage: 'QUALIFIED_LEAD', status: 'prospect', stageSince: system.clock.now().toISOString(), version: 1 },
      caseId: qualification.caseId,
      expected: ['tom.workflow.v1.CaseClosed'],
      unchanged: false,
    });
    expect(answer.activityId).toBeUndefined();
    const told = await system.told(orgId);
    expect(types(told)).toEqual(['OrgCreated', 'OrgStageChanged', 'OrgStageChanged']);
    expect(told.map(({ revision }) => revision)).toEqual([1, 2, 3]);
    expect(told[2]).toMatchObject({
      actor: 'user:ida',
      data: {
        fromStage: 'QUALIFYING',
        toStage: 'QUALIFIED_LEAD',
        reasonNote: 'passt',
        caseId: qualification.caseId,
        outcomeCode: 'QUALIFIED',
        stagesVersion: 1,
        org: { status: 'prospect' },
      },
    });
    const { items } = await system.client.listStageHistory({ orgId, pageSize: 10 }, system.ida());
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({
      fromStage: 'QUALIFYING',
      caseId: qualification.caseId,
      facts: {
        activities: { contacts_since_case: 2 },
        tasks: { next_steps_today: 1 },
        cases: { qualify_open: true, open_types: ['QUALIFY_COMPANY'] },
      },
    });
    expect(items[1]).toMatchObject({ toStage: 'UNVERIFIED', reasonCode: 'ORG_CREATED' });
    expect(items[1]?.fromStage).toBeUndefined();
  });

  it('asks only the owners whose facts decide', async () => {
    const orgId = await system.company('QUALIFYING');
    system.owners.asked.length = 0;
    await move(orgId, 'DISQUALIFIED', { reasonCode: 'NO_FIT' });
    expect(system.owners.asked.map(({ method }) => method)).toEqual(['getCaseFacts']);
  });

  it('asks for contacts since the qualification case was opened, or since the stage was entered', async () => {
    const [withCase, without] = [await system.company('QUALIFYING'), await system.company('QUALIFYING')];
    system.know(withCase, { cases: [openCase('QUALIFY_COMPANY', { openedAt: '2026-02-01T00:00:00.000Z' })] });
    const { stageSince } = await system.client.getOrg({ orgId: without }, system.ida());
    system.owners.asked.length = 0;
    for (const orgId of [withCase, without]) await move(orgId, 'QUALIFIED_LEAD').catch(() => undefined);
    const asked = system.owners.asked.filter(({ method }) => method === 'getActivityFacts').map(({ request }) => request);
    expect(asked).toEqual([
      { queries: [{ orgId: withCase, since: '2026-02-01T00:00:00.000Z' }] },
      { queries: [{ orgId: without, since: stageSince }] },
    ]);
  });

  it('says LOST from SALES_ACCEPTED, and DISQUALIFIED before', async () => {
    const outcomes: (string | undefined)[] = [];
    for (const [stage, reasonCode] of [['SALES_ACCEPTED', 'LOST_PRICE'], ['QUALIFIED_LEAD', 'NO_FIT']] as const) {
      const orgId = await system.company(stage);
      system.know(orgId, { cases: [openCase('WORK_LEAD')] });
      const answer = await move(orgId, 'DISQUALIFIED', { reasonCode });
      expect(answer.expected).toEqual(['tom.workflow.v1.CaseClosed', 'tom.task.v1.CancelOrgTasks']);
      outcomes.push((await system.told(orgId)).at(-1)?.data['outcomeCode']);
    }
    expect(outcomes).toEqual(['LOST', 'DISQUALIFIED']);
  });

  it('releasing a case names it and closes none', async () => {
    const orgId = await system.company('SALES_ACCEPTED');
    const work = openCase('WORK_LEAD', { owner: 'otto', claimedByEngineRole: true });
    system.know(orgId, { cases: [work] });
    const answer = await move(orgId, 'QUALIFIED_LEAD', { reasonCode: 'NO_CAPACITY', caseId: work.caseId }, system.otto());
    expect(answer).toMatchObject({ org: { currentStage: 'QUALIFIED_LEAD' }, expected: [] });
    expect(answer.caseId).toBeUndefined();
    const event = (await system.told(orgId)).at(-1);
    expect(event?.data).toMatchObject({ caseId: work.caseId });
    expect(event?.data).not.toHaveProperty('outcomeCode');
  });

  it('takes no claim by the engine that a lead was handed over to for an acceptance', async () => {
    const orgId = await system.company('QUALIFIED_LEAD');
    system.know(orgId, { cases: [openCase('WORK_LEAD', { engine: 'ops', owner: 'olga', claimedByEngineRole: true })] });
    await expect(move(orgId, 'SALES_ACCEPTED')).rejects.toMatchObject({ details: { unmet: [{ rule: 'WORK_LEAD_CLAIMED' }] } });
  });

  it('closes with the outcome that the case named, and refuses one that leads elsewhere', async () => {
    const orgId = await system.company('SALES_ACCEPTED');
    const work = openCase('WORK_LEAD');
    system.know(orgId, { cases: [work] });
    const close = (outcomeCode: string) =>
      move(orgId, 'DISQUALIFIED', { reasonCode: 'LOST_PRICE', caseId: work.caseId, outcomeCode, outcomeNote: 'zu teuer' });
    await expect(close('WON')).rejects.toMatchObject(invalid('outcomeCode'));
    await close('DISQUALIFIED');
    expect((await system.told(orgId)).at(-1)?.data).toMatchObject({ outcomeCode: 'DISQUALIFIED', outcomeNote: 'zu teuer' });
  });
});

describe('the request', () => {
  it('is refused with everything that is wrong at once', async () => {
    const request = { orgId: newId(), toStage: 'NOWHERE', fromStage: 'X', reasonCode: 'Y', caseId: 'no', duplicateOfOrgId: 'no', reasonNote: ' ' };
    await expect(system.client.transition(request, system.ida())).rejects.toMatchObject({
      code: 'INVALID',
      details: {
        violations: ['toStage', 'fromStage', 'reasonCode', 'reasonNote', 'duplicateOfOrgId', 'caseId'].map((path) => ({ path })),
      },
    });
  });

  it('needs a note with OTHER, before anything else is judged', async () => {
    const orgId = await system.company('QUALIFYING');
    await expect(move(orgId, 'DORMANT', { reasonCode: 'OTHER' })).rejects.toMatchObject(invalid('reasonNote'));
    system.owners.away = true;
    await expect(move(orgId, 'DORMANT', { reasonCode: 'OTHER', fromStage: 'QUALIFYING' })).rejects.toMatchObject(invalid('reasonNote'));
  });

  it('may name the company that it is a duplicate of, which must exist and be another one', async () => {
    const [orgId, other] = [await system.company(), await system.company()];
    const as = (duplicateOfOrgId: string, reasonCode = 'DUPLICATE') => move(orgId, 'DISQUALIFIED', { reasonCode, duplicateOfOrgId });
    await expect(as(newId())).rejects.toMatchObject(invalid('duplicateOfOrgId'));
    await expect(as(orgId)).rejects.toMatchObject(invalid('duplicateOfOrgId'));
    await expect(as(other, 'NO_FIT')).rejects.toMatchObject(invalid('duplicateOfOrgId'));
    await as(other);
    expect((await system.told(orgId)).at(-1)?.data).toMatchObject({ reasonCode: 'DUPLICATE', duplicateOfOrgId: other });
  });

  it('names an open case of the company, or is refused', async () => {
    const [orgId, other] = [await system.company('QUALIFYING'), await system.company()];
    const named = (caseId: string) => move(orgId, 'DISQUALIFIED', { reasonCode: 'NO_FIT', caseId });
    await expect(named(newId())).rejects.toMatchObject(invalid('caseId'));
    const [closed, foreign] = [newId(), newId()];
    system.owners.closedCases.set(closed, orgId).set(foreign, other);
    await expect(named(foreign)).rejects.toMatchObject(invalid('caseId'));
    await expect(named(closed)).rejects.toMatchObject({ code: 'STATE_REFUSED', details: { state: 'CLOSED' } });
    expect(await system.client.getOrg({ orgId }, system.ida())).toMatchObject({ currentStage: 'QUALIFYING' });
  });

  it('agrees no follow-up for a company that is disqualified, nor one in the past', async () => {
    const orgId = await system.company('QUALIFYING');
    const disqualify = (more: object) => move(orgId, 'DISQUALIFIED', { reasonCode: 'NO_FIT', ...more });
    await expect(disqualify({ followUpAt: inMs(1_000) })).rejects.toMatchObject(invalid('followUpAt'));
    await expect(disqualify({ activity: { activityType: 'CALL', followUpAt: inMs(1_000) } })).rejects.toMatchObject(
      invalid('activity.followUpAt'),
    );
    await expect(move(orgId, 'DORMANT', { reasonCode: 'TIMING', followUpAt: inMs(-1) })).rejects.toMatchObject(invalid('followUpAt'));
  });

  it('is for those who may move stages, of companies that exist', async () => {
    const orgId = await system.company('QUALIFYING');
    await expect(move(orgId, 'DISQUALIFIED', { reasonCode: 'NO_FIT' }, system.anna())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(move(orgId, 'DISQUALIFIED', { reasonCode: 'NO_FIT' }, system.service())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(move(newId(), 'DISQUALIFIED', { reasonCode: 'NO_FIT' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(move('nope', 'DISQUALIFIED', { reasonCode: 'NO_FIT' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(move(orgId, 'DISQUALIFIED', { reasonCode: 'NO_FIT' }, { ...system.ida(), token: 'x' })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});

describe('a person without the right', () => {
  it('is told first what is wrong with the request, the reason included, whether or not the stage was named', async () => {
    const orgId = await system.company('QUALIFYING');
    for (const fromStage of [undefined, 'QUALIFYING']) {
      const as = (toStage: string, more = {}) => move(orgId, toStage, { fromStage, ...more }, system.anna());
      await expect(as('DISQUALIFIED')).rejects.toMatchObject(invalid('reasonCode'));
      await expect(as('DORMANT', { reasonCode: 'LOST_PRICE' })).rejects.toMatchObject(invalid('reasonCode'));
      await expect(as('DISQUALIFIED', { reasonCode: 'OTHER' })).rejects.toMatchObject(invalid('reasonNote'));
      await expect(as('DORMANT', { reasonCode: 'TIMING' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(as('CUSTOMER')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    for (const unknown of [newId(), 'nope']) {
      await expect(move(unknown, 'DISQUALIFIED', {}, system.anna())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});

describe('an activity that comes with the move', () => {
  const call = () => ({ activityType: 'CALL', outcomeCode: 'REACHED_DECISION_MAKER', followUpAt: inMs(86_400_000) });

  it('counts, with its follow-up, and is commanded in the same transaction', async () => {
    const orgId = await system.company('QUALIFYING');
    const answer = await move(orgId, 'QUALIFIED_LEAD', { activity: call() });
    expect(answer.expected).toEqual(['tom.activity.v1.ActivityLogged']);
    const told = (await system.told(orgId)).slice(-2).toSorted((a, b) => (a.topic < b.topic ? -1 : 1));
    expect(types(told)).toEqual(['LogActivity', 'OrgStageChanged']);
    expect(told[0]?.data).toMatchObject({
      activityId: answer.activityId,
      fields: { activityType: 'CALL', occurredAt: '2026-03-02T08:00:00.000Z', followUpAt: call().followUpAt },
      queue: 'INSIDE_SALES',
      createdBy: 'ida',
    });
    expect(told[1]?.data).toMatchObject({ activityId: answer.activityId });
    expect(told[0]?.correlationId).toBe(told[1]?.correlationId);
    const { items } = await system.client.listStageHistory({ orgId, pageSize: 1 }, system.ida());
    expect(items[0]?.facts).toMatchObject({ activities: { contacts_since_case: 1, pending_follow_ups: 1 } });
  });

  it('is not logged when the move is refused', async () => {
    const orgId = await system.company('QUALIFYING');
    const { followUpAt: _none, ...withoutNextStep } = call();
    await expect(move(orgId, 'QUALIFIED_LEAD', { activity: withoutNextStep })).rejects.toMatchObject({
      code: 'RULES_UNMET',
      details: { unmet: [{ rule: 'NEXT_STEP' }] },
    });
    expect(await system.told(orgId)).toHaveLength(2);
  });

  it('a note or a research is no contact', async () => {
    const orgId = await system.company('QUALIFYING');
    await expect(move(orgId, 'QUALIFIED_LEAD', { activity: { ...call(), activityType: 'NOTE', outcomeCode: undefined } })).rejects.toMatchObject({
      details: { unmet: [{ rule: 'CONTACT_LOGGED' }] },
    });
  });

  it('cannot use up the next step that it completes', async () => {
    const orgId = await system.company('QUALIFYING');
    const taskId = newId();
    system.owners.tasks.set(taskId, {
      taskId,
      orgId,
      taskType: 'CALL_BACK',
      title: 'Rückruf',
      assignedQueue: 'INSIDE_SALES',
      assigneeRole: 'inside_sales',
      priority: 'NORMAL',
      dueAt: inMs(3_600_000),
      dueIsEndOfDay: false,
      status: 'OPEN',
      origin: 'ACTIVITY',
      version: 1,
      createdBy: 'ida',
    });
    system.know(orgId, { nextStepsToday: 1, nextStepsFuture: 1 });
    const completing = { activityType: 'CALL', completesTaskId: taskId };
    await expect(move(orgId, 'QUALIFIED_LEAD', { activity: completing })).rejects.toMatchObject({
      details: { unmet: [{ rule: 'NEXT_STEP', value: 0 }] },
    });
    await move(orgId, 'QUALIFIED_LEAD', { activity: { ...completing, followUpAt: inMs(3_600_000) } });
  });

  it('is refused by its owner under its name in the request', async () => {
    const orgId = await system.company('QUALIFYING');
    system.owners.checkActivity = () => {
      throw DomainError.invalid([{ path: 'contactId', message: 'x', expected: 'y' }]);
    };
    await expect(move(orgId, 'QUALIFIED_LEAD', { activity: call() })).rejects.toMatchObject(invalid('activity.contactId'));
    system.owners.checkActivity = () => {
      throw new DomainError('TASK_CLAIMED_BY', 'x', { by: 'olga', at: inMs(0) });
    };
    await expect(move(orgId, 'QUALIFIED_LEAD', { activity: call() })).rejects.toMatchObject({ code: 'TASK_CLAIMED_BY' });
    expect(await system.told(orgId)).toHaveLength(2);
  });

  it('a follow-up alone is carried by a note: the next step of a company that rests', async () => {
    const orgId = await system.company('CUSTOMER');
    const followUpAt = inMs(30 * 86_400_000);
    const answer = await move(orgId, 'DORMANT', { reasonCode: 'TIMING', followUpAt, action: 'dormant' });
    expect(answer.activityId).toBeDefined();
    const command = (await system.told(orgId)).find(({ type }) => type.endsWith('LogActivity'));
    expect(command?.data).toMatchObject({ fields: { activityType: 'NOTE', followUpAt } });
  });
});

describe('the same request again', () => {
  const qualify = (orgId: string, key: string, more: object = {}) =>
    move(orgId, 'QUALIFIED_LEAD', { activity: { activityType: 'CALL', followUpAt: '2026-04-01T08:00:00.000Z' }, ...more }, system.ida(keyed(key)));

  it('answers the first result, also when the owners would refuse it by now', async () => {
    const orgId = await system.company('QUALIFYING');
    const key = newId();
    const first = await qualify(orgId, key);
    system.owners.away = true;
    expect(await qualify(orgId, key)).toEqual(first);
    expect(types(await system.told(orgId)).filter((type) => type === 'LogActivity')).toHaveLength(1);
    await expect(qualify(orgId, key, { reasonNote: 'else' })).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('sent twice at once moves once', async () => {
    const orgId = await system.company('QUALIFYING');
    const key = newId();
    const [one, two] = await Promise.all([qualify(orgId, key), qualify(orgId, key)]);
    expect(one).toEqual(two);
    expect(types(await system.told(orgId)).filter((type) => type === 'OrgStageChanged')).toHaveLength(2);
  });

  it('is not kept when it was refused', async () => {
    const orgId = await system.company('QUALIFYING');
    const key = newId();
    const attempt = () => move(orgId, 'QUALIFIED_LEAD', {}, system.ida(keyed(key)));
    await expect(attempt()).rejects.toMatchObject({ code: 'RULES_UNMET' });
    system.know(orgId, { contactsSince: 1, nextStepsToday: 1 });
    expect(await attempt()).toMatchObject({ org: { currentStage: 'QUALIFIED_LEAD' } });
  });
});

describe('two at once', () => {
  it('one wins, the other is told who was faster', async () => {
    const orgId = await system.company('QUALIFIED_LEAD');
    let release = (): void => undefined;
    system.owners.hold = new Promise((resolve) => {
      release = resolve;
    });
    const both = Promise.allSettled([
      move(orgId, 'DISQUALIFIED', { reasonCode: 'NO_FIT' }),
      move(orgId, 'QUALIFYING', { reasonCode: 'NOT_READY' }, system.otto()),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    release();
    const outcomes = await both;
    const won = outcomes.findIndex(({ status }) => status === 'fulfilled');
    const lost = outcomes.filter(({ status }) => status === 'rejected').map((outcome) => (outcome as PromiseRejectedResult).reason as unknown);
    expect(lost).toHaveLength(1);
    expect(lost[0]).toMatchObject({
      code: 'STAGE_CHANGED',
      details: { currentStage: won === 0 ? 'DISQUALIFIED' : 'QUALIFYING', by: won === 0 ? 'ida' : 'otto', at: system.clock.now().toISOString() },
    });
    expect(types(await system.told(orgId))).toEqual(['OrgCreated', 'OrgStageChanged', 'OrgStageChanged']);
  });

  it('whoever saw another stage is told so, and nothing moves on top', async () => {
    const orgId = await system.company('DISQUALIFIED');
    await expect(move(orgId, 'DISQUALIFIED', { fromStage: 'QUALIFYING', reasonCode: 'NO_FIT' })).rejects.toMatchObject({
      code: 'STAGE_CHANGED',
      details: { currentStage: 'DISQUALIFIED', by: 'ida' },
    });
  });

  it('a company that went away and came back meanwhile is another one', async () => {
    const orgId = await system.company('QUALIFYING');
    let release = (): void => undefined;
    system.owners.hold = new Promise((resolve) => {
      release = resolve;
    });
    const attempt = move(orgId, 'DISQUALIFIED', { reasonCode: 'NO_FIT' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await system.rows(`update org set stage_since = stage_since + interval '1 second' where org_id = $1`, orgId);
    release();
    await expect(attempt).rejects.toMatchObject({ code: 'STAGE_CHANGED' });
  });
});

describe('an owner away', () => {
  it('makes the door and the explanation unavailable, and nothing has changed', async () => {
    const orgId = await system.company('QUALIFYING');
    system.owners.away = true;
    await expect(move(orgId, 'DISQUALIFIED', { reasonCode: 'NO_FIT' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(system.client.explainStage({ orgId }, system.ida())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await system.told(orgId)).toHaveLength(2);
  });
});
