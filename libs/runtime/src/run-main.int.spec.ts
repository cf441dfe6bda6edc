import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

/** A process that does what its MODE says. */
const MAIN = `
  import { defineConfig, loadConfig } from './config.ts';
  import { createLogger } from './logger.ts';
  import { parsers } from './parsers.ts';
  import { runMain } from './run-main.ts';
  import { StartError } from './start-error.ts';
  const definition = defineConfig({
    url: { meaning: 'a database', env: 'DATABASE_URL', parse: parsers.postgresUrl, secret: true },
    level: { meaning: 'how much is logged', env: 'LOG_LEVEL', parse: parsers.logLevel },
  });
  const later = (ms, work) => setTimeout(work, ms);
  void runMain(async (environment, signal) => {
    const mode = environment.MODE;
    if (mode === 'config') loadConfig(definition, {});
    if (mode === 'start error') throw new StartError('Cannot listen on 127.0.0.1:1: the port is in use.');
    if (mode === 'start fault') throw new TypeError('broken');
    const logger = createLogger({ service: 'test' });
    setInterval(() => undefined, 1000);
    console.log('starting');
    if (mode === 'starting') {
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    }
    if (mode === 'fault') later(20, () => { throw new Error('thrown later'); });
    if (mode === 'rejection') later(20, () => void Promise.reject(new Error('nobody caught it')));
    console.log('started');
    return {
      async stop() {
        if (mode === 'stop fails') throw new Error('cannot stop');
        await new Promise((resolve) => later(mode === 'slow' ? 300 : 0, resolve));
        for (let line = 0; line < 500; line += 1) logger.info({ line }, 'stopped');
      },
    };
  });
`;

const folder = mkdtempSync(join(tmpdir(), 'tom-run-main-'));
const script = join(folder, 'main.cjs');
const started: ChildProcess[] = [];

beforeAll(async () => {
  await build({
    stdin: { contents: MAIN, loader: 'ts', resolveDir: import.meta.dirname },
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    conditions: ['@tom/source'],
  });
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(mode: string, environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [script], { env: { ...process.env, MODE: mode, ...environment } });
  started.push(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (err += String(text)));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
  const says = (text: string) => expect.poll(() => out, { timeout: 10_000 }).toContain(text);
  return { child, ended, says };
}

describe('runMain', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'stops the app on %s and exits 0, with all that was logged',
    async (signal) => {
      const { child, ended, says } = run('normal');
      await says('started');
      child.kill(signal);
      const { code, out, err } = await ended;
      expect([code, err]).toEqual([0, '']);
      expect(out.match(/"msg":"stopped"/g)).toHaveLength(500);
    },
  );

  it('is not hurried by further signals', async () => {
    const { child, ended, says } = run('slow');
    await says('started');
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGTERM'), 50);
    setTimeout(() => child.kill('SIGINT'), 100);
    const { code, out } = await ended;
    expect(code).toBe(0);
    expect(out).toContain('"msg":"stopped"');
  });

  it('can be ended in the middle of its start, which is no failure', async () => {
    const { child, ended, says } = run('starting');
    await says('starting');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, err: '', out: 'starting\n' });
  });

  it('exits 2 when settings cannot be used, and names them all', async () => {
    const { code, err } = await run('config').ended;
    expect(code).toBe(2);
    expect(err).toBe(
      '2 settings cannot be used:\n' +
        '  DATABASE_URL (a database) is missing; DATABASE_URL_FILE may name a file\n' +
        '  LOG_LEVEL (how much is logged) is missing\n',
    );
  });

  it('exits 1 with one line when it cannot start', async () => {
    const { code, err } = await run('start error').ended;
    expect([code, err]).toEqual([1, 'Cannot listen on 127.0.0.1:1: the port is in use.\n']);
  });

  it('shows where a fault happened', async () => {
    const { code, err } = await run('start fault').ended;
    expect(code).toBe(1);
    expect(err).toMatch(/^TypeError: broken\n\s+at /);
  });

  it.each([
    ['fault', 'thrown later'],
    ['rejection', 'nobody caught it'],
  ])('stops the app and exits 1 after a %s that nobody caught', async (mode, message) => {
    const { code, err, out } = await run(mode).ended;
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(out).toContain('"msg":"stopped"');
  });

  it('exits 1 when the app fails to stop', async () => {
    const { child, ended, says } = run('stop fails');
    await says('started');
    child.kill('SIGTERM');
    const { code, err } = await ended;
    expect(code).toBe(1);
    expect(err).toContain('cannot stop');
  });
});

describe('the watch over the parent', () => {
  it('ends the process when the pipe to it closes', async () => {
    const { child, ended, says } = run('normal', { TOM_PARENT_WATCH: '1' });
    await says('started');
    child.stdin.end();
    expect(await ended).toMatchObject({ code: 0, err: '' });
  });

  it('ends the process when its parent was killed, without any pipe between them', async () => {
    const parent = spawn(process.execPath, [
      '-e',
      `const { spawn } = require('node:child_process');
       const env = { ...process.env, MODE: 'normal', TOM_PARENT_WATCH: '1' };
       const child = spawn(process.execPath, [${JSON.stringify(script)}], { env, stdio: ['ignore', 'pipe', 'ignore'] });
       child.stdout.once('data', () => console.log(child.pid));`,
    ]);
    started.push(parent);
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });

  it('does not take a closed standard input for the end when nobody asked for it', async () => {
    const { child, ended, says } = run('normal');
    child.stdin.end();
    await says('started');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
