import { createDatabase, sql, type Database } from '@tom/postgres';
import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, until, type Api } from '../src/api.ts';

interface ForetoldTask {
  taskId?: string; taskType: string; title: string; assignedQueue: string; assigneeRole: string; assignee?: string; priority: string;
  dueAt?: string; dueIsEndOfDay: boolean; origin: string; cause?: { template: string; version: number; rule?: string };
}
interface ForetoldCase { caseId?: string; caseType: string; status: string; engine: string; ownerQueue: string; outcomeCode?: string; returnCount: number }
interface Foretold {
  allowed: boolean;
  refused?: { code: string; unmet?: { rule: string }[] };
  tasks: { created: ForetoldTask[]; completed: ForetoldTask[]; moved: ForetoldTask[]; cancelled: ForetoldTask[]; refused: { taskId: string; problem: { code: string } }[] };
  cases: { opened: ForetoldCase[]; closed: ForetoldCase[]; changed: ForetoldCase[] };
  stage: { before: string; after: string; statusBefore: string; statusAfter: string };
  rules: { to: string; rule: string; before: boolean; after: boolean }[];
  unavailable: string[];
}
interface Task extends ForetoldTask { taskId: string; status: string; caseId?: string; source: { template?: string } }
interface Output { requirementId: string; key: string; fulfilled?: object }
interface Case extends ForetoldCase { caseId: string; phase: string; phases: { phase: string; outputs: Output[] }[] }
interface Org { orgId: string; currentStage: string; status: string }
interface Stage { transitions: { to: string; rules: { rule: string; met: boolean }[] }[] }
interface Page<T> { items: T[] }

let stack: Stack;
let ida: Api;
let otto: Api;
let cora: Api;
beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: false });
  const as = async (user: string) => api(stack.url, await stack.token(user));
  [ida, otto, cora] = (await Promise.all(['ida', 'otto', 'cora'].map(as))) as [Api, Api, Api];
});
afterAll(() => stack.stop());

let counted = 0;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const tasksOf = async (orgId: string) => (await ida.get<Page<Task>>(`/tasks?orgId=${orgId}&pageSize=200`)).body.items;
const casesOf = async (orgId: string) => (await ida.get<Page<Case>>(`/cases?orgId=${orgId}`)).body.items;
const caseOf = async (caseId: string) => (await ida.get<Case>(`/cases/${caseId}`)).body;
const orgOf = async (orgId: string) => (await ida.get<Org>(`/orgs/${orgId}`)).body;
const metOf = async (orgId: string) => {
  const { transitions } = (await ida.get<Stage>(`/orgs/${orgId}/stage`)).body;
  return new Map(transitions.flatMap(({ to, rules }) => rules.map(({ rule, met }) => [`${to} ${rule}`, met] as const)));
};

async function foretold(person: Api, orgId: string, intent: object): Promise<Foretold> {
  const { status, body } = await person.post<Foretold>('/preview', { orgId, ...intent });
  expect({ status, body }).toMatchObject({ status: 200 });
  expect(body.unavailable).toEqual([]);
  return body;
}

async function qualifying(): Promise<string> {
  const { body } = await ida.post<Org>('/orgs', { name: `Vorschau ${(counted += 1)} GmbH` });
  const { orgId } = body;
  await until('six tasks', () => tasksOf(orgId), ({ length }) => length === 6);
  await until('the stage', () => orgOf(orgId), ({ currentStage }) => currentStage === 'QUALIFYING');
  return orgId;
}

/** What of a task can be known before it is there; working days end at an instant, what waits for an hour does not. */
const shape = ({ taskType, title, assignedQueue, assigneeRole, assignee, priority, dueAt, dueIsEndOfDay, origin }: ForetoldTask) => ({
  taskType, title, assignedQueue, assigneeRole, assignee, priority, dueAt, dueIsEndOfDay, origin,
});
const byType = (a: { taskType: string }, b: { taskType: string }) => a.taskType.localeCompare(b.taskType);
const shapes = (tasks: readonly ForetoldTask[]) => tasks.map(shape).sort(byType);
const ids = (tasks: readonly { taskId?: string }[]) => tasks.map(({ taskId }) => taskId).sort();

