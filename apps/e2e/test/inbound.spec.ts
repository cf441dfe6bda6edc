import { ids, newId } from '@tom/kernel';
import { createPostgresBroker, type Broker, type IncomingMessage, type OutgoingMessage } from '@tom/messaging';
import { readAll } from '@tom/messaging/testing';
import { asItIs, asSentNow, readSample, type Sample } from '@tom/tools/samples';
import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';

interface Org { orgId: string; name: string; currentStage: string; version: number; externalRef: string; createdBy: string }
interface Task { taskId: string; taskType: string; status: string; assignedQueue: string; assignee?: string; dueAt: string; origin: string; caseId?: string; source: { activityId?: string } }
interface Activity { activityId: string; followUpTaskId?: string; caseId?: string; createdBy: string; subject?: string }
interface Page<T> { items: T[] }
interface Entry { kind: string; actor: string; title: { de: string } }

let stack: Stack;
let broker: Broker;
let ida: Api;
let root: Api;

beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: false });
  broker = createPostgresBroker({ connectionString: stack.postgres.url('event_log_db') });
  ida = api(stack.url, await stack.token('ida'));
  root = api(stack.url, await stack.token('root'));
});
afterAll(async () => {
  await broker.close();
  await stack.stop();
});

const sample = (name: string) => readSample(new URL(`../../../docs/samples/${name}.json`, import.meta.url));
const registration = sample('register-org');
const report = sample('report-activity');
const now = () => new Date();
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

/** The sample under another reference, sent now. */
function sent(base: Sample, externalRef: string, value: Record<string, unknown> = {}): OutgoingMessage {
  return asSentNow({ ...base, key: externalRef, value: { ...(base.value as object), externalRef, ...value } }, now());
}
const call = (more: Record<string, unknown> = {}) => ({ activityType: 'CALL', direction: 'INBOUND', occurredAt: inHours(-1), ...more });

const org = (externalRef: string) =>
  until(`company ${externalRef}`, () => ida.get<Org>(`/orgs/${ids.registeredOrg(externalRef)}`), ({ status }) => status === 200).then(({ body }) => body);
const tasks = async (orgId: string) => (await ida.get<Page<Task>>(`/tasks?orgId=${orgId}&pageSize=200`)).body.items;
const activities = async (orgId: string) => (await ida.get<Page<Activity>>(`/orgs/${orgId}/activities`)).body.items;
const callBack = (orgId: string) => until('the CALL_BACK', () => tasks(orgId), (found) => found.some(({ taskType }) => taskType === 'CALL_BACK'))
  .then((found) => found.find(({ taskType }) => taskType === 'CALL_BACK'));
const letters = async (group: string, key: string): Promise<IncomingMessage[]> =>
  (await readAll(broker, [`tom.inbound.v1.${group}.dlq`])).filter((letter) => letter.key === key);
/** What was published before it is through, for this goes through the same partition. */
async function reported(externalRef: string): Promise<void> {
  const reportedId = newId();
  await broker.publish([sent(report, externalRef, { reportedId, fields: { activityType: 'NOTE' } })]);
  const path = `/activities/${ids.reportedActivity(externalRef, reportedId)}`;
  await until('the marker', () => ida.get(path), ({ status }) => status === 200);
}

describe('a company that another system registers', () => {
  it('gets its case and its six tasks like any other, and its reports become activities with their CALL_BACK', async () => {
    await broker.publish([asSentNow(registration, now())]);
    const { orgId, ...created } = await org(registration.key);
    expect(created).toMatchObject({ name: 'Kessler Fördertechnik GmbH', externalRef: registration.key, createdBy: 'client:erp' });
    await until('six tasks', () => tasks(orgId), (found) => found.length === 6);
    await until('its stage', () => ida.get<Org>(`/orgs/${orgId}`), ({ body }) => body.currentStage === 'QUALIFYING');
    const [open, ...others] = (await ida.get<Page<{ caseId: string; caseType: string }>>(`/cases?orgId=${orgId}&open=true`)).body.items;
    expect([open?.caseType, others]).toEqual(['QUALIFY_COMPANY', []]);

    const followUpAt = inHours(24);
    await broker.publish([sent(report, report.key, { fields: { ...(report.value as { fields: object }).fields, followUpAt } })]);
    const task = await callBack(orgId);
    const [activity] = await activities(orgId);
    expect(task).toMatchObject({ dueAt: followUpAt, assignedQueue: 'INSIDE_SALES', caseId: open?.caseId, origin: 'ACTIVITY', status: 'OPEN', source: { activityId: activity?.activityId } });
    expect(task?.assignee ?? null).toBeNull();
    expect(activity).toMatchObject({ caseId: open?.caseId, createdBy: 'client:telephone-system', subject: 'Anfrage Rollenbahn' });
    await until('the link', () => activities(orgId), ([found]) => found?.followUpTaskId === task?.taskId);
    const entries = (await ida.get<Page<Entry>>(`/orgs/${orgId}/timeline?pageSize=200`)).body.items;
    expect(entries.find(({ kind }) => kind === 'ACTIVITY')).toMatchObject({
      actor: 'client:telephone-system',
      title: { de: 'Anruf · Rückruf gewünscht (gemeldet von telephone-system)' },
    });
    expect(entries.find(({ kind }) => kind === 'ORG')?.actor).toBe('client:erp');
    const claimed = await ida.post<{ assignee: string }>(`/tasks/${task?.taskId}/claim`);
    expect(claimed).toMatchObject({ status: 200, body: { assignee: 'ida' } });
  });

  it('is updated under the same reference, also when a person created it', async () => {
    const externalRef = `ERP-${newId()}`;
    const { body } = await ida.post<Org>('/orgs', { name: 'Von Hand GmbH', externalRef });
    await broker.publish([sent({ ...registration, value: {} }, externalRef, { name: 'Vom System GmbH' })]);
    const updated = await until('the update', () => ida.get<Org>(`/orgs/${body.orgId}`), (answer) => answer.body.name === 'Vom System GmbH');
    expect(updated.body.version).toBe(2);
    expect((await ida.get(`/orgs/${ids.registeredOrg(externalRef)}`)).status).toBe(404);
  });
});

