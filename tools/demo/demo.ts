// Tells the main job as a story against the running system, through its public API alone. Fails when any step does.
import { connect, type Client } from './client.ts';
import { expect, say, scene, until } from './story.ts';
import { tellRules, tellSimulation } from './tell-rules.ts';

const url = process.env['TOM_URL'] ?? `http://127.0.0.1:${process.env['PORT'] ?? '8080'}`;

interface Task {
  readonly taskId: string;
  readonly taskType: string;
  readonly title: string;
  readonly assignedQueue: string;
  readonly dueAt?: string;
  readonly status: string;
  readonly assignee?: string;
  readonly source: { readonly activityId?: string };
}
interface Case {
  readonly caseId: string;
  readonly caseType: string;
  readonly title: string;
  readonly status: string;
  readonly outcomeCode?: string;
  readonly ownerQueue: string;
  readonly owner?: string;
  readonly phase?: string;
  readonly engine: string;
  readonly statusReason?: { readonly de: string };
  readonly phases: readonly { readonly phase: string; readonly outputs: readonly Output[] }[];
  readonly returnTarget?: { readonly engine: string; readonly outputs: readonly Output[] };
  readonly chain: readonly { readonly kind: string; readonly fromEngine: string; readonly toEngine: string }[];
}
interface Output {
  readonly requirementId: string;
  readonly key: string;
  readonly description: { readonly de: string };
  readonly fulfilled?: { readonly value: string };
}
interface Org {
  readonly orgId: string;
  readonly name: string;
  readonly currentStage: string;
}
interface Page<T> {
  readonly items: readonly T[];
}
interface Rule {
  readonly rule: string;
  readonly message: { readonly de: string };
}
interface Entry {
  readonly at: string;
  readonly kind: string;
  readonly actor: string;
  readonly title: { readonly de: string };
  readonly cause?: { readonly template?: string; readonly version?: number; readonly rule?: string };
}