/** Does it, and compares what came about with what was foretold of tasks, cases, stage and rules. */
async function comesTrue(orgId: string, said: Foretold, act: () => Promise<unknown>): Promise<void> {
  const [tasks, cases, met] = await Promise.all([tasksOf(orgId), casesOf(orgId), metOf(orgId)]);
  await act();
  const known = new Set(tasks.map(({ taskId }) => taskId));
  const were = new Map(tasks.map(({ taskId, status }) => [taskId, status]));
  const now = await until(
    'what was foretold of tasks',
    () => tasksOf(orgId),
    (all) => {
      const ended = (status: string) => all.filter((task) => task.status === status && were.get(task.taskId) !== status && known.has(task.taskId)).length;
      const made = all.filter(({ taskId }) => !known.has(taskId)).length;
      return made === said.tasks.created.length && ended('DONE') === said.tasks.completed.length && ended('CANCELLED') === said.tasks.cancelled.length;
    },
  );
  const changedTo = (status: string) => now.filter((task) => task.status === status && known.has(task.taskId) && were.get(task.taskId) !== status);
  expect(shapes(now.filter(({ taskId }) => !known.has(taskId)))).toEqual(shapes(said.tasks.created));
  expect(ids(changedTo('DONE'))).toEqual(ids(said.tasks.completed));
  expect(ids(changedTo('CANCELLED'))).toEqual(ids(said.tasks.cancelled));

  const org = await until('the stage', () => orgOf(orgId), ({ currentStage }) => currentStage === said.stage.after);
  expect(org.status).toBe(said.stage.statusAfter);
  const old = new Map(cases.map((item) => [item.caseId, item]));
  const shown = ({ caseType, status, engine, ownerQueue, outcomeCode, returnCount }: ForetoldCase) => ({ caseType, status, engine, ownerQueue, outcomeCode, returnCount });
  const wanted = [...said.cases.opened, ...said.cases.closed, ...said.cases.changed].map(shown);
  const after = await until('the cases', () => casesOf(orgId), (all) => {
    const differing = all.filter((item) => JSON.stringify(shown(item)) !== JSON.stringify(shown(old.get(item.caseId) ?? ({} as Case))));
    return differing.length === wanted.length;
  });
  const differing = after.filter((item) => JSON.stringify(shown(item)) !== JSON.stringify(shown(old.get(item.caseId) ?? ({} as Case))));
  const order = (items: readonly ReturnType<typeof shown>[]) => items.map((item) => JSON.stringify(item)).sort();
  expect(order(differing.map(shown))).toEqual(order(wanted));

  const foretoldRules = said.rules.map(({ to, rule, before, after: will }) => [`${to} ${rule}`, before, will]).sort();
  const came = await until('the rules', async () => {
    const is = await metOf(orgId);
    return [...is].flatMap(([key, value]) => (met.has(key) && met.get(key) !== value ? [[key, met.get(key), value]] : [])).sort();
  }, (changed) => changed.length === foretoldRules.length);
  expect(came).toEqual(foretoldRules);
}

