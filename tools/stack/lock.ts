import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { identify, type ProcessIdentity } from './process-identity.ts';
import { StackError } from './stack-error.ts';

const ATTEMPTS = 10;

/**
 * Takes the folder for this process; throws a StackError when a living process has it. The lock of a process that was
 * killed is taken over. Returns the release.
 */
export function lockFolder(folder: string): () => void {
  const file = `${folder}/lock`;
  const me = JSON.stringify(identify(process.pid));
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (create(file, me)) return () => release(file, me);
    const holder = livingHolder(file);
    if (holder)
      throw new StackError(`The data folder ${folder} is in use by a running system (process ${holder.pid}).`);
    removeStale(file);
  }
  throw new StackError(`The data folder ${folder} cannot be locked: ${file} keeps coming back.`);
}

function create(file: string, content: string): boolean {
  // linked into place complete: nobody ever reads a lock that is still being written
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function livingHolder(file: string): ProcessIdentity | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
    return identify(holder.pid)?.startedAt === holder.startedAt ? holder : undefined;
  } catch {
    return undefined; // gone meanwhile, or damaged: no process wrote it that way and still holds it
  }
}

/** Two may find the same stale lock: what was moved aside is looked at again, and a living one is put back. */
function removeStale(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    if (livingHolder(aside)) linkSync(aside, file);
  } catch {
    // another one was quicker
  } finally {
    rmSync(aside, { force: true });
  }
}

function release(file: string, content: string): void {
  try {
    if (readFileSync(file, 'utf8') === content) rmSync(file);
  } catch {
    // the folder is gone, and the lock with it
  }
}
