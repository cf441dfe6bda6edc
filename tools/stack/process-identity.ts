import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process and when it began: the number alone is given to another process sooner or later. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** The identity of a living process; undefined when there is none with this number, or only its remains. */
export function identify(pid: number): ProcessIdentity | undefined {
  const found = inspect(pid);
  return found && { pid, startedAt: found.startedAt };
}

/** The parent of a living process. */
export function parentOf(pid: number): number | undefined {
  return inspect(pid)?.ppid;
}

function inspect(pid: number): { ppid: number; startedAt: string } | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // the name in brackets may hold anything, so the fields are counted from behind it: state is the third of all
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : { ppid: Number(fields[1]), startedAt: fields[19] ?? '' };
    }
    const line = execFileSync('ps', ['-o', 'stat=,ppid=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [state = '', ppid, ...startedAt] = line.split(/\s+/);
    return state.startsWith('Z') ? undefined : { ppid: Number(ppid), startedAt: startedAt.join(' ') };
  } catch {
    return undefined;
  }
}
