import type { Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';
import { startSystem } from '../src/start-system.ts';

interface Org { orgId: string; currentStage: string; status: string; name: string | null; version: number }
interface Task {
  taskId: string; taskType: string; status: string; assignedQueue: string; assignee?: string; dueAt?: string; origin: string;
  title: string; priority: string; caseId?: string; source: { activityId?: string; template?: string }; dueIsEndOfDay: boolean;
}
interface Case { caseId: string; caseType: string; status: string; outcomeCode?: string; owner?: string; ownerQueue: string }
interface Activity { activityId: string; followUpTaskId?: string; caseId?: string; version: number }
interface Page<T> { items: T[]; nextPageToken?: string }
interface Entry { entryId: string; kind: string; title: { de: string; en: string }; at: string; actor: string; detail?: string; cause?: { template?: string } }
interface Rule { rule: string; message: { de: string; en: string }; hint?: { de: string } }

let stack: Stack;
let ida: Api;
let ingo: Api;
let olga: Api;
let otto: Api;
let root: Api;

beforeAll(async () => {
  stack = await startSystem();
  const as = async (user: string) => api(stack.url, await stack.token(user));
  [ida, ingo, olga, otto, root] = (await Promise.all(['ida', 'ingo', 'olga', 'otto', 'root'].map(as))) as [Api, Api, Api, Api, Api];
});
afterAll(() => stack.stop());

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
let counted = 0;

async function createOrg(given: Record<string, unknown> = {}): Promise<Org> {
  const { status, body } = await ida.post<Org>('/orgs', { name: `Prüfstand ${(counted += 1)} GmbH`, ...given });
  expect(status).toBe(201);
  return body;
}
const org = async (orgId: string) => (await ida.get<Org>(`/orgs/${orgId}`)).body;
const tasks = async (orgId: string, filter = '') => (await ida.get<Page<Task>>(`/tasks?orgId=${orgId}&pageSize=200${filter}`)).body.items;
const cases = async (orgId: string, filter = '') => (await ida.get<Page<Case>>(`/cases?orgId=${orgId}${filter}`)).body.items;
const timeline = async (orgId: string) => (await ida.get<Page<Entry>>(`/orgs/${orgId}/timeline?pageSize=200`)).body.items;
const stageIs = (orgId: string, stage: string) => until(`stage ${stage}`, () => org(orgId), ({ currentStage }) => currentStage === stage);

/** A company in qualification with its case and six tasks. */
async function qualifying(): Promise<{ org: Org; caseId: string }> {
  const created = await createOrg();
  await stageIs(created.orgId, 'QUALIFYING');
  await until('six tasks', () => tasks(created.orgId), (found) => found.length === 6);
  const [open] = await cases(created.orgId, '&open=true');
  return { org: created, caseId: open?.caseId ?? '' };
}

function log(orgId: string, given: Record<string, unknown> = {}) {
  return ida.post<Activity>(`/orgs/${orgId}/activities`, {
    activityType: 'CALL', direction: 'OUTBOUND', outcomeCode: 'REACHED_DECISION_MAKER', ...given,
  });
}

const callBacks = async (orgId: string) => (await tasks(orgId)).filter(({ taskType }) => taskType === 'CALL_BACK');

describe('a company is created', () => {
  it('as lead: the template opens the case, fills the queues and moves the stage', async () => {
    const { org: created } = await qualifying();
    expect(created.currentStage).toBe('UNVERIFIED');
    const found = await tasks(created.orgId);
    expect(found.map(({ taskType, assignedQueue, priority }) => [taskType, assignedQueue, priority]).sort()).toEqual([
      ['ADD_CONTACT_POINTS', 'SALES_OPS', 'NORMAL'],
      ['CHECK_RELATION_SIGNALS', 'INSIDE_SALES', 'NORMAL'],
      ['FIRST_OUTREACH', 'INSIDE_SALES', 'NORMAL'],
      ['FIT_ASSESSMENT', 'INSIDE_SALES', 'NORMAL'],
      ['IDENTIFY_CONTACT', 'INSIDE_SALES', 'NORMAL'],
      ['OPS_DATA_CHECK', 'SALES_OPS', 'HIGH'],
    ]);
    for (const task of found) expect(task).toMatchObject({ origin: 'TEMPLATE', dueIsEndOfDay: true, source: { template: 'qualify_company' } });
    expect(await cases(created.orgId)).toMatchObject([{ caseType: 'QUALIFY_COMPANY', ownerQueue: 'INSIDE_SALES' }]);
    const history = await ida.get<Page<{ toStage: string; reasonCode: string; actor: string }>>(`/orgs/${created.orgId}/stage/history`);
    expect(history.body.items).toMatchObject([
      { toStage: 'QUALIFYING', reasonCode: 'CASE_OPENED', actor: 'template:qualify_company' },
      { toStage: 'UNVERIFIED', reasonCode: 'ORG_CREATED', actor: 'user:ida' },
    ]);
    const entries = await until('the timeline', () => timeline(created.orgId), (all) => all.length >= 9);
    expect(entries.filter(({ kind }) => kind === 'ORG')).toHaveLength(1);
    expect(entries.filter(({ kind }) => kind === 'STAGE')).toHaveLength(1);
    expect(entries.filter(({ kind }) => kind === 'TASK')).toHaveLength(6);
    expect(entries.find(({ kind }) => kind === 'CASE')?.cause?.template).toBe('qualify_company');
  });

  it('as prospect: sales gets a lead; customer, inactive and kinds that are not qualified: nothing', async () => {
    const prospect = await createOrg({ status: 'prospect' });
    await until('the lead', () => cases(prospect.orgId), (found) => found.some(({ caseType }) => caseType === 'WORK_LEAD'));
    await until('its tasks', () => tasks(prospect.orgId), (found) => found.length === 4);
    const others = [
      await createOrg({ status: 'customer' }),
      await createOrg({ status: 'inactive' }),
      await createOrg({ orgKind: 'supplier' }),
    ];
    // What was created after them is through: so are they.
    await qualifying();
    for (const { orgId, currentStage } of others) {
      expect(await cases(orgId)).toEqual([]);
      expect(await tasks(orgId)).toEqual([]);
      expect((await org(orgId)).currentStage).toBe(currentStage);
    }
    expect(others.map(({ currentStage }) => currentStage)).toEqual(['CUSTOMER', 'DORMANT', 'UNVERIFIED']);
  });

  it('once for one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': `create-${counted}` };
    const first = await ida.post<Org>('/orgs', { name: 'Zwilling AG' }, headers);
    const again = await ida.post<Org>('/orgs', { name: 'Zwilling AG' }, headers);
    expect(again).toMatchObject({ status: 201, body: { orgId: first.body.orgId } });
    expect(await ida.post('/orgs', { name: 'Anderer AG' }, headers)).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });
});

