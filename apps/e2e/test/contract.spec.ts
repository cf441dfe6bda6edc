import type { Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Answer, type Api } from '../src/api.ts';
import { startSystem } from '../src/start-system.ts';

interface Org { orgId: string; currentStage: string; name: string | null; version: number }
interface Task { taskId: string; taskType: string; status: string; assignee?: string; origin: string; caseId?: string }
interface Case { caseId: string; caseType: string; status: string; outcomeCode?: string; owner?: string }
interface Activity { activityId: string; orgId: string; caseId?: string; contactId?: string }
interface Contact { contactId: string; orgId: string }
interface Page<T> { items: T[]; nextPageToken?: string }
interface Refusal { code: string; violations?: { path: string; expected: string }[]; unmet?: { rule: string }[] }

let stack: Stack;
let ida: Api;
let otto: Api;
let mia: Api;
let root: Api;

beforeAll(async () => {
  stack = await startSystem();
  const as = async (user: string) => api(stack.url, await stack.token(user));
  [ida, otto, mia, root] = (await Promise.all(['ida', 'otto', 'mia', 'root'].map(as))) as [Api, Api, Api, Api];
});
afterAll(() => stack.stop());

const call = { activityType: 'CALL', direction: 'OUTBOUND', outcomeCode: 'REACHED_DECISION_MAKER' };
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const tasks = async (orgId: string) => (await ida.get<Page<Task>>(`/tasks?orgId=${orgId}&pageSize=200`)).body.items;
const cases = async (orgId: string) => (await ida.get<Page<Case>>(`/cases?orgId=${orgId}`)).body.items;
const stageIs = (orgId: string, stage: string) =>
  until(`stage ${stage}`, () => ida.get<Org>(`/orgs/${orgId}`), ({ body }) => body.currentStage === stage);

async function qualifying(name = 'Vertragsprüfung GmbH'): Promise<{ orgId: string; caseId: string }> {
  const { body: { orgId } } = await ida.post<Org>('/orgs', { name });
  await stageIs(orgId, 'QUALIFYING');
  await until('six tasks', () => tasks(orgId), (found) => found.length === 6);
  return { orgId, caseId: (await cases(orgId))[0]?.caseId ?? '' };
}

/** A company that outside sales has accepted, with its WORK_LEAD case. */
async function accepted(): Promise<{ orgId: string; caseId: string }> {
  const { orgId } = await qualifying();
  await ida.post(`/orgs/${orgId}/qualify`, { activity: { ...call, followUpAt: inHours(24) } });
  const found = await until('the lead', () => cases(orgId), (all) => all.some(({ caseType }) => caseType === 'WORK_LEAD'));
  const caseId = found.find(({ caseType }) => caseType === 'WORK_LEAD')?.caseId ?? '';
  await otto.post(`/cases/${caseId}/claim`);
  await stageIs(orgId, 'SALES_ACCEPTED');
  return { orgId, caseId };
}

