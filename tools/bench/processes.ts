import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    // state ppid … utime stime cutime cstime: those of children that ended are counted with their parent.
    const ticks = (fields[11] ?? 0) + (fields[12] ?? 0) + (fields[13] ?? 0) + (fields[14] ?? 0);
    return { pid, parent: fields[1] ?? 0, cpuMs: (ticks * 1000) / TICKS_PER_SECOND };
  } catch {
    return undefined;
  }
}

function withChildren(pids: readonly number[]): Stat[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => statOf(Number(name)) ?? []);
  const wanted = new Set(pids);
  for (let size = -1; size !== wanted.size; ) {
    size = wanted.size;
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid);
  }
  return all.filter(({ pid }) => wanted.has(pid));
}

/** CPU milliseconds that these processes and all below them have used so far. Linux only. */
export function cpuMsOf(pids: readonly number[]): number {
  return withChildren(pids).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Resident memory in MiB of these processes alone. */
export function residentMiB(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids) {
    const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    kilobytes += Number(match?.[1] ?? 0);
  }
  return Math.round(kilobytes / 1024);
}