describe('a report before its company', () => {
  it('waits for it and is logged once, with its CALL_BACK, however often it came', async () => {
    const externalRef = `ERP-${newId()}`;
    const first = sent(report, externalRef, { reportedId: 'a', fields: call({ followUpAt: inHours(5) }) });
    const again = sent(report, externalRef, { reportedId: 'a', fields: call({ followUpAt: inHours(6) }) });
    await broker.publish([first, first, again, sent(report, externalRef, { reportedId: 'b', fields: call() })]);
    const registered = sent(registration, externalRef);
    await broker.publish([registered, registered]);
    const { orgId, version } = await org(externalRef);
    await reported(externalRef);
    await callBack(orgId);
    expect((await activities(orgId)).map(({ activityId }) => activityId)).toEqual(
      expect.arrayContaining(['a', 'b'].map((id) => ids.reportedActivity(externalRef, id))),
    );
    expect(await activities(orgId)).toHaveLength(3);
    expect((await tasks(orgId)).filter(({ taskType }) => taskType === 'CALL_BACK')).toHaveLength(1);
    await until('six tasks and one', () => tasks(orgId), (found) => found.length === 7);
    expect(version).toBe(1);
    expect(await letters('activity-service', externalRef)).toEqual([]);
  });
});

describe('what is malformed', () => {
  it('lies among the dead letters of its service with the reason, and others go on', async () => {
    const [bad, good] = [`ERP-${newId()}`, `ERP-${newId()}`];
    await broker.publish([
      sent(registration, bad, { nmae: 'Tippfehler GmbH' }),
      { ...sent(report, bad), value: '{"externalRef":' },
      sent(registration, good),
    ]);
    await org(good);
    const [[unknown], [broken]] = await until(
      'both dead letters',
      () => Promise.all([letters('stage-service', bad), letters('activity-service', bad)]),
      (found) => found.every(({ length }) => length === 1),
    );
    expect(unknown?.headers).toMatchObject({ tom_dlq_reason: 'undecodable', tom_dlq_error: 'tom.inbound.v1.RegisterOrg: nmae: is unknown' });
    expect(broken?.headers).toMatchObject({ tom_dlq_reason: 'undecodable', tom_dlq_error: 'value: expected JSON' });
    expect((await ida.get(`/orgs/${ids.registeredOrg(bad)}`)).status).toBe(404);
  });

  it('is a sample that lies about for too long, exactly as it stands there; one sent now is not', async () => {
    const stale = asItIs({ ...registration, key: 'ERP-1', headers: { ...registration.headers, ce_id: newId(), ce_time: '2020-01-01T00:00:00Z' }, value: { externalRef: 'ERP-1', name: 'Alt GmbH' } });
    await broker.publish([stale]);
    const [letter] = await until('its dead letter', () => letters('stage-service', 'ERP-1'), ({ length }) => length === 1);
    expect(letter?.headers['tom_dlq_reason']).toBe('too_old');
  });
});

describe('an erased company', () => {
  it('is not brought back by what its systems go on sending', async () => {
    const externalRef = `ERP-${newId()}`;
    await broker.publish([sent(registration, externalRef)]);
    const { orgId } = await org(externalRef);
    await until('six tasks', () => tasks(orgId), (found) => found.length === 6);
    await reported(externalRef);
    expect((await root.post(`/orgs/${orgId}/erase`, { reason: 'Art. 17 DSGVO' })).status).toBe(204);
    await until('the erasure on the timeline', () => ida.get<Page<Entry>>(`/orgs/${orgId}/timeline`), ({ body }) => body.items.some(({ title }) => title.de === 'Daten gelöscht'));
    const before = (await activities(orgId)).length;
    await broker.publish([sent(registration, externalRef), sent(report, externalRef, { reportedId: 'late' })]);
    // The next of the same partitions is through, so are these.
    await until('both read', async () => (await Promise.all(['stage-service', 'activity-service'].map((group) => broker.lag(group)))).flat()
      .filter(({ topic }) => topic === 'tom.inbound.v1').reduce((sum, { lag }) => sum + lag, 0), (lag) => lag === 0);
    expect((await ida.get<Org>(`/orgs/${orgId}`)).body.name ?? null).toBeNull();
    expect(await activities(orgId)).toHaveLength(before);
    expect(await letters('stage-service', externalRef)).toEqual([]);
    expect(await letters('activity-service', externalRef)).toEqual([]);
  });
});