describe('what is foretold comes true', () => {
  it('for a call with a follow-up that completes a task: call-back, tick, and the rules that it turns green', async () => {
    const orgId = await qualifying();
    const task = (await tasksOf(orgId)).find(({ taskType }) => taskType === 'FIRST_OUTREACH');
    const activity = {
      activityType: 'CALL', outcomeCode: 'REACHED_DECISION_MAKER', subject: 'Bedarf', followUpAt: inDays(3), completesTaskId: task?.taskId,
    };
    const said = await foretold(ida, orgId, { activity });
    expect(said.allowed).toBe(true);
    expect(said.tasks.created).toMatchObject([{ taskType: 'CALL_BACK', assignedQueue: 'INSIDE_SALES', assignee: 'ida', dueAt: activity.followUpAt, origin: 'ACTIVITY' }]);
    expect(said.tasks.completed).toMatchObject([{ taskId: task?.taskId, taskType: 'FIRST_OUTREACH' }]);
    expect(said.rules.filter(({ to }) => to === 'QUALIFIED_LEAD').map(({ before, after }) => [before, after])).toEqual([[false, true], [false, true]]);
    await comesTrue(orgId, said, () => ida.post(`/orgs/${orgId}/activities`, activity));
  });

  it('for the third call in a row that nobody answers: the task that the rule makes, and which rule of which template', async () => {
    const orgId = await qualifying();
    const activity = { activityType: 'CALL', outcomeCode: 'NO_ANSWER' };
    for (const round of [1, 2]) {
      const said = await foretold(ida, orgId, { activity });
      expect([round, said.tasks.created]).toEqual([round, []]);
      await comesTrue(orgId, said, () => ida.post(`/orgs/${orgId}/activities`, activity));
    }
    // The second call is seen when its event has come: until then the next one is not the third.
    const said = await until('what the third would cause', () => foretold(ida, orgId, { activity }), ({ tasks }) => tasks.created.length > 0);
    expect(said.tasks.created).toMatchObject([{ origin: 'TEMPLATE', cause: { template: 'qualify_company', rule: expect.any(String) as unknown } }]);
    await comesTrue(orgId, said, () => ida.post(`/orgs/${orgId}/activities`, activity));
  });

  it('for qualifying: refused with every unmet rule, then allowed with the case closed, leftovers cancelled, the lead opened', async () => {
    const orgId = await qualifying();
    const refused = await foretold(ida, orgId, { transition: { toStage: 'QUALIFIED_LEAD' } });
    expect(refused).toMatchObject({ allowed: false, refused: { code: 'RULES_UNMET' }, stage: { before: 'QUALIFYING', after: 'QUALIFYING' }, rules: [] });
    expect(refused.refused?.unmet).toHaveLength(2);
    expect((await ida.post<{ code: string; unmet: object[] }>(`/orgs/${orgId}/stage`, { toStage: 'QUALIFIED_LEAD' })).body.unmet).toEqual(refused.refused?.unmet);

    const transition = { toStage: 'QUALIFIED_LEAD', activity: { activityType: 'CALL', outcomeCode: 'REACHED_DECISION_MAKER', followUpAt: inDays(2) } };
    const said = await foretold(ida, orgId, { transition });
    expect(said).toMatchObject({
      allowed: true,
      stage: { before: 'QUALIFYING', after: 'QUALIFIED_LEAD', statusBefore: 'lead', statusAfter: 'prospect' },
      cases: { opened: [{ caseType: 'WORK_LEAD' }], closed: [{ caseType: 'QUALIFY_COMPANY', outcomeCode: 'QUALIFIED' }] },
    });
    expect(said.tasks.created.map(({ taskType }) => taskType).sort()).toEqual(['CALL_BACK', 'FOLLOW_UP_OFFER', 'INTRO_MEETING', 'NEEDS_ANALYSIS', 'SEND_OFFER']);
    expect(said.tasks.cancelled).toHaveLength(6);
    await comesTrue(orgId, said, () => ida.post(`/orgs/${orgId}/stage`, transition));
  });

  it('for a company that ends: every open task is cancelled', async () => {
    const orgId = await qualifying();
    const transition = { toStage: 'DISQUALIFIED', reasonCode: 'NO_FIT' };
    const said = await foretold(ida, orgId, { transition });
    expect(said.tasks.cancelled).toHaveLength(6);
    await comesTrue(orgId, said, () => ida.post(`/orgs/${orgId}/stage`, transition));
  });

  it('for an archived company that is reopened: through the case that opens it gets to QUALIFYING', async () => {
    const { body: { orgId } } = await ida.post<Org>('/orgs', { name: `Vorschau ${(counted += 1)} GmbH`, status: 'customer' });
    const archived = await until('archived', () => ida.post(`/orgs/${orgId}/stage`, { toStage: 'ARCHIVED' }), ({ status }) => status === 200);
    expect(archived.status).toBe(200);
    const transition = { toStage: 'UNVERIFIED', reasonCode: 'REOPENED' };
    const said = await foretold(ida, orgId, { transition });
    expect(said).toMatchObject({ stage: { before: 'ARCHIVED', after: 'QUALIFYING' }, cases: { opened: [{ caseType: 'QUALIFY_COMPANY' }] } });
    expect(said.tasks.created).toHaveLength(6);
    await comesTrue(orgId, said, () => ida.post(`/orgs/${orgId}/stage`, transition));
  });

  it('for tasks that are completed, and for one that the caller may not', async () => {
    const orgId = await qualifying();
    const mine = (await tasksOf(orgId)).filter(({ assignedQueue }) => assignedQueue === 'INSIDE_SALES').map(({ taskId }) => taskId);
    const foreign = (await tasksOf(orgId)).find(({ assignedQueue }) => assignedQueue === 'SALES_OPS')?.taskId ?? '';
    const completeTaskIds = [...mine, foreign];
    const said = await foretold(ida, orgId, { completeTaskIds });
    expect(ids(said.tasks.completed)).toEqual([...mine].sort());
    expect(said.tasks.refused).toMatchObject([{ taskId: foreign, problem: { code: 'FORBIDDEN' } }]);
    await comesTrue(orgId, said, () => ida.post('/tasks/bulk', { action: 'complete', taskIds: completeTaskIds }));
  });

  it('for a hand-over, refused and then allowed, and for the return', async () => {
    const orgId = await leadOf('SALES_ACCEPTED');
    const caseId = (await casesOf(orgId)).find(({ caseType }) => caseType === 'WORK_LEAD')?.caseId ?? '';
    const body = {
      engine: 'ops', role: 'ops', queue: 'SALES_OPS', goal: 'Angebot', context: 'Pumpen', openPoints: ['Höhe?'], recommendation: 'K',
    };
    const refused = await foretold(otto, orgId, { handover: { caseId, ...body } });
    expect(refused).toMatchObject({ allowed: false, refused: { code: 'RULES_UNMET' }, cases: { changed: [{ caseId, status: 'BLOCKED' }] } });
    await comesTrue(orgId, refused, async () => {
      const { body: answer } = await otto.post<{ unmet: object[] }>(`/cases/${caseId}/handover`, body);
      expect(answer.unmet).toEqual(refused.refused?.unmet);
    });
    const item = await caseOf(caseId);
    for (const { requirementId, key } of item.phases.find(({ phase }) => phase === item.phase)?.outputs ?? []) {
      await otto.post(`/cases/${caseId}/requirements/${requirementId}/fulfil`, { value: key });
    }
    const said = await foretold(otto, orgId, { handover: { caseId, ...body } });
    expect(said).toMatchObject({ allowed: true, cases: { changed: [{ caseId, engine: 'ops', ownerQueue: 'SALES_OPS' }] } });
    await comesTrue(orgId, said, () => otto.post(`/cases/${caseId}/handover`, body));

    const olga = api(stack.url, await stack.token('olga'));
    const back = { reason: 'Unklar', missing: ['Welche Förderhöhe?'] };
    const returned = await foretold(olga, orgId, { return: { caseId, ...back } });
    expect(returned).toMatchObject({ allowed: true, cases: { changed: [{ caseId, engine: 'outside_sales', status: 'BLOCKED', returnCount: 1 }] } });
    await comesTrue(orgId, returned, () => olga.post(`/cases/${caseId}/return`, back));
    expect(await foretold(cora, orgId, { return: { caseId, ...back } })).toMatchObject({ allowed: false, refused: { code: 'FORBIDDEN' } });
  });
});

