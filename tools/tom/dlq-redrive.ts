import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetter, deadLetters, parkedKeys, redrive, type DeadLetter } from '@tom/messaging';
import type { Database } from '@tom/postgres';
import { count, type Call, type Command } from './command.ts';
import { explain, serviceNamed, type ServiceName } from './connections.ts';
import { CommandError, UsageError } from './errors.ts';
import { readReference } from './letter-reference.ts';
import { plural, short } from './table.ts';

const POLL_MS = 250;

interface Line {
  readonly topic: string;
  readonly key: string;
}

interface Outcome extends Line {
  readonly outcome: 'handled' | 'still fails' | 'not finished';
  readonly error?: string;
}

export const dlqRedrive: Command = {
  words: 'dlq redrive',
  operands: '[REF]',
  summary: 'handle dead letters again, the whole line of a key in its order',
  help: `
Asks the running service to handle a key's dead letters again, through the same inbox and in their order, and waits for
what becomes of it. A message that still fails stops its line: it and those behind it stay where they are. Name one by
REF (its whole line is meant), the key with --group and --key, or all of a service with --group and --all.`,
  options: {
    group: { value: 'SERVICE', meaning: 'the service, with --key or --all' },
    key: { value: 'KEY', meaning: 'the key whose line is meant' },
    all: { meaning: 'every parked key of the service' },
    wait: { value: 'SECONDS', meaning: 'how long to wait for the outcome (default 30)' },
  },
  async run(call) {
    const seconds = count(call, 'wait', 30);
    const { group, lines } = await meant(call);
    const database = call.connections.database(group);
    const guarded = <T>(work: Promise<T>): Promise<T> =>
      work.catch((error: unknown) => {
        throw error instanceof CommandError ? error : explain(error, `the database of ${group}`);
      });
    const outcomes = await guarded(ask(database, group, lines, seconds));
    const failed = outcomes.some(({ outcome }) => outcome !== 'handled');
    return {
      failed,
      json: { group, lines: outcomes },
      lines:
        outcomes.length === 0
          ? [`${group} has no parked keys`]
          : outcomes.map(({ topic, key, outcome, error }) => {
              const why = outcome === 'not finished' ? `after ${seconds} s; is ${group} running?` : short(error ?? '', 120);
              return `${group}  ${topic}  ${key}  ${outcome}${why === '' ? '' : `: ${why}`}`;
            }),
    };
  },
};

async function meant(call: Call): Promise<{ group: ServiceName; lines: readonly Line[] | 'all' }> {
  const [reference, ...more] = call.operands;
  const [name, key] = [call.text('group'), call.text('key')];
  if (more.length > 0) throw new UsageError('dlq redrive expects one REF');
  if (reference !== undefined) {
    if (name !== undefined || key !== undefined || call.on('all'))
      throw new UsageError('dlq redrive expects either a REF, or --group with --key or --all');
    const { group, id } = readReference(reference);
    const letter = await letterOf(call, group, id);
    return { group, lines: [{ topic: letter.topic, key: letter.key }] };
  }
  if (name === undefined || (key === undefined) !== call.on('all'))
    throw new UsageError('dlq redrive expects a REF, or --group with --key or --all');
  const group = serviceNamed(name);
  if (key === undefined) return { group, lines: 'all' };
  const held = await parkedKeys({ database: call.connections.database(group), group, limit: 100_000 }).catch(
    (error: unknown) => {
      throw explain(error, `the database of ${group}`);
    },
  );
  const lines = held.filter((line) => line.key === key);
  if (lines.length === 0) throw new CommandError(`${group} has no parked key ${key}`);
  return { group, lines };
}

async function letterOf(call: Call, group: ServiceName, id: number): Promise<DeadLetter> {
  const letter = await deadLetter({ database: call.connections.database(group), group, id }).catch((error: unknown) => {
    throw explain(error, `the database of ${group}`);
  });
  if (!letter) throw new CommandError(`there is no dead letter ${group}/${id}: it was redriven or dropped`);
  return letter;
}

async function ask(
  database: Database,
  group: ServiceName,
  wanted: readonly Line[] | 'all',
  seconds: number,
): Promise<Outcome[]> {
  const all = { database, group, limit: 100_000 };
  const lines = wanted === 'all' ? await parkedKeys(all) : wanted;
  for (const key of new Set(lines.map((line) => line.key))) await redrive({ database, group, key });
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    const held = new Map((await parkedKeys(all)).map((line) => [`${line.topic} ${line.key}`, line]));
    const states = lines.map((line) => held.get(`${line.topic} ${line.key}`));
    if (states.every((state) => state?.redriveRequested !== true) || performance.now() > end) {
      return Promise.all(lines.map((line, at) => outcomeOf(database, group, line, states[at])));
    }
    await sleep(POLL_MS);
  }
}

async function outcomeOf(
  database: Database,
  group: ServiceName,
  { topic, key }: Line,
  state: { readonly redriveRequested: boolean } | undefined,
): Promise<Outcome> {
  if (!state) return { topic, key, outcome: 'handled' };
  if (state.redriveRequested) return { topic, key, outcome: 'not finished' };
  const letters = await deadLetters({ database, group, limit: 100_000 });
  const line = letters.filter((letter) => letter.topic === topic && letter.key === key);
  const behind = line.length > 1 ? ` (${plural(line.length - 1, 'message')} behind it)` : '';
  return { topic, key, outcome: 'still fails', error: `${short(line[0]?.error ?? '', 90)}${behind}` };
}
