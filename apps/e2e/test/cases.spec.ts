import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';

interface Org { orgId: string; currentStage: string; status: string }
interface Output { requirementId: string; key: string; description: { de: string }; fulfilled?: { value: string; by: string } }
interface Case {
  caseId: string; caseType: string; status: string; statusReason?: { de: string; en: string }; engine: string; phase: string; ownerRole: string; ownerQueue: string;
  owner?: string; outcomeCode?: string; returnCount: number; version: number;
  phases: { phase: string; outputs: Output[] }[];
  chain: { kind: string; fromEngine: string; toEngine: string; by: string; goal?: string; reason?: string }[];
  returnTarget?: { engine: string; phase: string; outputs: Output[] };
  allowedOutcomes: { code: string; needsReason: boolean }[];
}
interface Refusal { code: string; unmet: { rule: string; message: { de: string; en: string }; fix: { action: string } }[] }
interface Page<T> { items: T[] }
interface Entry { kind: string; title: { de: string; en: string }; detail?: string; actor: string; source: { type: string; id: string }; caseId?: string }

let stack: Stack;
let ida: Api;
let olga: Api;
let otto: Api;

beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: false });
  const as = async (user: string) => api(stack.url, await stack.token(user));
  [ida, olga, otto] = (await Promise.all(['ida', 'olga', 'otto'].map(as))) as [Api, Api, Api];
});
afterAll(() => stack.stop());

let counted = 0;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const org = async (orgId: string) => (await ida.get<Org>(`/orgs/${orgId}`)).body;
const stageIs = (orgId: string, stage: string) => until(`stage ${stage}`, () => org(orgId), ({ currentStage }) => currentStage === stage);
const read = async (caseId: string) => (await ida.get<Case>(`/cases/${caseId}`)).body;
const timeline = async (orgId: string, filter = '') => (await ida.get<Page<Entry>>(`/orgs/${orgId}/timeline?pageSize=200${filter}`)).body.items;

/** A company whose lead the field has accepted. */
async function accepted(): Promise<{ orgId: string; caseId: string }> {
  const { body: { orgId } } = await ida.post<Org>('/orgs', { name: `Übergabe ${(counted += 1)} GmbH`, status: 'prospect' });
  const open = () => ida.get<Page<Case>>(`/cases?orgId=${orgId}&caseType=WORK_LEAD&open=true`);
  const { body } = await until('the lead', open, (answer) => answer.body.items.length === 1);
  const caseId = body.items[0]?.caseId ?? '';
  expect((await otto.post(`/cases/${caseId}/claim`)).status).toBe(200);
  await stageIs(orgId, 'SALES_ACCEPTED');
  return { orgId, caseId };
}

const handOver = (engine: string, queue: string) => ({
  engine,
  role: engine,
  queue,
  goal: 'Angebot rechnen',
  context: 'Zwei Pumpen, Lieferung im Herbst.',
  openPoints: ['Welche Förderhöhe?'],
  recommendation: 'Baureihe K',
});

/** Supplies whatever the phase of a case lacks. */
async function supply(caseId: string, person: Api): Promise<Case> {
  const item = await read(caseId);
  const outputs = item.phases.find(({ phase }) => phase === item.phase)?.outputs ?? [];
  for (const { requirementId, key, fulfilled } of outputs) {
    if (fulfilled) continue;
    const done = await person.post(`/cases/${caseId}/requirements/${requirementId}/fulfil`, { value: `${key}: geklärt` });
    expect(done.status).toBe(200);
  }
  return read(caseId);
}