describe('a follow-up is agreed', () => {
  it('makes exactly one CALL_BACK, linked both ways, which moves, is cancelled and comes back with the agreement', async () => {
    const { org: { orgId }, caseId } = await qualifying();
    const first = inHours(24);
    const { status, body } = await log(orgId, { followUpAt: first });
    expect(status).toBe(201);
    const [task] = await until('the CALL_BACK', () => callBacks(orgId), (found) => found.length === 1);
    expect(task).toMatchObject({ dueAt: first, assignee: 'ida', assignedQueue: 'INSIDE_SALES', caseId, origin: 'ACTIVITY', status: 'OPEN' });
    expect(task?.source.activityId).toBe(body.activityId);
    const path = `/activities/${body.activityId}`;
    const linked = await until('the link', () => ida.get<Activity>(path), (answer) => answer.body.followUpTaskId === task?.taskId);
    expect(linked.body.version).toBe(body.version);

    const moved = await ida.patch(path, { followUpAt: inHours(48) }, linked.etag ?? '');
    expect(moved.status).toBe(200);
    await until('the move', () => callBacks(orgId), ([found]) => found?.dueAt === (moved.body['followUpAt'] as string));
    expect(await ida.patch(path, { followUpAt: null }, linked.etag ?? '')).toMatchObject({ status: 412, body: { code: 'STALE_VERSION' } });
    const cleared = await ida.patch(path, { followUpAt: null }, moved.etag ?? '');
    await until('the cancellation', () => callBacks(orgId), ([found]) => found?.status === 'CANCELLED');
    const anew = await ida.patch(path, { followUpAt: inHours(72) }, cleared.etag ?? '');
    await until('a new one', () => callBacks(orgId), (found) => found.length === 2 && found.filter((one) => one.status === 'OPEN').length === 1);
    expect((await ida.remove(path, anew.etag ?? '')).status).toBe(204);
    await until('both closed', () => callBacks(orgId), (found) => found.every((one) => one.status === 'CANCELLED'));
    expect((await ida.get(path)).status).toBe(404);
  });

  it('logging completes the task that it did, and undoing it opens that task again', async () => {
    const { org: { orgId } } = await qualifying();
    const outreach = (await tasks(orgId)).find(({ taskType }) => taskType === 'FIRST_OUTREACH');
    const { body } = await log(orgId, { completesTaskId: outreach?.taskId });
    const state = async () => (await ida.get<Task>(`/tasks/${outreach?.taskId}`)).body.status;
    await until('completion', state, (status) => status === 'DONE');
    const { etag } = await ida.get(`/activities/${body.activityId}`);
    await ida.remove(`/activities/${body.activityId}`, etag ?? '');
    await until('reopening', state, (status) => status === 'OPEN');
    expect(await log(orgId, { completesTaskId: orgId })).toMatchObject({ status: 400, body: { violations: [{ path: 'completesTaskId' }] } });
    const taken = (await tasks(orgId)).find(({ taskType }) => taskType === 'FIT_ASSESSMENT');
    await ingo.post(`/tasks/${taken?.taskId}/claim`);
    expect(await log(orgId, { completesTaskId: taken?.taskId })).toMatchObject({ status: 409, body: { code: 'TASK_CLAIMED_BY', by: 'ingo' } });
  });
});

