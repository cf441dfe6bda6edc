import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStack } from '../stack/index.ts';
import { closedLoop, makeCompanies, percentile } from './load.ts';
import { cpuMsOf } from './processes.ts';
import { rows } from './rows.ts';
import { sharesOf } from './shares.ts';

const ORGS = 100;
const WARM_UP = 500;
const DRAIN_MS = 60_000;

/** A template of one rule that looks at every activity of a company and acts at none of the load's. */
const template = (n: number) => `
key: bench_${n}
version: 1
description: Sieht jede Aktivität an.
org_kinds: qualified
rules:
  - key: looks
    on: ActivityLogged
    condition: event.activity_type == 'CALL' && has(event.outcome_code) && event.outcome_code == 'WRONG_NUMBER' && org.current_stage != 'ARCHIVED'
    do: [{ create_task: { type: GENERAL, title: Nummer prüfen, queue: SALES_OPS, role: ops, due_in_working_days: 1, priority: LOW } }]
`;

/** What rules cost with so many templates: CPU of workflow-service and of its database, and from event to judgement. */
export async function benchRules(templates: number, activities: number, transport: 'postgres' | 'kafka'): Promise<void> {
  const configDir = mkdtempSync(join(tmpdir(), 'tom-bench-'));
  cpSync(fileURLToPath(new URL('../../config', import.meta.url)), configDir, { recursive: true });
  for (let n = 1; n <= templates; n += 1) writeFileSync(join(configDir, 'workflows', `bench_${n}.yaml`), template(n));
  try {
    const stack = await startStack({ demoData: false, transport, environment: { RATE_LIMIT_PER_MINUTE: '0', CONFIG_DIR: configDir } });
    try {
      const headers = { authorization: `Bearer ${await stack.token('ida')}` };
      const orgs = await makeCompanies(stack.url, headers, ORGS);
      const target = { url: stack.url, path: (n: number) => `/api/v1/orgs/${orgs[n % ORGS]}/activities`, headers };
      const database = stack.postgres.url('workflow_db');
      let sent = 0;
      const judged = async (count: number) => {
        await closedLoop(target, 16, count);
        sent += count;
        const end = Date.now() + DRAIN_MS;
        const looked = async () => (await rows<{ n: number }>(database, `select count(*)::int as n from rule_evaluation where rule = 'looks'`))[0]?.n ?? 0;
        while ((await looked()) < sent * templates) {
          if (Date.now() > end) throw new Error(`not all activities were judged within ${DRAIN_MS / 1000} s`);
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      };
      await judged(WARM_UP);
      const pids = Object.values(stack.processes()).filter((pid) => pid !== undefined);
      const before = await sharesOf(stack);
      const allBefore = cpuMsOf(pids);
      await judged(activities);
      const after = await sharesOf(stack);
      const each = (name: string) => ((after.get(name) ?? 0) - (before.get(name) ?? 0)) / activities;
      const waits = await rows<{ ms: number }>(database, `select extract(epoch from l.evaluated_at - e.occurred_at)::float8 * 1000 as ms
        from (select distinct event_id, evaluated_at from rule_evaluation where rule = 'looks') as l join observed_event as e using (event_id)
        order by l.evaluated_at desc limit ${activities}`);
      const spread = [0.5, 0.99].map((p) => percentile(waits.map(({ ms }) => ms), p).toFixed(0)).join(', ');
      console.log(
        `rules       ${String(templates).padStart(3)} templates: workflow-service ${each('workflow-service').toFixed(2)} ms, its database ` +
          `${each('workflow_db').toFixed(2)} ms of CPU per activity; all ${((cpuMsOf(pids) - allBefore) / activities).toFixed(2)} ms; event→judged p50, p99 ${spread} ms`,
      );
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(configDir, { recursive: true, force: true });
  }
}