function berlin(instant: string | undefined): string {
  if (!instant) return 'ohne Termin';
  return new Intl.DateTimeFormat('de-DE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'short' }).format(new Date(instant));
}

function tomorrow(): string {
  const instant = new Date(Date.now() + 24 * 3_600_000);
  instant.setUTCHours(8, 0, 0, 0);
  return instant.toISOString();
}

async function openCase(client: Client, orgId: string, caseType: string): Promise<Case> {
  return until(`an open ${caseType} case`, async () => {
    const { items } = await client.get<Page<Case>>(`/cases?orgId=${orgId}&caseType=${caseType}&open=true`);
    return items[0];
  });
}

async function tasksOf(client: Client, orgId: string, filter = ''): Promise<readonly Task[]> {
  return (await client.get<Page<Task>>(`/tasks?orgId=${orgId}${filter}&pageSize=200`)).items;
}

async function stageIs(client: Client, orgId: string, stage: string): Promise<Org> {
  return until(`stage ${stage}`, async () => {
    const org = await client.get<Org>(`/orgs/${orgId}`);
    return org.currentStage === stage ? org : undefined;
  });
}

/** Supplies what the phase of a case still lacks. */
async function supply(client: Client, caseId: string, values: Readonly<Record<string, string>> = {}): Promise<Case> {
  const item = await client.get<Case>(`/cases/${caseId}`);
  const outputs = item.phases.find(({ phase }) => phase === item.phase)?.outputs ?? [];
  for (const { requirementId, key, description, fulfilled } of outputs) {
    if (fulfilled) continue;
    const value = values[key] ?? 'geklärt';
    await client.post(`/cases/${caseId}/requirements/${requirementId}/fulfil`, { value });
    say(`  ✓ ${description.de}: ${value}`);
  }
  return client.get<Case>(`/cases/${caseId}`);
}

/** Otto needs Sales Ops for the offer: refused, handed over, sent back, supplied, handed over again, and won. */
async function tellHandOver(otto: Client, olga: Client, caseId: string): Promise<void> {
  const path = `/cases/${caseId}`;
  const toOps = {
    engine: 'ops',
    role: 'ops',
    queue: 'SALES_OPS',
    goal: 'Angebot rechnen',
    context: 'Bedarf an Pumpen im zweiten Halbjahr.',
    openPoints: ['Welche Förderhöhe?'],
    recommendation: 'Baureihe K anbieten',
  };

  scene('7 · Otto hands the lead to Sales Ops, and is refused: outputs are missing');
  const refused = await otto.refused(`${path}/handover`, toOps);
  expect(refused.status === 409 && refused.body['code'] === 'RULES_UNMET', 'a refusal that names its rules');
  for (const rule of refused.body['unmet'] as readonly Rule[]) say(`  ✗ ${rule.message.de}`);
  const blocked = await otto.get<Case>(path);
  expect(blocked.status === 'BLOCKED', 'the case to be BLOCKED, for the attempt is remembered');
  say(`The case is ${blocked.status}: ${blocked.statusReason?.de}`);

  scene('8 · He supplies them and hands it over; Olga accepts by claiming');
  const values = { decision_maker: 'Leiterin Technik', next_step: 'Angebot bis Freitag', exit_criterion: 'kein Budget 2027' };
  await supply(otto, caseId, values);
  await otto.post(`${path}/handover`, toOps);
  const taken = await olga.post<Case>(`${path}/claim`, {});
  expect(taken.engine === 'ops' && taken.owner === 'olga', 'ops to lead the case and Olga to have it');
  say(`${taken.ownerQueue} leads, ${taken.owner} has it, in phase ${taken.phase}.`);

  scene('9 · Olga sends it back: one output is wanted again, and something new');
  const nextStep = taken.returnTarget?.outputs.find(({ key }) => key === 'next_step')?.requirementId;
  const back = await olga.post<Case>(`${path}/return`, { reason: 'So kann ich nicht rechnen.', missing: [nextStep, 'Förderhöhe'] });
  expect(back.status === 'BLOCKED' && back.engine === 'outside_sales', 'the case to be BLOCKED with outside sales');
  say(`Back with ${back.ownerQueue}, ${back.status}.`);
  await otto.post(`${path}/claim`, {});
  const free = await supply(otto, caseId, { next_step: 'Angebot bis Montag', returned_1: '40 m' });
  expect(free.status === 'IN_PROGRESS', 'the case to go on once all of it is there');

  scene('10 · Again to Sales Ops, which brings its own outputs and gives it back to the field');
  await otto.post(`${path}/handover`, toOps);
  await olga.post(`${path}/claim`, {});
  await supply(olga, caseId);
  const field = { engine: 'outside_sales', role: 'outside_sales', queue: 'OUTSIDE_SALES', goal: 'Angebot vorstellen' };
  const given = await olga.post<Case>(`${path}/handover`, { ...toOps, ...field, openPoints: [] });
  say(given.chain.map(({ kind, fromEngine, toEngine }) => `${fromEngine} ${kind === 'return' ? '↩' : '→'} ${toEngine}`).join(' · '));

  scene('11 · Otto wins the company');
  await otto.post(`${path}/claim`, {});
  const won = await otto.post<{ org: Org }>(`${path}/close`, { outcomeCode: 'WON' });
  expect(won.org.currentStage === 'CUSTOMER', 'the stage CUSTOMER');
  say(`${won.org.name} is ${won.org.currentStage}.`);
}

async function tell(): Promise<void> {
  const ida = await connect(url, 'ida');
  const otto = await connect(url, 'otto');
  const olga = await connect(url, 'olga');
  const heard = await ida.listen();
  const name = `Kessler & Vogt Anlagenbau ${new Date().toISOString().slice(11, 19)}`;

  scene('1 · Ida creates a company');
  const org = await ida.post<Org>('/orgs', { name, address: { city: 'Köln' }, phone: '+49 221 555010' });
  say(`${org.name} is ${org.currentStage}.`);

  scene('2 · The template opens a case, fills the queues and moves the stage');
  const qualify = await openCase(ida, org.orgId, 'QUALIFY_COMPANY');
  await stageIs(ida, org.orgId, 'QUALIFYING');
  const created = await until('six tasks', async () => {
    const tasks = await tasksOf(ida, org.orgId);
    return tasks.length === 6 ? tasks : undefined;
  });
  say(`Case "${qualify.title}", ${qualify.status}, in ${qualify.ownerQueue}; the company is QUALIFYING.`);
  for (const task of created) say(`  ${task.assignedQueue.padEnd(13)} ${berlin(task.dueAt).padEnd(16)} ${task.title}`);

  scene('3 · Qualifying is refused, with everything that is missing');
  const refused = await ida.refused(`/orgs/${org.orgId}/qualify`, {});
  expect(refused.status === 409 && refused.body['code'] === 'RULES_UNMET', 'a refusal that names its rules');
  const unmet = refused.body['unmet'] as readonly Rule[];
  expect(unmet.length === 2, 'two unmet rules');
  for (const rule of unmet) say(`  ✗ ${rule.message.de}`);
  await stageIs(ida, org.orgId, 'QUALIFYING');

  scene('4 · Ida logs a call and agrees on a follow-up');
  const followUpAt = tomorrow();
  const activity = await ida.post<{ activityId: string }>(`/orgs/${org.orgId}/activities`, {
    activityType: 'CALL',
    direction: 'OUTBOUND',
    outcomeCode: 'REACHED_DECISION_MAKER',
    notes: 'Bedarf an Pumpen im zweiten Halbjahr.',
    followUpAt,
  });
  const callBack = await until('the CALL_BACK', async () => {
    const found = await tasksOf(ida, org.orgId, `&sourceActivityId=${activity.activityId}`);
    expect(found.length <= 1, 'exactly one CALL_BACK');
    return found[0];
  });
  expect(callBack.taskType === 'CALL_BACK' && callBack.dueAt === followUpAt, 'a CALL_BACK with the agreed due date');
  await until('the link back', async () => {
    const now = await ida.get<{ followUpTaskId?: string }>(`/activities/${activity.activityId}`);
    return now.followUpTaskId === callBack.taskId ? now : undefined;
  });
  say(`CALL_BACK for ${callBack.assignee}, due ${berlin(callBack.dueAt)}, and the activity links to it.`);

  scene('5 · Now qualifying works');
  const qualified = await ida.post<{ org: Org; caseId?: string; completing: boolean }>(`/orgs/${org.orgId}/qualify`, {});
  expect(qualified.org.currentStage === 'QUALIFIED_LEAD', 'the stage QUALIFIED_LEAD');
  const closed = await until('the closed case', async () => {
    const item = await ida.get<Case>(`/cases/${qualify.caseId}`);
    return item.status === 'CLOSED' ? item : undefined;
  });
  expect(closed.outcomeCode === 'QUALIFIED', 'the outcome QUALIFIED');
  say(`Qualified. Case "${closed.title}" is closed as ${closed.outcomeCode}${qualified.completing ? ', the rest is on its way' : ''}.`);
  const rest = await until('the leftover tasks cancelled', async () => {
    const tasks = await tasksOf(ida, org.orgId);
    const cancelled = tasks.filter(({ status }) => status === 'CANCELLED');
    return cancelled.length === 6 ? tasks : undefined;
  });
  expect(rest.some(({ taskId, status }) => taskId === callBack.taskId && status === 'OPEN'), 'the next step to stay');
  say('Its six tasks are cancelled, the call-back stays with Ida.');

  scene('6 · Sales takes over');
  const lead = await openCase(otto, org.orgId, 'WORK_LEAD');
  await otto.post(`/cases/${lead.caseId}/claim`, {});
  await stageIs(otto, org.orgId, 'SALES_ACCEPTED');
  say(`Otto claimed "${lead.title}"; the company is SALES_ACCEPTED.`);

  await tellHandOver(otto, olga, lead.caseId);
  await tellRules(ida);
  await tellSimulation(await connect(url, 'root'));

  scene('15 · All of the first company on one timeline, newest first');
  const timeline = await until('a complete timeline', async () => {
    const { items } = await ida.get<Page<Entry>>(`/orgs/${org.orgId}/timeline?pageSize=200`);
    return items.some(({ title }) => title.de.startsWith('Fall geschlossen: Lead')) ? items : undefined;
  });
  for (const entry of timeline) {
    const { template, version, rule } = entry.cause ?? {};
    const why = template ? `  (${template} v${version}${rule ? ` · ${rule}` : ''})` : '';
    say(`  ${berlin(entry.at)}  ${entry.kind.padEnd(8)} ${entry.title.de}${why}  · ${entry.actor}`);
  }

  scene('16 · And what left for other systems, as GET /events streamed it');
  const left = await until('all events', async () => {
    const ofOrg = heard.events.filter(({ subject }) => subject === org.orgId);
    return ofOrg.filter(({ type }) => type.endsWith('CaseClosed')).length >= 2 ? ofOrg : undefined;
  });
  const counts = new Map<string, number>();
  for (const { type } of left) counts.set(shortName(type), (counts.get(shortName(type)) ?? 0) + 1);
  for (const [type, times] of counts) say(`  ${String(times).padStart(3)} × ${type}`);
  heard.stop();
}

function shortName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

try {
  await tell();
  console.log(`\nEverything happened as it should, at ${url}.`);
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