describe('the one door', () => {
  it('refuses with every unmet rule in both languages and changes nothing, the activity included', async () => {
    const { org: { orgId } } = await qualifying();
    const refused = await ida.post<{ code: string; unmet: Rule[] }>(`/orgs/${orgId}/qualify`, { activity: { activityType: 'NOTE', notes: 'nichts' } });
    expect(refused).toMatchObject({ status: 409, body: { code: 'RULES_UNMET' } });
    expect(refused.body.unmet.map(({ rule }) => rule).sort()).toEqual(['CONTACT_LOGGED', 'NEXT_STEP']);
    for (const rule of refused.body.unmet) expect(rule.message.de && rule.message.en && rule.hint?.de).toBeTruthy();
    expect((await ida.get<Page<Activity>>(`/orgs/${orgId}/activities`)).body.items).toEqual([]);
    const explained = await ida.get<{ transitions: { to: string; allowed: boolean; unmet: Rule[] }[] }>(`/orgs/${orgId}/stage`);
    const next = explained.body.transitions.find(({ to }) => to === 'QUALIFIED_LEAD');
    expect(next?.allowed).toBe(false);
    expect(next?.unmet.map(({ rule }) => rule).sort()).toEqual(['CONTACT_LOGGED', 'NEXT_STEP']);
    expect(explained.body.transitions.find(({ to }) => to === 'DISQUALIFIED')?.allowed).toBe(true);
  });

  it('qualifies in one call, and everything that follows from it happens', async () => {
    const { org: { orgId }, caseId } = await qualifying();
    const done = await ida.post<{ org: Org; caseId: string; activityId: string; completing: boolean }>(`/orgs/${orgId}/qualify`, {
      activity: { activityType: 'CALL', direction: 'OUTBOUND', outcomeCode: 'REACHED_DECISION_MAKER', followUpAt: inHours(24) },
    });
    expect(done).toMatchObject({ status: 200, body: { org: { currentStage: 'QUALIFIED_LEAD', status: 'prospect' }, caseId, completing: false } });
    expect((await ida.get<Case>(`/cases/${caseId}`)).body).toMatchObject({ status: 'CLOSED', outcomeCode: 'QUALIFIED' });
    expect((await ida.get<Activity>(`/activities/${done.body.activityId}`)).status).toBe(200);
    const all = await until('the rest', () => tasks(orgId), (found) => found.length === 11);
    expect(all.filter(({ status }) => status === 'CANCELLED')).toHaveLength(6);
    expect(all.filter(({ taskType, status }) => taskType === 'CALL_BACK' && status === 'OPEN')).toHaveLength(1);

    const lead = (await cases(orgId, '&open=true'))[0];
    expect(lead?.caseType).toBe('WORK_LEAD');
    expect((await ida.post(`/cases/${lead?.caseId}/claim`)).status).toBe(403);
    expect((await otto.post(`/cases/${lead?.caseId}/claim`)).status).toBe(200);
    await stageIs(orgId, 'SALES_ACCEPTED');
    const won = await otto.post<{ case: Case; org: Org }>(`/cases/${lead?.caseId}/close`, { outcomeCode: 'WON' });
    expect(won).toMatchObject({ status: 200, body: { org: { currentStage: 'CUSTOMER' }, case: { status: 'CLOSED', outcomeCode: 'WON' } } });
  });

  it('lets one of two win and tells the other', async () => {
    const { org: { orgId } } = await qualifying();
    await log(orgId, { followUpAt: inHours(24) });
    const body = { reasonCode: 'NO_FIT' };
    const answers = await Promise.all([
      ida.post(`/orgs/${orgId}/qualify`, {}),
      ingo.post(`/orgs/${orgId}/stage`, { fromStage: 'QUALIFYING', toStage: 'DISQUALIFIED', ...body }),
      ingo.post(`/orgs/${orgId}/stage`, { fromStage: 'QUALIFYING', toStage: 'DISQUALIFIED', ...body }),
    ]);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1);
    for (const { status, body: refusal } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, refusal['code']]).toEqual([409, expect.stringMatching(/STAGE_CHANGED|RULES_UNMET/)]);
    }
    const { body: history } = await ida.get<Page<{ fromStage: string; toStage: string }>>(`/orgs/${orgId}/stage/history`);
    const leaving = history.items.filter(({ fromStage }) => fromStage === 'QUALIFYING');
    expect(leaving).toHaveLength(1);
  });

  it('disqualifies with a reason and cancels every open task, also those that arrive late', async () => {
    const created = await createOrg();
    // At once: the template may not even have begun.
    expect((await ida.post(`/orgs/${created.orgId}/disqualify`, {})).status).toBe(400);
    const from = await org(created.orgId);
    const done = await ida.post<{ org: Org }>(`/orgs/${created.orgId}/disqualify`, { reasonCode: 'OUT_OF_BUSINESS' });
    expect([200, 409]).toContain(done.status);
    if (done.status === 409) expect((await ida.post(`/orgs/${created.orgId}/disqualify`, { reasonCode: 'OUT_OF_BUSINESS' })).status, from.currentStage).toBe(200);
    await until('nothing left open', async () => [await cases(created.orgId, '&open=true'), (await tasks(created.orgId)).filter(({ status }) => status === 'OPEN')],
      ([open, left]) => open?.length === 0 && left?.length === 0);
    // No revival: it stays where it was put.
    await qualifying();
    expect((await org(created.orgId)).currentStage).toBe('DISQUALIFIED');
    expect(await cases(created.orgId, '&open=true')).toEqual([]);
  });

  it('lets a company rest until its next step, which a NOTE carries', async () => {
    const { org: { orgId } } = await qualifying();
    expect(await ida.post(`/orgs/${orgId}/dormant`, { reasonCode: 'TIMING' })).toMatchObject({ status: 409, body: { code: 'RULES_UNMET' } });
    const followUpAt = inHours(24 * 60);
    const done = await ida.post(`/orgs/${orgId}/dormant`, { reasonCode: 'TIMING', followUpAt });
    expect(done).toMatchObject({ status: 200, body: { org: { currentStage: 'DORMANT', status: 'inactive' }, completing: false } });
    const [task] = await until('the CALL_BACK', () => callBacks(orgId), (found) => found.length === 1);
    expect(task).toMatchObject({ dueAt: followUpAt, status: 'OPEN' });
  });

  it('lets an administrator override a guard, visibly', async () => {
    const { org: { orgId } } = await qualifying();
    const body = { toStage: 'QUALIFIED_LEAD', reason: 'Vom Vorstand zugesagt.' };
    expect((await ida.post(`/orgs/${orgId}/stage/override`, body)).status).toBe(403);
    expect(await root.post(`/orgs/${orgId}/stage/override`, body)).toMatchObject({ status: 200, body: { org: { currentStage: 'QUALIFIED_LEAD' } } });
    await until('the case closed', () => cases(orgId, '&caseType=QUALIFY_COMPANY&open=true'), (found) => found.length === 0);
    const told = await until('the timeline', () => timeline(orgId), (all) => all.some(({ title }) => title.en.startsWith('Guard overridden')));
    const overridden = told.filter(({ title }) => title.en.startsWith('Guard overridden'));
    expect(overridden).toMatchObject([{ kind: 'STAGE', actor: 'user:root', detail: body.reason }]);
  });
});

