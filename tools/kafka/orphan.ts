import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataFolder } from './data-folder.ts';
import { KafkaError } from './kafka-error.ts';

/**
 * Stops a server that a killed parent left behind on this data folder: Kafka locks its folder, and a second one would
 * refuse to start. The caller must be the only one who starts servers on the folder.
 */
export async function stopOrphan(folder: DataFolder): Promise<void> {
  if (!existsSync(folder.pidFile)) return;
  const pid = Number(readFileSync(folder.pidFile, 'utf8'));
  const lives = () => isServerOf(pid, folder);
  // in good order, then the hard way: the log recovers from both
  for (const [signal, patienceMs] of [
    ['SIGTERM', 10_000],
    ['SIGKILL', 3_000],
  ] as const) {
    if (!lives()) break;
    signalTo(pid, signal);
    for (let waited = 0; waited < patienceMs && lives(); waited += 20) await sleep(20);
  }
  if (lives()) throw new KafkaError(`Kafka (process ${pid}) still runs on ${folder.path} and does not stop.`);
  rmSync(folder.pidFile, { force: true });
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A zombie is no server; neither is another program that got the same number. */
function isServerOf(pid: number, folder: DataFolder): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
      return state !== 'Z' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder.properties);
    }
    const line = execFileSync('ps', ['-o', 'stat=,command=', '-p', String(pid)], { encoding: 'utf8' });
    return !line.trimStart().startsWith('Z') && line.includes(folder.properties);
  } catch {
    return false; // no such process
  }
}
