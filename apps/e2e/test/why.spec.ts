import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';

interface Part { source: string; values: Record<string, unknown>; result?: boolean }
interface Look { template: string; version: number; rule: string; condition?: string; parts: Part[]; obstacle?: { code: string } }
interface Step {
  kind: string; text: { de: string; en: string }; at?: string; actor?: string; look?: Look;
  event?: { type: string; codes: Record<string, unknown> }; action: { kind: string; id: string };
}
interface Why { steps: Step[] }
interface Page<T> { items: T[]; nextPageToken?: string }
interface WhyNot { event: { eventId: string; type: string; at: string }; looks: Look[] }
interface Task { taskId: string; taskType: string; caseId?: string; source: { template?: string; rule?: string } }

let stack: Stack;
let ida: Api;
beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: false });
  ida = api(stack.url, await stack.token('ida'));
});
afterAll(() => stack.stop());

const tasks = async (orgId: string) => (await ida.get<Page<Task>>(`/tasks?orgId=${orgId}&pageSize=200`)).body.items;

async function qualifying(): Promise<{ orgId: string; task: Task }> {
  const { body } = await ida.post<{ orgId: string }>('/orgs', { name: 'Warum GmbH' });
  const { orgId } = body;
  const found = await until('six tasks', () => tasks(orgId), ({ length }) => length === 6);
  await until(
    'the stage',
    async () => (await ida.get<{ currentStage: string }>(`/orgs/${orgId}`)).body.currentStage,
    (stage) => stage === 'QUALIFYING',
  );
  return { orgId, task: found[0] as Task };
}

describe('why', () => {
  it('tells of a task its template, version, rule and condition, and who created the company', async () => {
    const { orgId, task } = await qualifying();
    const { status, body } = await ida.get<Why>(`/tasks/${task.taskId}/why`);
    expect(status).toBe(200);
    const [made, first] = body.steps;
    expect(made).toMatchObject({
      kind: 'RULE',
      event: { type: 'OrgStageChanged', codes: { to_stage: 'UNVERIFIED' } },
      look: { template: 'qualify_company', version: 2, rule: 'start' },
      action: { kind: 'CREATE_TASK', id: task.taskId },
    });
    expect(made?.look?.parts).toMatchObject([{ values: { 'event.to_stage': 'UNVERIFIED' }, result: true }]);
    expect(first).toMatchObject({ kind: 'PERSON', actor: 'user:ida', action: { kind: 'OrgStageChanged', id: orgId } });
    expect(body.steps).toHaveLength(2);
    expect(JSON.stringify(body)).not.toContain('Warum GmbH');
  });

  it('tells the same of its case and of the stage that the case asked for', async () => {
    const { orgId, task } = await qualifying();
    const look = { template: 'qualify_company', rule: 'start' };
    const ofCase = await ida.get<Why>(`/cases/${task.caseId}/why`);
    expect(ofCase.body.steps).toMatchObject([{ kind: 'RULE', look, action: { kind: 'OPEN_CASE' } }, { kind: 'PERSON', actor: 'user:ida' }]);
    const ofStage = await until(
      'the change of stage',
      async () => (await ida.get<Why>(`/orgs/${orgId}/stage/why`)).body.steps,
      ([latest]) => latest?.kind === 'RULE',
    );
    expect(ofStage).toMatchObject([
      { kind: 'RULE', look, action: { kind: 'REQUEST_TRANSITION', id: orgId } },
      { kind: 'PERSON', actor: 'user:ida' },
    ]);
  });

  it('says of a stage that a person moved who it was and when, and of a task by hand that it was', async () => {
    const { orgId } = await qualifying();
    const moved = await ida.post(`/orgs/${orgId}/disqualify`, { reasonCode: 'NO_FIT', reasonNote: 'Kein Bedarf' });
    expect(moved.status).toBe(200);
    const [step] = await until(
      'the change of stage',
      async () => (await ida.get<Why>(`/orgs/${orgId}/stage/why`)).body.steps,
      ([latest]) => latest?.kind === 'PERSON',
    );
    expect(step).toMatchObject({ actor: 'user:ida', at: expect.stringMatching(/^20.*Z$/) as unknown });
    const made = await ida.post<Task>('/tasks', {
      orgId, taskType: 'GENERAL', title: 'Notiz', assignedQueue: 'INSIDE_SALES',
    });
    const { body } = await ida.get<Why>(`/tasks/${made.body.taskId}/why`);
    expect(body.steps).toMatchObject([{ kind: 'PERSON', actor: 'user:ida', action: { kind: 'CREATE_TASK' } }]);
  });
});

describe('why not', () => {
  it('names the templates that looked and the part that was false, newest first, page by page', async () => {
    const { orgId } = await qualifying();
    const whyNot = (query = '') => ida.get<Page<WhyNot>>(`/orgs/${orgId}/why-not${query}`);
    const all = await until('both changes', async () => (await whyNot()).body.items, ({ length }) => length >= 2);
    const times = all.map(({ event }) => event.at);
    expect(times).toEqual([...times].sort().reverse());
    const looks = all.flatMap((item) => item.looks.filter(({ template }) => template === 'work_lead'));
    expect(looks[0]).toMatchObject({ version: 1, rule: 'start' });
    expect(looks[0]?.parts.find(({ result }) => result === false)).toMatchObject({
      source: expect.stringContaining('QUALIFIED_LEAD') as unknown,
      values: { 'event.to_stage': 'QUALIFYING' },
    });
    const first = await whyNot('?pageSize=1');
    const second = await whyNot(`?pageSize=1&pageToken=${first.body.nextPageToken}`);
    expect([...first.body.items, ...second.body.items]).toEqual(all.slice(0, 2));
    expect((await whyNot(`?since=${new Date(Date.now() + 60_000).toISOString()}`)).body.items).toEqual([]);
    expect(JSON.stringify(all)).not.toContain('Warum GmbH');
  });

  it('is 404 for what does not exist and 400 for a time that is none', async () => {
    const nobody = '00000000-0000-4000-8000-00000000dead';
    for (const path of [`/tasks/${nobody}/why`, `/cases/${nobody}/why`, `/orgs/${nobody}/stage/why`, `/orgs/${nobody}/why-not`, '/cases/x/why', '/orgs/x/why-not']) {
      expect([path, (await ida.get(path)).status]).toEqual([path, 404]);
    }
    const { orgId } = await qualifying();
    expect((await ida.get(`/orgs/${orgId}/why-not?since=gestern`)).status).toBe(400);
  });
});

describe('versions of a template', () => {
  it('tell when they were loaded and how many cases run on them, and are compared', async () => {
    await qualifying();
    const { body } = await ida.get<{ versions: unknown[] }>('/workflows/qualify_company');
    expect(body.versions).toMatchObject([{ version: 2, loadedAt: expect.any(String) as unknown, runningCases: expect.any(Number) as unknown }]);
    const diff = (query: string, key = 'qualify_company') => ida.get(`/workflows/${key}/diff${query}`);
    expect(await diff('?from=2&to=2')).toMatchObject({ status: 200, body: { changes: [] } });
    expect(await diff('?from=x')).toMatchObject({ status: 400, body: { violations: [{ path: 'from' }, { path: 'to' }] } });
    expect((await diff('?from=2&to=99')).status).toBe(404);
    expect((await diff('?from=2&to=2', 'nope')).status).toBe(404);
  });
});