async function leadOf(stage: 'SALES_ACCEPTED'): Promise<string> {
  const { body: { orgId } } = await ida.post<Org>('/orgs', { name: `Vorschau ${(counted += 1)} GmbH`, status: 'prospect' });
  const [lead] = await until('the lead', () => casesOf(orgId), ({ length }) => length === 1);
  expect((await otto.post(`/cases/${lead?.caseId}/claim`)).status).toBe(200);
  await until('the acceptance', () => orgOf(orgId), ({ currentStage }) => currentStage === stage);
  await until('four tasks', () => tasksOf(orgId), ({ length }) => length === 4);
  return orgId;
}

describe('a preview', () => {
  it('names bad input where it stands, and asks for exactly one intent', async () => {
    const orgId = await qualifying();
    const paths = async (body: object) => {
      const answer = await ida.post<{ violations: { path: string }[] }>('/preview', { orgId, ...body });
      return [answer.status, answer.body.violations?.map(({ path }) => path)];
    };
    const nobody = '00000000-0000-4000-8000-00000000dead';
    expect(await paths({ activity: { activityType: 'CALL', followUpAt: '2020-01-01T00:00:00.000Z' } })).toEqual([400, ['activity.followUpAt']]);
    expect(await paths({ activity: { activityType: 'CALL', completesTaskId: nobody } })).toEqual([400, ['activity.completesTaskId']]);
    expect(await paths({ transition: { toStage: 'DORMANT' } })).toEqual([400, ['transition.reasonCode']]);
    expect(await paths({ completeTaskIds: [nobody] })).toEqual([400, ['completeTaskIds[0]']]);
    expect(await paths({ return: { caseId: nobody, reason: 'x', missing: ['y'] } })).toEqual([400, ['return.caseId']]);
    expect(await paths({})).toEqual([400, ['activity']]);
    expect(await paths({ completeTaskIds: [nobody], transition: { toStage: 'DORMANT' } })).toEqual([400, ['completeTaskIds']]);
    expect(await paths({ orgId: nobody, activity: { activityType: 'NOTE' } })).toEqual([400, ['orgId']]);
  });
});

