// The whole system against a baseline on the same Postgres in the same run. Ratios count; single times depend on the machine.
// `--quick` is a short run, `--connections 16` leaves out the other loads, `--transport kafka` has Kafka as the log (its
// CPU counts), `--simulation` measures only the simulation of a changed template over 100,000 events, `--rules` rules with
// 1, 10 and 100 templates (or `--templates 100`), `--companies` the whole start of a qualification, by process; these
// without the baseline.
import { parseArgs } from 'node:util';
import { startStack, type Stack } from '../stack/index.ts';
import { startBaseline, type Baseline } from './baseline.ts';
import { type Acknowledged, closedLoop, makeCompanies, openLoop, percentile, type Target } from './load.ts';
import { cpuMsOf, residentMiB } from './processes.ts';
import { rows } from './rows.ts';
import { benchRules } from './rules.ts';
import { shareLine, sharesOf } from './shares.ts';
import { simulation } from './simulation.ts';

const ORGS = 200;
const DRAIN_MS = 60_000;
const { quick, connections: only, transport, rules, templates, companies: companiesOnly, simulation: simulationOnly } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    connections: { type: 'string' },
    transport: { type: 'string', default: 'postgres' },
    simulation: { type: 'boolean', default: false },
    rules: { type: 'boolean', default: false },
    templates: { type: 'string', default: '1,10,100' },
    companies: { type: 'boolean', default: false },
  },
}).values;
if (transport !== 'postgres' && transport !== 'kafka') {
  console.error(`--transport is ${transport}: expected postgres or kafka`);
  process.exit(2);
}
const CLOSED = [
  { connections: 1, count: quick ? 500 : 1_000 },
  { connections: 16, count: quick ? 4_000 : 8_000 },
  { connections: 64, count: 8_000 },
].filter(({ connections }) => (only ? connections === Number(only) : !quick || connections === 16));
const OPEN = quick || only ? [] : [{ perSecond: 200, seconds: 10 }, { perSecond: 600, seconds: 10 }];
const COMPANIES = quick ? 200 : 1_000;

interface Subject {
  readonly name: string;
  readonly target: Target;
  /** Its own processes and Postgres. */
  pids(): readonly number[];
  /** When the task of each activity was made, UTC ms. */
  tasks(): Promise<Map<string, number>>;
}

interface Figures {
  readonly perSecond: number;
  readonly post: readonly [number, number, number];
  readonly task: readonly [number, number, number];
  readonly cpuMs: number;
}

async function eventually<T>(what: string, ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const end = Date.now() + DRAIN_MS;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`${what} did not come within ${DRAIN_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function measure(subject: Subject, load: () => Promise<Acknowledged[]>): Promise<Figures> {
  const before = cpuMsOf(subject.pids());
  const began = performance.now();
  const done = await load();
  const seconds = (performance.now() - began) / 1000;
  const made = await eventually('all tasks', subject.tasks, (tasks) => done.every(({ activityId }) => tasks.has(activityId)));
  // What follows the task (links, projections) is part of the price.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const cpuMs = (cpuMsOf(subject.pids()) - before) / done.length;
  const sentToTask = done.map(({ activityId, sentAt }) => (made.get(activityId) ?? Number.NaN) - sentAt);
  const spread = (values: readonly number[]) => [percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)] as const;
  return { perSecond: done.length / seconds, post: spread(done.map(({ tookMs }) => tookMs)), task: spread(sentToTask), cpuMs };
}

const number = (value: number, digits = 1) => value.toFixed(digits).padStart(8);

function print(title: string, system: Figures, baseline: Figures): void {
  const line = (name: string, { perSecond, post, task, cpuMs }: Figures) =>
    console.log(`  ${name.padEnd(9)}${number(perSecond, 0)}/s   POST ${post.map((v) => number(v)).join('')}   sent→task ${task.map((v) => number(v)).join('')}   CPU ${number(cpuMs, 2)} ms`);
  console.log(`\n${title}   (p50, p99, max in ms)`);
  line('TOM Flow', system);
  line('baseline', baseline);
  console.log(
    `  ratio     activities/s ${(system.perSecond / baseline.perSecond).toFixed(2)}   POST p99 ${(system.post[1] / baseline.post[1]).toFixed(2)}` +
      `   sent→task p99 ${(system.task[1] / baseline.task[1]).toFixed(2)}   CPU ${(system.cpuMs / baseline.cpuMs).toFixed(2)}`,
  );
}

async function subjects(stack: Stack, baseline: Baseline): Promise<{ system: Subject; base: Subject }> {
  const token = await stack.token('ida');
  const headers = { authorization: `Bearer ${token}` };
  const orgs = await makeCompanies(stack.url, headers, ORGS);
  const postgres = () => stack.processes().postgres ?? 0;
  const own = () => Object.values(stack.processes()).filter((pid) => pid !== undefined);
  const taskDb = stack.postgres.url('task_db');
  const mapped = async (url: string, text: string) =>
    new Map((await rows<{ id: string; at: Date }>(url, text)).map(({ id, at }) => [id, at.getTime()]));
  return {
    system: {
      name: 'TOM Flow',
      target: { url: stack.url, path: (n) => `/api/v1/orgs/${orgs[n % ORGS]}/activities`, headers },
      pids: own,
      tasks: () =>
        mapped(taskDb, `select t.source_activity_id as id, h.occurred_at as at from task t
          join task_history h on h.aggregate_id = t.task_id and h.revision = 1 where t.task_type = 'CALL_BACK'`),
    },
    base: {
      name: 'baseline',
      target: { url: baseline.url, path: (n) => `/orgs/${orgs[n % ORGS]}/activities`, headers: {} },
      pids: () => [...baseline.pids, postgres()],
      tasks: () => mapped(baseline.databaseUrl, 'select activity_id as id, created_at as at from task'),
    },
  };
}

/** Company → case, six tasks and the stage: how many a second, and what one costs. */
async function companies(stack: Stack): Promise<void> {
  const token = await stack.token('ida');
  const count = async (database: string, text: string) => (await rows<{ n: number }>(stack.postgres.url(database), text))[0]?.n ?? 0;
  const moved = () => count('stage_db', `select count(*)::int as n from org where current_stage = 'QUALIFYING'`);
  const tasks = () => count('task_db', `select count(*)::int as n from task where origin = 'TEMPLATE'`);
  const [movedBefore, tasksBefore] = [await moved(), await tasks()];
  const before = await sharesOf(stack);
  const began = performance.now();
  let next = 0;
  const create = async () => {
    while (next < COMPANIES) {
      const n = (next += 1);
      const response = await fetch(`${stack.url}/api/v1/orgs`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: `Interessent ${n}` }),
      });
      if (response.status !== 201) throw new Error(`POST /orgs answered ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 16 }, create));
  await eventually('all stages', moved, (n) => n - movedBefore >= COMPANIES);
  await eventually('all tasks', tasks, (n) => n - tasksBefore >= COMPANIES * 6);
  const perSecond = COMPANIES / ((performance.now() - began) / 1000);
  // What follows (timeline, projections) is part of the price.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const after = await sharesOf(stack);
  const total = (shares: ReadonlyMap<string, number>) => [...shares.values()].reduce((sum, ms) => sum + ms, 0);
  console.log(`companies   ${perSecond.toFixed(0)}/s to case, six tasks and stage; CPU per company ${((total(after) - total(before)) / COMPANIES).toFixed(2)} ms`);
  console.log(`            ${shareLine(before, after, COMPANIES)}`);
}

