import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresError } from './postgres-error.ts';

/**
 * Stops a server that a killed parent left behind on this data folder, and removes a `postmaster.pid` that would keep
 * the next one from starting: that of a zombie, or of a number that the system has given to another program since.
 * The caller must be the only one who starts servers on the folder.
 */
export async function stopOrphan(dataDir: string): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  if (isServerOf(pid, dataDir)) {
    // fast shutdown, then an immediate one, then the hard way: the write-ahead log makes all of them safe
    for (const [signal, patienceMs] of [
      ['SIGINT', 8_000],
      ['SIGQUIT', 3_000],
      ['SIGKILL', 2_000],
    ] as const) {
      signalTo(pid, signal);
      if (await gone(() => isServerOf(pid, dataDir), patienceMs)) break;
    }
    if (isServerOf(pid, dataDir))
      throw new PostgresError(`Postgres (process ${pid}) still runs on ${dataDir} and does not stop.`);
  }
  rmSync(lockFile, { force: true });
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function gone(stillThere: () => boolean, patienceMs: number): Promise<boolean> {
  for (let waited = 0; waited < patienceMs; waited += 20) {
    if (!stillThere()) return true;
    await sleep(20);
  }
  return !stillThere();
}

/** A zombie is no server; neither is another program that got the same number. */
function isServerOf(pid: number, dataDir: string): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
      return state !== 'Z' && stat.includes('(postgres)') && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
    }
    const line = execFileSync('ps', ['-o', 'stat=,command=', '-p', String(pid)], { encoding: 'utf8' });
    return !line.trimStart().startsWith('Z') && line.includes('postgres') && line.includes(dataDir);
  } catch {
    return false; // no such process
  }
}