describe('nothing is left of a preview', () => {
  const databases = ['stage_db', 'activity_db', 'task_db', 'workflow_db'];
  const tables = sql(
    'preview.tables',
    "select schemaname || '.' || quote_ident(relname) as name from pg_stat_user_tables where relname !~ '^(migration|knex)' order by 1",
  );

  /** A digest of every row of every table of the services, and how far their sequences are. */
  async function digest(open: readonly Database[]): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    for (const [index, database] of open.entries()) {
      for (const { name } of await database.query<{ name: string }>(tables)) {
        const text = `select count(*) as rows, md5(coalesce(string_agg(t::text, '' order by t::text), '')) as content from ${name} t`;
        [found[`${databases[index]} ${name}`]] = await database.query(sql(`preview.digest.${name}`, text));
      }
      found[`${databases[index]} sequences`] = await database.query(
        sql('preview.sequences', 'select sequencename, last_value from pg_sequences order by 1'),
      );
    }
    return found;
  }

  it('in any table, outbox or sequence of any service, and no event is told', async () => {
    const orgId = await qualifying();
    const leadId = await leadOf('SALES_ACCEPTED');
    const caseId = (await casesOf(leadId))[0]?.caseId ?? '';
    // Whoever calls is remembered as a person; both have called everywhere before.
    await Promise.all([ida.get('/me'), otto.get('/me')]);
    const [task] = (await tasksOf(orgId)).filter(({ assignedQueue }) => assignedQueue === 'INSIDE_SALES');
    const activity = { activityType: 'CALL', outcomeCode: 'REACHED_DECISION_MAKER', followUpAt: inDays(2), completesTaskId: task?.taskId };
    const open = databases.map((name) => createDatabase({ connectionString: stack.postgres.url(name), applicationName: 'preview.spec' }));
    try {
      const before = await until('silence', async () => [await digest(open), await digest(open)], ([a, b]) => JSON.stringify(a) === JSON.stringify(b));
      const intents: [Api, string, object][] = [
        [ida, orgId, { activity }],
        [ida, orgId, { transition: { toStage: 'QUALIFIED_LEAD', activity } }],
        [ida, orgId, { transition: { toStage: 'DISQUALIFIED', reasonCode: 'NO_FIT' } }],
        [ida, orgId, { completeTaskIds: [task?.taskId] }],
        [otto, leadId, { handover: { caseId, engine: 'ops', role: 'ops', queue: 'SALES_OPS', goal: 'a', context: 'b', openPoints: ['c'], recommendation: 'd' } }],
        [otto, leadId, { return: { caseId, reason: 'a', missing: ['b'] } }],
        [otto, leadId, { transition: { toStage: 'QUALIFYING', reasonCode: 'NOT_READY' } }],
      ];
      for (const [person, about, intent] of intents) await foretold(person, about, intent);
      expect(await digest(open)).toEqual(before[0]);
    } finally {
      await Promise.all(open.map((database) => database.close()));
    }
  });
});
