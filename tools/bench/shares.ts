import type { Stack } from '../stack/index.ts';
import { cpuMsOf } from './processes.ts';
import { rows } from './rows.ts';

/** CPU milliseconds used so far, by process and, for Postgres, by database; what is neither is `postgres`. */
export type Shares = ReadonlyMap<string, number>;

export async function sharesOf(stack: Stack): Promise<Shares> {
  const shares = new Map<string, number>();
  const { postgres = 0, ...others } = stack.processes();
  for (const [name, pid] of Object.entries(others)) if (pid !== undefined) shares.set(name, cpuMsOf([pid]));
  const backends = await rows<{ pid: number; name: string | null }>(stack.postgres.adminUrl, 'select pid, datname as name from pg_stat_activity where pid <> pg_backend_pid()');
  let named = 0;
  for (const { pid, name } of backends) {
    if (name === null) continue;
    const used = cpuMsOf([pid]);
    named += used;
    shares.set(name, (shares.get(name) ?? 0) + used);
  }
  shares.set('postgres', cpuMsOf([postgres]) - named);
  return shares;
}

/** `stage-service 1.20 · workflow_db 0.80 …`: what each used since `before`, per item in ms, the dearest first. */
export function shareLine(before: Shares, after: Shares, items: number): string {
  const used = [...after].map(([name, ms]) => [name, (ms - (before.get(name) ?? 0)) / items] as const);
  return used
    .filter(([, ms]) => ms >= 0.01)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, ms]) => `${name} ${ms.toFixed(2)}`)
    .join(' · ');
}
