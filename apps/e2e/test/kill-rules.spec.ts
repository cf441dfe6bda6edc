import type { Stack } from '@tom/tools/stack';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../src/api.ts';
import { persistent } from '../src/persistent.ts';
import { seeded, seedOfRun } from '../src/seeded.ts';
import { startSystem } from '../src/start-system.ts';

/** On Kafka the same with less of it: what differs there is the log, and the whole check must not take for ever. */
const COMPANIES = process.env['TOM_TRANSPORT'] === 'kafka' ? 16 : 30;
const AT_ONCE = 10;
const KILLS = process.env['TOM_TRANSPORT'] === 'kafka' ? 5 : 8;
const STEPS = 11;
const DRAINED_WITHIN_MS = 30_000;
const VICTIMS = ['stage-service', 'activity-service', 'task-service', 'workflow-service', 'gateway'] as const;
const DATABASES = ['stage_db', 'activity_db', 'task_db', 'workflow_db'] as const;

/** Rules of this test, with a task each, named like the rule: at once, on the events of a case, and after a time. */
const WATCHED = `
key: watched
version: 1
description: Sieht jedem Schritt zu.
org_kinds: qualified
rules:
  - { key: asked_after_opening, on: CaseOpened, condition: event.case_type == 'QUALIFY_COMPANY', after: { seconds: 1 }, ${task('Nachfragen')} }
  - { key: given_to_ops, on: CaseHandedOver, condition: event.engine == 'ops', ${task('Bei Ops')} }
  - { key: came_back, on: CaseReturned, condition: event.return_count == 1, ${task('Kam zurück')} }
  - { key: thanked, on: CaseClosed, condition: event.outcome_code == 'WON', after: { seconds: 1 }, ${task('Danken')} }
`;

function task(title: string): string {
  return `do: [{ create_task: { type: GENERAL, title: ${title}, queue: SALES_OPS, role: ops, due_in_working_days: 1, priority: LOW } }]`;
}

const TASKS_EACH: Readonly<Record<string, number>> = {
  'qualify_company start': 6,
  'qualify_company third_no_answer': 1,
  'work_lead start': 4,
  'watched asked_after_opening': 1,
  'watched given_to_ops': 2,
  'watched came_back': 1,
  'watched thanked': 1,
  'call-back': 1,
};
/** A rule that waits fires at its event, and again when its time has come. */
const FIRED_EACH: Readonly<Record<string, number>> = {
  'qualify_company start': 1,
  'qualify_company third_no_answer': 1,
  'qualify_company no_activity': 1,
  'work_lead start': 1,
  'work_lead accepted_by_outside_sales': 1,
  'watched asked_after_opening': 2,
  'watched given_to_ops': 2,
  'watched came_back': 1,
  'watched thanked': 2,
};

interface Case {
  readonly caseId: string;
  readonly caseType: string;
  readonly phase: string;
  readonly phases: readonly { phase: string; outputs: readonly { requirementId: string; key: string; fulfilled?: object }[] }[];
}

let configDir: string;
let stack: Stack;
beforeAll(async () => {
  configDir = mkdtempSync(join(tmpdir(), 'tom-config-'));
  cpSync(fileURLToPath(new URL('../../../config', import.meta.url)), configDir, { recursive: true });
  writeFileSync(join(configDir, 'workflows', 'watched.yaml'), WATCHED);
  stack = await startSystem({ environment: { RATE_LIMIT_PER_MINUTE: '0', CONFIG_DIR: configDir } });
});
afterAll(async () => {
  await stack.stop();
  rmSync(configDir, { recursive: true, force: true });
});

async function query<R extends pg.QueryResultRow>(database: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: stack.postgres.url(database) });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

/** What there is of each name, for every company in the same way; a company that differs stands out by itself. */
function perCompany(rows: readonly { org: string; name: string; n: number }[]): Map<string, Record<string, number>> {
  const found = new Map<string, Record<string, number>>();
  for (const { org, name, n } of rows) found.set(org, { ...found.get(org), [name]: n });
  return found;
}

