import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../embedded-postgres/index.ts';
import { launchApp } from './app-process.ts';
import { keepRunning, type Kept } from './keep-running.ts';
import { identify } from './process-identity.ts';

describe('a process that is kept running', () => {
  let folder: string;
  let port: number;
  let notes: string[];
  let kept: Kept | undefined;
  const logFile = () => join(folder, 'app.log');

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tom-keep-running-'));
    port = await freePort();
    notes = [];
  });
  afterEach(async () => {
    await kept?.stop();
    kept = undefined;
    rmSync(folder, { recursive: true });
  });

  const launch =
    (environment: Record<string, string> = {}) =>
    () =>
      launchApp({
        script: join(import.meta.dirname, 'testing/answering-app.mjs'),
        environment: { APP_PORT: String(port), ...environment },
        readyUrl: `http://127.0.0.1:${port}/readyz`,
        logFile: logFile(),
      });
  const start = async (environment?: Record<string, string>) => {
    kept = await keepRunning({
      name: 'app',
      launch: launch(environment),
      note: (line) => notes.push(line),
      startTimeoutMs: 2_000,
      firstDelayMs: 20,
    });
    return kept;
  };
  const pidOf = (app: Kept) => app.pid() ?? Number.NaN;

  it('does its work when the start resolves', async () => {
    await start({ APP_WORD: 'here' });
    expect(await (await fetch(`http://127.0.0.1:${port}/readyz`)).text()).toBe('here');
  });

  it('is started again when it is killed, and says so', async () => {
    const app = await start();
    const before = pidOf(app);
    await app.kill();
    await app.ready(5_000);
    expect(pidOf(app)).not.toBe(before);
    expect(notes).toEqual([
      'app ended (SIGKILL); it is started again in 0.02 s',
      `app runs again (process ${pidOf(app)})`,
    ]);
  });

  it('is started again when it ends by itself', async () => {
    const app = await start();
    await fetch(`http://127.0.0.1:${port}/fail`).catch(() => undefined);
    await expect.poll(() => notes.length, { timeout: 5_000 }).toBe(2);
    expect(notes[0]).toBe('app ended (exit code 3); it is started again in 0.02 s');
    expect(notes[1]).toBe(`app runs again (process ${pidOf(app)})`);
  });

  it('waits longer each time when it does not recover', async () => {
    const app = await start();
    for (let round = 0; round < 4; round += 1) {
      await app.kill();
      await app.ready(5_000);
    }
    const delays = notes.map((line) => /again in ([\d.]+) s/.exec(line)?.[1]).filter(Boolean);
    expect(delays).toEqual(['0.02', '0.04', '0.08', '0.16']);
  });

  it('restarts on request without a delay', async () => {
    const app = await start();
    const before = pidOf(app);
    await app.restart();
    expect(pidOf(app)).not.toBe(before);
    expect(notes).toEqual([`app runs again (process ${pidOf(app)})`]);
  });

  it('refuses the start with the words of a process that ends, and leaves nothing running', async () => {
    await expect(start({ APP_FAILS: 'config/stages.yaml:3:5: unknown stage' })).rejects.toThrow(
      /^app does not start: config\/stages\.yaml:3:5: unknown stage$/,
    );
    await expect(fetch(`http://127.0.0.1:${port}/readyz`)).rejects.toThrow();
  });

  it('refuses the start when it is not ready in time, and leaves nothing running', async () => {
    await expect(start({ APP_STATUS: '503' })).rejects.toThrow(/^app was not ready within 2 s$/);
    await expect(fetch(`http://127.0.0.1:${port}/readyz`)).rejects.toThrow();
  });

  it('is stopped in between two runs', async () => {
    const app = await start();
    await app.kill();
    await app.stop();
    expect(app.pid()).toBeUndefined();
    await expect(fetch(`http://127.0.0.1:${port}/readyz`)).rejects.toThrow();
  });

  it('ends in good order when it is stopped, and what it said is in its log', async () => {
    const app = await start();
    const pid = pidOf(app);
    await app.stop();
    expect(identify(pid)).toBeUndefined();
    expect(readFileSync(logFile(), 'utf8')).toBe('ends in good order\n');
    expect(notes).toEqual([]);
  });
});
