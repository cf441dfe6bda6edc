import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineOutput } from './standard-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'tom-output-'));
const script = join(folder, 'write.cjs');
const LINES = 20_000;

beforeAll(async () => {
  const contents = `
    import { standardOutput } from './standard-output.ts';
    const output = standardOutput();
    process.on('exit', () => output.flush());
    for (let line = 0; line < ${LINES}; line += 1) output.write('line ' + line + ' ß\\n');
    if (process.env.KEEP_ON) setInterval(() => output.write('more\\n'), 5);
    if (process.env.EXIT) process.exit(7);
  `;
  await build({
    stdin: { contents, loader: 'ts', resolveDir: import.meta.dirname },
    outfile: script,
    bundle: true,
    platform: 'node',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const expected = Array.from({ length: LINES }, (_, line) => `line ${line} ß\n`).join('');

function run(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [script], { env: { ...process.env, ...environment } });
  const code = new Promise((resolve) => child.on('exit', resolve));
  return { child, code };
}

async function read(child: ReturnType<typeof run>['child'], pauseMs = 0): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) {
    chunks.push(chunk as Buffer);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return Buffer.concat(chunks).toString();
}

describe('the standard output', () => {
  it('carries every line in order, also when the process exits at once', async () => {
    for (const environment of [{}, { EXIT: '1' }]) {
      const { child, code } = run(environment);
      expect(await read(child)).toBe(expected);
      expect(await code).toBe('EXIT' in environment ? 7 : 0);
    }
  });

  it('waits for a slow reader while the process lives', async () => {
    const { child } = run({});
    expect(await read(child, 20)).toBe(expected);
  });

  it('does not keep a process from its exit when the reader is gone', async () => {
    const { child, code } = run({ EXIT: '1' });
    child.stdout.destroy();
    expect(await code).toBe(7);
  });

  it('does not harm a living process when the reader goes away', async () => {
    const { child, code } = run({ KEEP_ON: '1' });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdout.destroy();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await code;
  });
});

describe('lineOutput', () => {
  it('writes the lines of one turn of the event loop together, after it', async () => {
    const file = join(folder, 'out.log');
    const fd = openSync(file, 'w');
    const output = lineOutput(fd);
    output.write('a\n');
    output.write('b\n');
    expect(readFileSync(file, 'utf8')).toBe('');
    await new Promise((resolve) => setImmediate(resolve));
    expect(readFileSync(file, 'utf8')).toBe('a\nb\n');
    output.write('c\n');
    output.flush();
    expect(readFileSync(file, 'utf8')).toBe('a\nb\nc\n');
    closeSync(fd);
  });
});
