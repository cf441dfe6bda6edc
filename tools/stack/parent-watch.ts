import { parentOf } from './process-identity.ts';

const POLL_MS = 1_000;

/**
 * Calls back once when the process that started us is gone. npm puts a shell between us and itself; the shell outlives
 * a killed npm, so then npm is watched too.
 */
export function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const npm = process.env.npm_lifecycle_event ? parentOf(parent) : undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || parentOf(parent) === npm)) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
}