describe('queues', () => {
  it('give each task to exactly one person however many ask at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => qualifying()));
    const claims = await Promise.all(
      Array.from({ length: 24 }, (_entry, n) => (n % 2 ? ida : ingo).post<{ task: Task }>('/queues/INSIDE_SALES/claim-next')),
    );
    const given = claims.filter(({ status }) => status === 200).map(({ body }) => body.task.taskId);
    expect(given.length).toBeGreaterThan(10);
    expect(new Set(given).size).toBe(given.length);
    const { body } = await olga.get<Page<{ queue: string; open: number }>>('/queues');
    expect(body.items[0]?.queue).toBe('SALES_OPS');
    expect(body.items).toHaveLength(5);
  });

  it('show every open task once, page by page, in their order', async () => {
    const seen: Task[] = [];
    let token = '';
    do {
      const { body } = await ida.get<Page<Task>>(`/queues/SALES_OPS/tasks?pageSize=3${token}`);
      seen.push(...body.items);
      token = body.nextPageToken ? `&pageToken=${encodeURIComponent(body.nextPageToken)}` : '';
    } while (token);
    expect(new Set(seen.map(({ taskId }) => taskId)).size).toBe(seen.length);
    const days = seen.map(({ dueAt }) => dueAt?.slice(0, 10) ?? '');
    expect(days).toEqual([...days].sort());
  });
});

