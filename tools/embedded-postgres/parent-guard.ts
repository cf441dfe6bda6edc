import { spawn, type ChildProcess } from 'node:child_process';

/**
 * For a server that does not notice when its parent is killed. A shell waits on a pipe that only this process holds: the
 * pipe closes when this process ends, however it ends, and the shell then sends the server the signal that stops it, and
 * removes the folder, if one is named, once it has ended.
 */
export function guardOf(pid: number, signal: 'INT' | 'TERM', removeWithParent: string): ChildProcess {
  const script = [
    'read -r _',
    `kill -${signal} ${pid}`,
    ...(removeWithParent ? [`while kill -0 ${pid} 2>/dev/null; do sleep 0.1; done`, 'rm -rf "$1"'] : []),
  ].join('; ');
  const guard = spawn('/bin/sh', ['-c', script, 'sh', removeWithParent], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  return guard;
}