describe('ids', () => {
  it('are the same in either spelling, in paths, bodies, queries and for an Idempotency-Key', async () => {
    const { orgId, caseId } = await qualifying();
    const upper = orgId.toUpperCase();
    const headers = { 'idempotency-key': `spelling-${orgId}` };
    const contact = await ida.post<Contact>(`/orgs/${upper}/contacts`, { name: 'Eva' }, headers);
    const again = await ida.post<Contact>(`/orgs/${orgId}/contacts`, { name: 'Eva' }, headers);
    expect(again.body).toEqual(contact.body);
    const { contactId } = contact.body;
    const body = { ...call, caseId: caseId.toUpperCase(), contactId: contactId.toUpperCase(), followUpAt: inHours(5) };
    const logged = await ida.post<Activity>(`/orgs/${upper}/activities`, body);
    expect(logged).toMatchObject({ status: 201, body: { orgId, caseId, contactId } });
    await until('the CALL_BACK', () => tasks(upper), (found) => found.some(({ taskType }) => taskType === 'CALL_BACK'));
    const moved = await ida.post(`/orgs/${upper}/stage`, { toStage: 'QUALIFIED_LEAD', caseId: caseId.toUpperCase() });
    expect(moved).toMatchObject({ status: 200, body: { caseId } });
  });

  it('of another company are refused field by field, all at once, from every door', async () => {
    const [own, other] = await Promise.all([qualifying(), qualifying()]);
    const { body: { contactId } } = await ida.post<Contact>(`/orgs/${other.orgId}/contacts`, { name: 'Fremd' });
    const [task] = await tasks(other.orgId);
    const foreign = { contactId, caseId: other.caseId, completesTaskId: task?.taskId };
    const logged = await ida.post<Refusal>(`/orgs/${own.orgId}/activities`, { ...call, ...foreign });
    expect(logged.status).toBe(400);
    expect(logged.body.violations?.map(({ path }) => path).sort()).toEqual(['caseId', 'completesTaskId', 'contactId']);
    const qualified = await ida.post<Refusal>(`/orgs/${own.orgId}/qualify`, { activity: { ...call, followUpAt: inHours(3), contactId } });
    expect(qualified).toMatchObject({ status: 400, body: { violations: [{ path: 'activity.contactId' }] } });
    const moved = await ida.post(`/orgs/${own.orgId}/stage`, { toStage: 'DISQUALIFIED', reasonCode: 'NO_FIT', caseId: other.caseId });
    expect(moved).toMatchObject({ status: 400, body: { violations: [{ path: 'caseId' }] } });
    expect((await ida.get<Page<Activity>>(`/orgs/${own.orgId}/activities`)).body.items).toEqual([]);
  });

  it('that cannot be decoded name nothing', async () => {
    for (const path of ['/orgs/%ff', '/workflows/%00', '/tasks/%', '/queues/%00/tasks']) {
      expect(await ida.get(path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
  });
});

describe('the one door', () => {
  it('checks the request before the rules, and the stage that was seen before both', async () => {
    const { orgId } = await qualifying();
    const move = (body: object) => ida.post<Refusal>(`/orgs/${orgId}/stage`, body);
    expect(await move({ toStage: 'DORMANT' })).toMatchObject({ status: 400, body: { violations: [{ path: 'reasonCode' }] } });
    expect(await move({ toStage: 'NOWHERE' })).toMatchObject({ status: 400, body: { violations: [{ path: 'toStage' }] } });
    const unmet = [{ rule: 'TRANSITION_NOT_ALLOWED' }];
    expect(await move({ toStage: 'CUSTOMER' })).toMatchObject({ status: 409, body: { code: 'RULES_UNMET', unmet } });
    const stale = await move({ fromStage: 'UNVERIFIED', toStage: 'DISQUALIFIED', reasonCode: 'NO_FIT' });
    expect(stale).toMatchObject({ status: 409, body: { code: 'STAGE_CHANGED', currentStage: 'QUALIFYING' } });
    const other = await ida.post(`/orgs/${orgId}/disqualify`, { reasonCode: 'OTHER' });
    expect(other).toMatchObject({ status: 400, body: { violations: [{ path: 'reasonNote' }] } });
  });

  it.each([
    ['LOST', { reasonCode: 'LOST_PRICE' }, 'DISQUALIFIED'],
    ['DORMANT', { reasonCode: 'TIMING', followUpAt: inHours(48) }, 'DORMANT'],
    ['RETURNED', { reasonCode: 'NOT_READY' }, 'QUALIFYING'],
  ])('closes a lead as %s', async (outcomeCode, given, stage) => {
    const { orgId, caseId } = await accepted();
    const answer = await otto.post(`/cases/${caseId}/close`, { outcomeCode, ...given });
    expect(answer).toMatchObject({
      status: 200,
      body: { org: { currentStage: stage }, case: { status: 'CLOSED', outcomeCode }, completing: false },
    });
    const open = stage === 'QUALIFYING' ? ['QUALIFY_COMPANY'] : [];
    const stillOpen = (all: Case[]) => all.filter(({ status }) => status !== 'CLOSED').map(({ caseType }) => caseType);
    await until('what follows', () => cases(orgId), (all) => JSON.stringify(stillOpen(all)) === JSON.stringify(open));
  });

  it('gives a lead back with a reason, and can be walked to the archive and back', async () => {
    const { orgId, caseId } = await accepted();
    expect(await otto.post(`/cases/${caseId}/release`)).toMatchObject({ status: 400, body: { violations: [{ path: 'reasonCode' }] } });
    const released = await otto.post<{ case: Case }>(`/cases/${caseId}/release`, { reasonCode: 'NO_CAPACITY' });
    expect(released).toMatchObject({ status: 200, body: { org: { currentStage: 'QUALIFIED_LEAD' }, completing: false } });
    expect(released.body.case.owner).toBeUndefined();
    expect(await ida.post(`/orgs/${orgId}/stage`, { toStage: 'ARCHIVED' })).toMatchObject({ status: 409, body: { code: 'RULES_UNMET' } });
    expect((await ida.post(`/orgs/${orgId}/disqualify`, { reasonCode: 'NO_FIT' })).status).toBe(200);
    expect((await ida.post(`/orgs/${orgId}/stage`, { toStage: 'ARCHIVED' })).status).toBe(200);
    expect((await ida.post(`/orgs/${orgId}/stage`, { toStage: 'UNVERIFIED', reasonCode: 'REOPENED' })).status).toBe(200);
    await stageIs(orgId, 'QUALIFYING');
  });

  it('never revives a company that was disqualified as soon as it was created', async () => {
    const orgIds = await Promise.all(Array.from({ length: 10 }, async () => {
      const { body: { orgId } } = await ida.post<Org>('/orgs', { name: 'Eintagsfliege' });
      // The template may move it at this very moment: then the door says so, and the same wish is put once more.
      const first = await ida.post(`/orgs/${orgId}/disqualify`, { reasonCode: 'NO_FIT' });
      if (first.status === 409) expect(first.body).toMatchObject({ code: 'STAGE_CHANGED', currentStage: 'QUALIFYING' });
      const last = first.status === 409 ? await ida.post(`/orgs/${orgId}/disqualify`, { reasonCode: 'NO_FIT' }) : first;
      expect(last.status).toBe(200);
      return orgId;
    }));
    // What was created after them is through: so are they.
    await qualifying();
    for (const orgId of orgIds) {
      await until('closed cases', () => cases(orgId), (all) => all.every(({ status }) => status === 'CLOSED'));
      await until('closed tasks', () => tasks(orgId), (all) => all.every(({ status }) => status === 'CANCELLED'));
      expect((await ida.get<Org>(`/orgs/${orgId}`)).body.currentStage).toBe('DISQUALIFIED');
    }
  });
});

describe('a request', () => {
  it('is refused once, for its shape and its codes alike, naming the codes that there are', async () => {
    const { orgId } = await qualifying();
    const logged = await ida.post<Refusal>(`/orgs/${orgId}/activities`, { activityType: 'CALL', outcomeCode: 'HELD', durationMinutes: -1 });
    expect(logged.status).toBe(400);
    expect(logged.body.violations?.map(({ path }) => path).sort()).toEqual(['durationMinutes', 'outcomeCode']);
    const moved = await ida.post<Refusal>(`/orgs/${orgId}/stage`, { toStage: 'NOWHERE', caseId: 'x' });
    expect(moved.body.violations?.map(({ path, expected }) => [path, expected])).toEqual([
      ['toStage', expect.stringContaining('one of UNVERIFIED, QUALIFYING')],
      ['caseId', 'a UUID'],
    ]);
  });

  it('is judged before the person, a reason that only the company asks for included', async () => {
    const { orgId } = await qualifying();
    const anna = api(stack.url, await stack.token('anna'));
    for (const [path, body] of [['disqualify', {}], ['dormant', {}], ['stage', { toStage: 'DISQUALIFIED' }]] as const) {
      expect(await anna.post(`/orgs/${orgId}/${path}`, body)).toMatchObject({ status: 400, body: { violations: [{ path: 'reasonCode' }] } });
      const reasonCode = path === 'dormant' ? 'TIMING' : 'NO_FIT';
      expect(await anna.post(`/orgs/${orgId}/${path}`, { ...body, reasonCode })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
  });

  it('on a stale version is answered with the resource, however large', async () => {
    const { orgId, caseId } = await qualifying();
    // 30 KB in UTF-8: more than a gRPC status may carry.
    const long = '€'.repeat(10_000);
    const { body: { activityId } } = await ida.post<Activity>(`/orgs/${orgId}/activities`, { ...call, notes: long });
    const given = { orgId, taskType: 'GENERAL', title: 'Lang', assignedQueue: 'INSIDE_SALES', description: long };
    const { body: { taskId } } = await ida.post<{ taskId: string }>('/tasks', given);
    const { etag } = await ida.get(`/cases/${caseId}`);
    expect((await ida.patch(`/cases/${caseId}`, { description: long }, etag ?? '')).status).toBe(200);
    // What is shown of each still changes by itself: the activity counts for its case, the task names the last activity.
    const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
    const meanwhile = async (path: string, ask: () => Promise<Answer>) => {
      const { body: before } = await ida.get(path);
      return { before, answer: await ask(), after: (await ida.get(path)).body };
    };
    const unchanged = (path: string, ask: () => Promise<Answer>) =>
      until(`${path} to rest`, () => meanwhile(path, ask), ({ before, after }) => same(before, after));
    for (const path of [`/activities/${activityId}`, `/tasks/${taskId}`, `/cases/${caseId}`]) {
      const { before: current, answer: stale } = await unchanged(path, () => ida.patch(path, {}, '"99"'));
      expect(stale).toMatchObject({ status: 412, body: { code: 'STALE_VERSION', current, by: 'ida' } });
      expect(stale.body).not.toHaveProperty('truncated');
    }
    const path = `/activities/${activityId}`;
    const { before: current, answer: kept } = await unchanged(path, () => ida.remove(path, '"99"'));
    expect(kept).toMatchObject({ status: 412, body: { current } });
  });
});

describe('people', () => {
  it('can be given work before they have signed in; nobody else can', async () => {
    const { orgId } = await qualifying();
    const [task] = await tasks(orgId);
    const path = `/tasks/${task?.taskId}/reassign`;
    expect(await mia.post(path, { userId: 'cora' })).toMatchObject({ status: 200, body: { assignee: 'cora' } });
    const { body: { items } } = await mia.get<Page<{ id: string }>>('/users');
    expect(items.map(({ id }) => id).sort()).toEqual(['anna', 'cora', 'ida', 'ingo', 'mia', 'olga', 'otto', 'root']);
    const ops = await mia.get<Page<{ id: string; name: string }>>('/users?role=ops');
    expect(ops.body.items).toEqual([{ id: 'olga', name: 'Olga Petrova', roles: ['ops'] }]);
    const unknown = { status: 400, body: { violations: [{ path: 'userId' }] } };
    expect(await mia.post(path, { userId: 'eve' })).toMatchObject(unknown);
    expect(await mia.post('/tasks/bulk', { action: 'reassign', taskIds: [task?.taskId], userId: 'eve' })).toMatchObject(unknown);
    const given = { orgId, taskType: 'GENERAL', title: 'Neu', assignedQueue: 'INSIDE_SALES' };
    expect(await mia.post('/tasks', { ...given, assignee: 'eve' })).toMatchObject({ status: 400, body: { violations: [{ path: 'assignee' }] } });
    expect(await mia.post('/tasks', { ...given, assignee: 'ingo' })).toMatchObject({ status: 201, body: { assignee: 'ingo' } });
  });
});

describe('erasure', () => {
  it('leaves a company without a name, and its people nowhere', async () => {
    const { orgId, caseId } = await qualifying('Zyxwvu Spezialguss');
    const { body: { contactId } } = await ida.post<Contact>(`/orgs/${orgId}/contacts`, { name: 'Zyxwvu Xaver' });
    await ida.post(`/orgs/${orgId}/activities`, { ...call, subject: 'Zyxwvu', notes: 'Zyxwvu', contactId });
    await ida.post('/tasks', { orgId, taskType: 'GENERAL', title: 'Zyxwvu anrufen', assignedQueue: 'INSIDE_SALES' });
    await ida.post(`/cases/${caseId}/notes`, { noteType: 'comment', body: 'Zyxwvu' });
    expect((await mia.post(`/contacts/${contactId}/erase`, { reason: 'DSGVO' })).status).toBe(403);
    expect((await root.post(`/contacts/${contactId}/erase`, { reason: 'DSGVO' })).status).toBe(204);
    expect((await ida.get(`/contacts/${contactId}`)).status).toBe(404);
    expect((await root.post(`/orgs/${orgId}/erase`, { reason: 'DSGVO' })).status).toBe(204);
    expect(await ida.get(`/orgs/${orgId}`)).toMatchObject({ status: 200, body: { name: null } });
    const seen = async () => {
      const paths = [`/orgs/${orgId}/overview`, `/orgs/${orgId}/activities`, `/cases/${caseId}/notes`, '/search?q=Zyxwvu'];
      return JSON.stringify(await Promise.all(paths.map((path) => ida.get(path))));
    };
    await until('the name is gone', seen, (text) => !text.includes('Zyxwvu'));
  });

  it('leaves a company about which nothing new is written', async () => {
    const { orgId, caseId } = await qualifying();
    const [task] = await tasks(orgId);
    const { body: activity } = await ida.post<Activity>(`/orgs/${orgId}/activities`, call);
    expect((await root.post(`/orgs/${orgId}/erase`, { reason: 'DSGVO' })).status).toBe(204);
    const refused = { status: 409, body: { code: 'STATE_REFUSED', state: 'ERASED' } };
    // At once from its owner; the others hear of it.
    expect(await ida.post(`/orgs/${orgId}/contacts`, { name: 'Eva' })).toMatchObject(refused);
    expect(await ida.post(`/orgs/${orgId}/disqualify`, { reasonCode: 'NO_FIT' })).toMatchObject(refused);
    expect(await ida.post(`/orgs/${orgId}/stage`, { toStage: 'QUALIFIED_LEAD', activity: call })).toMatchObject(refused);
    expect(await root.post(`/orgs/${orgId}/stage/override`, { toStage: 'QUALIFIED_LEAD', reason: 'x' })).toMatchObject(refused);
    const writes = {
      [`/orgs/${orgId}/activities`]: call,
      '/tasks': { orgId, taskType: 'GENERAL', title: 'Neu', assignedQueue: 'INSIDE_SALES' },
      '/cases': { orgId, caseType: 'OPPORTUNITY', engine: 'outside_sales', title: 'Neu' },
      '/workflows/qualify_company/start': { orgId },
      [`/cases/${caseId}/notes`]: { noteType: 'comment', body: 'Neu' },
    };
    for (const [path, body] of Object.entries(writes)) {
      const answer = await until(`a refusal from ${path}`, () => mia.post<{ state?: string }>(path, body), (given) => given.body.state === 'ERASED');
      expect(answer).toMatchObject(refused);
    }
    for (const path of [`/activities/${activity.activityId}`, `/cases/${caseId}`, `/tasks/${task?.taskId}`]) {
      const text = path.startsWith('/activities') ? { notes: 'Neu' } : { title: 'Neu' };
      expect(await mia.patch(path, text, '"1"')).toMatchObject(refused);
    }
    expect(await mia.post(`/tasks/${task?.taskId}/complete`)).toMatchObject({ status: 200 });
  });
});