describe('a company page', () => {
  it('comes in one call, and names the part whose service is away', async () => {
    const { org: { orgId } } = await qualifying();
    const whole = await ida.get<Record<string, unknown>>(`/orgs/${orgId}/overview`);
    expect(Object.keys(whole.body).sort()).toEqual(['cases', 'contacts', 'org', 'stage', 'tasks', 'timeline', 'unavailable']);
    await stack.kill('activity-service');
    const partly = await ida.get<{ unavailable: string[]; org: Org }>(`/orgs/${orgId}/overview`);
    expect(partly.status).toBe(200);
    expect(partly.body.unavailable).toContain('timeline');
    expect(partly.body.org.orgId).toBe(orgId);
    await stack.ready();
    await until('its return', () => ida.get<{ unavailable: string[] }>(`/orgs/${orgId}/overview`), ({ body }) => body.unavailable?.length === 0);
  });
});

describe('people at a company', () => {
  it('are added, changed, found and erased', async () => {
    const { orgId } = await createOrg({ status: 'customer' });
    const added = await ida.post<{ contactId: string }>(`/orgs/${orgId}/contacts`, { name: 'Petra Vogt', email: 'petra@vogt.example' });
    expect(added.status).toBe(201);
    const path = `/contacts/${added.body.contactId}`;
    const changed = await ida.patch(path, { email: null, decides: 'Einkauf' }, added.etag ?? '');
    expect(changed.body).toMatchObject({ name: 'Petra Vogt', decides: 'Einkauf', version: 2 });
    expect(changed.body['email'] ?? null).toBeNull();
    expect((await log(orgId, { contactId: added.body.contactId })).status).toBe(201);
    expect((await ida.post(`${path}/erase`, { reason: 'Wunsch der Person' })).status).toBe(403);
    expect((await root.post(`${path}/erase`, { reason: 'Wunsch der Person' })).status).toBe(204);
    expect((await ida.get(path)).status).toBe(404);
  });
});