it('every company is qualified, handed over, returned and won exactly as the rules say, whatever is killed', async () => {
  const random = seeded(seedOfRun());
  const as = async (user: string) => persistent(stack.url, await stack.token(user));
  const [ida, otto, mia] = [await as('ida'), await as('otto'), await as('mia')];
  let steps = 0;
  const ended = Symbol('ended');

  async function company(n: number): Promise<string> {
    const done = () => void (steps += 1);
    const key = (step: string) => `${step}-${n}`;
    const { orgId } = await ida.post('/orgs', { name: `Prüfling ${n}` }, key('org'));
    if (orgId === undefined) throw new Error('The company has no id');
    const stage = (wanted: string) => ida.until<{ currentStage: string }>(`/orgs/${orgId}`, ({ currentStage }) => currentStage === wanted);
    const openCase = async (type: string) => {
      const { items } = await ida.until<{ items: Case[] }>(`/cases?orgId=${orgId}&caseType=${type}&open=true`, (page) => page.items.length > 0);
      return items[0]?.caseId ?? '';
    };
    const supply = async (caseId: string, step: string) => {
      const item = await mia.get<Case>(`/cases/${caseId}`);
      for (const { requirementId, key: output, fulfilled } of item.phases.find(({ phase }) => phase === item.phase)?.outputs ?? []) {
        if (!fulfilled) await mia.post(`/cases/${caseId}/requirements/${requirementId}/fulfil`, { value: 'da' }, key(`${step}-${output}`));
      }
    };
    const handOver = (caseId: string, step: string) => {
      const to = { engine: 'ops', role: 'ops', queue: 'SALES_OPS', goal: 'Angebot', context: 'Anruf', openPoints: ['Menge?'], recommendation: 'K' };
      return mia.post(`/cases/${caseId}/handover`, to, key(step));
    };
    done();

    await stage('QUALIFYING');
    const qualification = await openCase('QUALIFY_COMPANY');
    done();
    for (const call of [1, 2, 3]) {
      const body = { activityType: 'CALL', direction: 'OUTBOUND', outcomeCode: 'NO_ANSWER', caseId: qualification };
      await ida.post(`/orgs/${orgId}/activities`, body, key(`call-${call}`));
    }
    // A rule of a case acts as long as the case is open: what is asked for now is there before the case ends.
    await ida.until<{ items: { title: string }[] }>(`/tasks?orgId=${orgId}&pageSize=100`, ({ items }) =>
      items.some(({ title }) => title.startsWith('Anderen Kanal')));
    done();
    const followUpAt = new Date(Date.now() + 86_400_000).toISOString();
    const activity = { activityType: 'CALL', direction: 'OUTBOUND', outcomeCode: 'REACHED_DECISION_MAKER', followUpAt };
    await ida.post(`/orgs/${orgId}/qualify`, { activity }, key('qualify'));
    done();
    const lead = await openCase('WORK_LEAD');
    await otto.post(`/cases/${lead}/claim`, {}, key('claim'));
    done();
    await stage('SALES_ACCEPTED');
    done();
    await supply(lead, 'first');
    done();
    await handOver(lead, 'handover-1');
    done();
    await mia.post(`/cases/${lead}/return`, { reason: 'Unklar', missing: ['Förderhöhe'] }, key('return'));
    done();
    await supply(lead, 'second');
    await handOver(lead, 'handover-2');
    done();
    await mia.post(`/cases/${lead}/close`, { outcomeCode: 'WON' }, key('close'));
    done();
    return orgId;
  }

  const orgs: string[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    while (next < COMPANIES) orgs.push(await company((next += 1)));
  }
  const working = Promise.all(Array.from({ length: AT_ONCE }, worker));
  async function killer(): Promise<void> {
    for (let n = 1; n <= KILLS; n += 1) {
      const progress = until('progress', async () => steps, (now) => now >= (n * COMPANIES * STEPS) / (KILLS + 1), 120_000);
      if ((await Promise.race([progress, working.then(() => ended)])) === ended) return;
      const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? 'workflow-service';
      await stack.kill(victim).catch(() => undefined);
    }
  }
  await Promise.all([working, killer()]);
  await stack.ready(30_000);

  const each = (wanted: Readonly<Record<string, number>>) => new Map(orgs.toSorted().map((org) => [org, wanted]));
  /** Until there is as much as there should be; more than that does not wait. */
  async function counted(what: string, database: string, text: string, wanted: Readonly<Record<string, number>>): Promise<void> {
    const total = Object.values(wanted).reduce((sum, n) => sum + n, 0) * COMPANIES;
    const look = () => query<{ org: string; name: string; n: number }>(database, `${text} group by 1, 2 order by 1, 2`);
    const enough = (rows: readonly { n: number }[]) => rows.reduce((sum, { n }) => sum + n, 0) >= total;
    // What does not come in time is shown by what there is.
    const rows = await until(what, look, enough, DRAINED_WITHIN_MS).catch(look);
    expect(perCompany(rows), what).toEqual(each(wanted));
  }
  await counted('all customers', 'stage_db', 'select org_id as org, current_stage as name, count(*)::int as n from org', { CUSTOMER: 1 });
  await counted('all tasks', 'task_db', `select org_id as org, coalesce(source_template || ' ' || source_rule, 'call-back') as name,
    count(*)::int as n from task`, TASKS_EACH);
  await counted('all cases', 'workflow_db', `select org_id as org, concat_ws(' ', case_type, status, outcome_code, return_count) as name,
    count(*)::int as n from case_item`, { 'QUALIFY_COMPANY CLOSED QUALIFIED 0': 1, 'WORK_LEAD CLOSED WON 1': 1 });
  await counted('all rules', 'workflow_db', `select org_id as org, template || ' ' || rule as name, count(*)::int as n
    from rule_evaluation where fired`, FIRED_EACH);
  await counted('all that happened to cases', 'workflow_db', `select c.org_id as org, split_part(h.type, '.', 4) as name, count(*)::int as n
    from case_history as h join case_item as c on c.case_id = h.aggregate_id where h.type similar to '%.Case(Opened|HandedOver|Returned|Closed)'`,
  { CaseOpened: 2, CaseHandedOver: 2, CaseReturned: 1, CaseClosed: 2 });
  await counted('all activities', 'activity_db', `select org_id as org, outcome_code as name, count(*)::int as n from activity`,
    { NO_ANSWER: 3, REACHED_DECISION_MAKER: 1 });
  await counted('the timeline', 'activity_db', `select org_id as org, kind as name, count(*)::int as n from timeline_entry
    where kind = 'HANDOVER'`, { HANDOVER: 3 });

  expect(await query('workflow_db', `select rule from timer where template = 'watched'`)).toEqual([]);
  for (const database of DATABASES) {
    const waiting = () => query<{ n: number }>(database, 'select count(*)::int as n from outbox');
    await until(`the outbox of ${database} to be empty`, waiting, ([row]) => row?.n === 0, DRAINED_WITHIN_MS);
    expect(await query(database, 'select error from dead_letter')).toEqual([]);
  }
}, 120_000);