describe('a lead on its way', () => {
  it('is handed over, comes back, goes again and is won; the timeline tells it', async () => {
    const { orgId, caseId } = await accepted();
    const path = `/cases/${caseId}`;

    // Refused for want of outputs, and the attempt is remembered.
    const refused = await otto.post<Refusal>(`${path}/handover`, handOver('ops', 'SALES_OPS'));
    expect(refused).toMatchObject({ status: 409, body: { code: 'RULES_UNMET' } });
    expect(refused.body.unmet.map(({ rule }) => rule)).toEqual(['decision_maker', 'next_step', 'exit_criterion']);
    for (const { message, fix } of refused.body.unmet) expect(message.de && message.en && fix.action).toBeTruthy();
    expect(await read(caseId)).toMatchObject({ status: 'BLOCKED', engine: 'outside_sales', chain: [], statusReason: { de: expect.any(String) as string } });

    expect(await supply(caseId, otto)).toMatchObject({ status: 'IN_PROGRESS' });
    const headers = { 'idempotency-key': 'handover-1' };
    const given = await otto.post<Case>(`${path}/handover`, handOver('ops', 'SALES_OPS'), headers);
    expect(given).toMatchObject({
      status: 200,
      body: { engine: 'ops', phase: 'OPS-A', ownerRole: 'ops', ownerQueue: 'SALES_OPS', returnTarget: { engine: 'outside_sales', phase: 'OS-A' } },
    });
    expect(given.body.owner).toBeUndefined();
    expect((await otto.post<Case>(`${path}/handover`, handOver('ops', 'SALES_OPS'), headers)).body).toEqual(given.body);
    expect((await otto.post(`${path}/claim`)).status).toBe(403);
    expect(await olga.post<Case>(`${path}/claim`)).toMatchObject({ status: 200, body: { owner: 'olga' } });
    const mine = await olga.get<Page<Case>>('/my/cases');
    expect(mine.body.items.map((item) => item.caseId)).toContain(caseId);

    // It comes back: one output named, one in other words.
    const nextStep = given.body.returnTarget?.outputs.find(({ key }) => key === 'next_step');
    expect(await olga.post(`${path}/return`, { reason: 'Unklar', missing: [orgId] })).toMatchObject({ status: 400, body: { violations: [{ path: 'missing[0]' }] } });
    const back = await olga.post<Case>(`${path}/return`, { reason: 'Termin fehlt', missing: [nextStep?.requirementId, 'Förderhöhe'] });
    expect(back).toMatchObject({ status: 200, body: { status: 'BLOCKED', engine: 'outside_sales', phase: 'OS-A', returnCount: 1 } });
    expect(back.body.chain.map(({ kind, toEngine }) => [kind, toEngine])).toEqual([['handover', 'ops'], ['return', 'outside_sales']]);
    expect(back.body.returnTarget).toBeUndefined();
    expect(await otto.post<Refusal>(`${path}/handover`, handOver('ops', 'SALES_OPS'))).toMatchObject({ status: 409, body: { unmet: [{ rule: 'next_step' }, {}] } });

    await otto.post(`${path}/claim`);
    expect((await supply(caseId, otto)).status).toBe('IN_PROGRESS');
    expect((await otto.post(`${path}/handover`, handOver('ops', 'SALES_OPS'))).status).toBe(200);
    await olga.post(`${path}/claim`);
    await supply(caseId, olga);
    expect(await olga.post<Case>(`${path}/advance`, { phase: 'OPS-B' })).toMatchObject({ status: 200, body: { phase: 'OPS-B' } });
    expect((await olga.post(`${path}/handover`, handOver('outside_sales', 'OUTSIDE_SALES'))).status).toBe(200);
    await otto.post(`${path}/claim`);

    const won = await otto.post<{ case: Case; org: Org }>(`${path}/close`, { outcomeCode: 'WON' });
    expect(won).toMatchObject({ status: 200, body: { org: { currentStage: 'CUSTOMER', status: 'customer' }, case: { status: 'CLOSED', outcomeCode: 'WON' } } });
    expect(await otto.post(`${path}/return`, { reason: 'x', missing: ['y'] })).toMatchObject({ status: 409, body: { code: 'STATE_REFUSED' } });

    const told = await until('the timeline', () => timeline(orgId, `&caseId=${caseId}`), (all) => all.some(({ title }) => title.de.startsWith('Fall geschlossen')));
    expect(told.filter(({ kind }) => kind === 'HANDOVER').map(({ title, detail }) => [title.de, detail])).toEqual([
      ['Übergabe an: Außendienst', 'Angebot rechnen'],
      ['Übergabe an: Sales Ops', 'Angebot rechnen'],
      ['Zurückgegeben an: Außendienst', 'Termin fehlt'],
      ['Übergabe an: Sales Ops', 'Angebot rechnen'],
    ]);
    for (const { kind, source } of told.filter((entry) => entry.kind === 'HANDOVER' || entry.kind === 'CASE')) {
      expect([kind, source]).toEqual([kind, { type: 'case', id: caseId }]);
    }
    const titles = told.map(({ title }) => title.de);
    expect(titles.filter((title) => title === 'Fallstatus: blockiert')).toHaveLength(2);
    expect(titles).toContain('Ergebnis geliefert: Entscheider');
    expect(titles).toContain('Neue Phase: Bearbeitung');
    const notes = await ida.get<Page<{ noteType: string }>>(`${path}/notes`);
    expect(notes.body.items.map(({ noteType }) => noteType)).toEqual(['handover', 'handover', 'return', 'handover']);
  });

  it('that is lost, rests or goes back closes the loop to its company, through the one door', async () => {
    const lost = await accepted();
    expect(await otto.post(`/cases/${lost.caseId}/close`, { outcomeCode: 'LOST' })).toMatchObject({ status: 400 });
    const activity = { activityType: 'CALL', direction: 'INBOUND', outcomeCode: 'NOT_INTERESTED' };
    const closed = await otto.post(`/cases/${lost.caseId}/close`, { outcomeCode: 'LOST', reasonCode: 'LOST_PRICE', outcomeNote: 'zu teuer', activity });
    expect(closed).toMatchObject({ status: 200, body: { org: { currentStage: 'DISQUALIFIED' }, activityId: expect.any(String) as string, case: { outcomeCode: 'LOST' } } });
    expect((await ida.get(`/activities/${String(closed.body['activityId'])}`)).status).toBe(200);

    const resting = await accepted();
    const rest = { outcomeCode: 'DORMANT', reasonCode: 'TIMING' };
    expect(await otto.post(`/cases/${resting.caseId}/close`, rest)).toMatchObject({ status: 409, body: { code: 'RULES_UNMET' } });
    expect((await read(resting.caseId)).status).not.toBe('CLOSED');
    expect(await otto.post(`/cases/${resting.caseId}/close`, { ...rest, followUpAt: inDays(60) })).toMatchObject({
      status: 200,
      body: { org: { currentStage: 'DORMANT' }, case: { status: 'CLOSED', outcomeCode: 'DORMANT' } },
    });

    const back = await accepted();
    expect(await otto.post(`/cases/${back.caseId}/close`, { outcomeCode: 'RETURNED', reasonCode: 'NOT_READY' })).toMatchObject({
      status: 200,
      body: { org: { currentStage: 'QUALIFYING' }, case: { outcomeCode: 'RETURNED' } },
    });

    const other = await accepted();
    const twin = await ida.post<Org>('/orgs', { name: 'Zweitschrift GmbH' });
    const [qualification] = (await until(
      'the qualification',
      () => ida.get<Page<Case>>(`/cases?orgId=${twin.body.orgId}&open=true`),
      ({ body }) => body.items.length === 1,
    )).body.items;
    // Before the template has moved the company the answer would be, rightly, that it has just changed.
    await until('the stage', () => ida.get<Org>(`/orgs/${twin.body.orgId}`), ({ body }) => body.currentStage === 'QUALIFYING');
    const duplicate = { outcomeCode: 'DISQUALIFIED', reasonCode: 'DUPLICATE', duplicateOfOrgId: other.orgId };
    expect(await ida.post(`/cases/${qualification?.caseId}/close`, duplicate)).toMatchObject({
      status: 200,
      body: { org: { currentStage: 'DISQUALIFIED' }, case: { outcomeCode: 'DISQUALIFIED' } },
    });
  });

  it('becomes ESCALATED when its due date passes while nobody touches it', async () => {
    const { orgId, caseId } = await accepted();
    const { etag } = await otto.get(`/cases/${caseId}`);
    const soon = new Date(Date.now() + 1_500).toISOString();
    expect(await otto.patch<Case>(`/cases/${caseId}`, { dueAt: soon }, etag ?? '')).toMatchObject({ status: 200, body: { status: 'IN_PROGRESS' } });
    expect(await otto.patch(`/cases/${caseId}`, { title: 'Zu spät' }, etag ?? '')).toMatchObject({ status: 412, body: { code: 'STALE_VERSION' } });
    const item = await until('the escalation', () => read(caseId), ({ status }) => status === 'ESCALATED', 20_000);
    expect(item.statusReason?.de).toBe('Die Frist ist abgelaufen.');
    await until('its entry', () => timeline(orgId, '&kinds=CASE'), (all) => all.some(({ title }) => title.de === 'Fall eskaliert: Frist abgelaufen'));
  });
});
