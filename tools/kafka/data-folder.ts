import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KafkaError } from './kafka-error.ts';

/** The parts of a data folder. */
export interface DataFolder {
  readonly path: string;
  /** Kafka's own files. */
  readonly log: string;
  readonly properties: string;
  readonly pidFile: string;
}

/** Where things are below a data folder. */
export function dataFolderAt(path: string): DataFolder {
  return {
    path,
    log: join(path, 'log'),
    properties: join(path, 'server.properties'),
    pidFile: join(path, 'kafka.pid'),
  };
}

export type ServerSettings = Readonly<Record<string, string>>;

/** Writes the settings of this run, and formats the folder when it is fresh. */
export async function prepareDataFolder(
  folder: DataFolder,
  settings: ServerSettings,
  how: { readonly java: string; readonly jars: string; readonly scramUsers: Readonly<Record<string, string>> },
): Promise<void> {
  mkdirSync(folder.path, { recursive: true });
  writeProperties(folder.properties, { ...settings, 'log.dirs': folder.log });
  if (existsSync(folder.log)) return checkLog(folder);
  // formatted beside its place, so that an interrupted format leaves nothing that looks like a log
  const draft = `${folder.log}.new`;
  const draftProperties = `${folder.properties}.new`;
  rmSync(draft, { recursive: true, force: true });
  writeProperties(draftProperties, { ...settings, 'log.dirs': draft });
  const users = Object.entries(how.scramUsers).flatMap(([name, password]) => [
    '--add-scram',
    `SCRAM-SHA-512=[name=${name},password=${password}]`,
  ]);
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A'); // it would be taken for an option
  const args = ['-cp', join(how.jars, '*'), 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', draftProperties];
  try {
    await run(how.java, [...args, ...users]);
    renameSync(draft, folder.log);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(draftProperties, { force: true });
  }
}

function checkLog(folder: DataFolder): void {
  if (readdirSync(folder.log).includes('meta.properties')) return;
  throw new KafkaError(
    `The data folder ${folder.path} is damaged: log/meta.properties is missing. Restore it from a copy, or move it away to begin with an empty one.`,
  );
}

function writeProperties(file: string, settings: ServerSettings): void {
  const escaped = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${escaped(value)}`);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
}

function run(java: string, args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(java, ['-Xmx128m', '-XX:TieredStopAtLevel=1', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', fail);
    child.once('close', (code) => {
      if (code === 0) return done();
      const line = output.split('\n').find((text) => /exception|error/i.test(text)) ?? `exit code ${code}`;
      fail(new KafkaError(`The data folder of Kafka could not be formatted: ${line.trim()}`));
    });
  });
}
