import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import type { Stack } from '../stack/index.ts';
import { EVENTS_A_COMPANY, historyOf, INSERT_OBSERVED } from './made-history.ts';

const EVENTS = 100_000;
const BATCH = 200;
const template = resolve(import.meta.dirname, '../../config/workflows/qualify_company.yaml');

/** Events a second of a simulation over the made history, through the whole system; the rest of it is asked meanwhile. */
export async function simulation(stack: Stack): Promise<{ readonly perSecond: number; readonly seconds: number; readonly slowestMs: number }> {
  await fill(stack.postgres.url('workflow_db'));
  const headers = { authorization: `Bearer ${await stack.token('root')}`, 'content-type': 'application/json' };
  const changed = readFileSync(template, 'utf8').replace('version: 2', 'version: 3').replace('event.calls_in_row == 3', 'event.calls_in_row == 2');
  const began = performance.now();
  let over = false;
  const asking = askMeanwhile(stack, headers.authorization, () => over);
  const response = await fetch(`${stack.url}/api/v1/workflows/simulate`, { method: 'POST', headers, body: JSON.stringify({ template: changed }) });
  const result = (await response.json()) as { events: number; changedOrgs: number };
  const seconds = (performance.now() - began) / 1000;
  over = true;
  const slowestMs = await asking;
  if (response.status !== 200 || result.events < EVENTS || result.changedOrgs === 0) {
    throw new Error(`The simulation answered ${response.status}: ${JSON.stringify(result).slice(0, 500)}`);
  }
  return { perSecond: result.events / seconds, seconds, slowestMs };
}

async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const from = new Date(Date.now() - 380 * 86_400_000);
    for (let n = 0; n < EVENTS / EVENTS_A_COMPANY; n += BATCH) {
      const rows = Array.from({ length: BATCH }, (_, index) => historyOf(n + index, from)).flat();
      await client.query(INSERT_OBSERVED, [JSON.stringify(rows)]);
    }
    await client.query('analyze observed_event');
  } finally {
    await client.end();
  }
}

/** The slowest answer that the same service gave while it simulated. */
async function askMeanwhile(stack: Stack, authorization: string, over: () => boolean): Promise<number> {
  let slowest = 0;
  while (!over()) {
    const began = performance.now();
    await (await fetch(`${stack.url}/api/v1/workflows`, { headers: { authorization } })).arrayBuffer();
    slowest = Math.max(slowest, performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return slowest;
}