async function measureSimulation(): Promise<void> {
  console.log('starting the system …');
  const stack = await startStack({ demoData: false, note: (line) => console.log(`  ${line}`), environment: { RATE_LIMIT_PER_MINUTE: '0' } });
  try {
    const { perSecond, seconds, slowestMs } = await simulation(stack);
    console.log(`simulation  ${perSecond.toFixed(0)} events/s, ${seconds.toFixed(1)} s; slowest answer of the service meanwhile ${slowestMs.toFixed(0)} ms`);
  } finally {
    await stack.stop();
  }
}

async function main(system: 'postgres' | 'kafka'): Promise<void> {
  const note = (line: string) => console.log(`  ${line}`);
  console.log('starting the system and the baseline …');
  const began = performance.now();
  const stack = await startStack({ demoData: false, note, transport: system, environment: { RATE_LIMIT_PER_MINUTE: '0' } });
  console.log(`ready after ${((performance.now() - began) / 1000).toFixed(1)} s (fresh data folder)`);
  try {
    const baseline = await startBaseline(stack.postgres.adminUrl);
    try {
      const { system: ours, base } = await subjects(stack, baseline);
      await closedLoop(ours.target, 16, 1_000);
      await closedLoop(base.target, 16, 1_000);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      for (const { connections, count } of CLOSED) {
        const ofSystem = await measure(ours, () => closedLoop(ours.target, connections, count));
        const ofBaseline = await measure(base, () => closedLoop(base.target, connections, count));
        print(`closed loop, ${connections} connections, ${count} activities`, ofSystem, ofBaseline);
      }
      for (const { perSecond, seconds } of OPEN) {
        const ofSystem = await measure(ours, () => openLoop(ours.target, perSecond, seconds));
        const ofBaseline = await measure(base, () => openLoop(base.target, perSecond, seconds));
        print(`open loop, ${perSecond}/s for ${seconds} s`, ofSystem, ofBaseline);
      }
      console.log(`\nmemory      TOM Flow ${residentMiB(ours.pids())} MiB (with Postgres' first process), baseline ${residentMiB(baseline.pids)} MiB`);
    } finally {
      await baseline.stop();
    }
    await companies(stack);
    // Vacuum and checkpoint tidy up after the load for a while.
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    const pids = Object.values(stack.processes()).filter((pid) => pid !== undefined);
    const idleBefore = cpuMsOf(pids);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    console.log(`idle        ${((cpuMsOf(pids) - idleBefore) / 100).toFixed(1)} % of a core`);
  } finally {
    await stack.stop();
  }
}

async function companiesAlone(system: 'postgres' | 'kafka'): Promise<void> {
  const stack = await startStack({ demoData: false, transport: system, environment: { RATE_LIMIT_PER_MINUTE: '0' } });
  try {
    // The first meets cold code, the second is how it goes on.
    await companies(stack);
    await companies(stack);
  } finally {
    await stack.stop();
  }
}

if (simulationOnly) await measureSimulation();
if (rules) for (const count of templates.split(',')) await benchRules(Number(count), quick ? 1_000 : 3_000, transport);
if (companiesOnly) await companiesAlone(transport);
if (!rules && !companiesOnly && !simulationOnly) await main(transport);
