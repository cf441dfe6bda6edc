import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findToolchain, toolchainProblem } from './java.ts';
import { KafkaError } from './kafka-error.ts';

const root = resolve(import.meta.dirname, '../..');
const pom = join(import.meta.dirname, 'pom.xml');
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

function cached(): string {
  const hash = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return join(root, 'node_modules/.cache/tom-kafka', hash);
}

/** Why no Kafka can run here, in one line that says what to install; undefined when one can. */
export function kafkaProblem(): string | undefined {
  return toolchainProblem({ maven: !existsSync(cached()) });
}

/**
 * The folder with Kafka's jars for `java -cp`, fetched with Maven at the first call and kept below node_modules/.cache
 * under the hash of the pom. Throws a KafkaError of one line.
 */
export function kafkaJars(): Promise<string> {
  underWay ??= fetchJars().finally(() => (underWay = undefined));
  return underWay;
}

let underWay: Promise<string> | undefined;

async function fetchJars(): Promise<string> {
  const folder = cached();
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(draft, { recursive: true, force: true });
  try {
    await run(findToolchain().maven, ['-q', '-B', '-f', pom, PLUGIN, `-DoutputDirectory=${draft}`]);
    renameSync(draft, folder); // in one step: whoever sees the folder sees all of it
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (existsSync(folder)) return folder; // another start was quicker
    throw error;
  }
  return folder;
}

function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', fail);
    child.once('close', (code) => {
      if (code === 0) return done();
      const line = output.split('\n').find((text) => text.includes('ERROR')) ?? `exit code ${code}`;
      fail(new KafkaError(`Kafka could not be fetched with Maven: ${line.replace(/\u001b\[[0-9;]*m|\[ERROR\]/g, '').trim()}`));
    });
  });
}
