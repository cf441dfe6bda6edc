import { join, resolve } from 'node:path';
import { helpOf, readArguments, type Command } from './command.ts';
import { createConnections } from './connections.ts';
import { CommandError, UsageError } from './errors.ts';
import { dlqDrop } from './dlq-drop.ts';
import { dlqList } from './dlq-list.ts';
import { dlqRedrive } from './dlq-redrive.ts';
import { dlqShow } from './dlq-show.ts';
import { lag } from './lag.ts';
import { outbox } from './outbox.ts';
import { replay } from './replay.ts';
import { templatesSimulate } from './templates-simulate.ts';
import { templatesTest } from './templates-test.ts';
import { templatesValidate } from './templates-validate.ts';
import { timelineRebuild } from './timeline-rebuild.ts';

export const commands: readonly Command[] = [
  dlqList,
  dlqShow,
  dlqRedrive,
  dlqDrop,
  lag,
  outbox,
  replay,
  timelineRebuild,
  templatesValidate,
  templatesTest,
  templatesSimulate,
];

/** Where a command runs and what it may touch; `root` is the folder of the repository. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly root: string;
  readonly account: string;
  readonly now: () => Date;
  out(text: string): void;
  err(text: string): void;
}

const OK = 0;
const FAILED = 1;
const USAGE = 2;

/** Runs what was typed behind `tom`; answers the exit code: 0 done, 1 it failed, 2 it was not understood. */
export async function runTom(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { out, err } = surroundings;
  const [first] = args;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    (first === undefined ? err : out)(overview());
    return first === undefined ? USAGE : OK;
  }
  const command = commands.find(({ words }) => words.split(' ').every((word, at) => args[at] === word));
  if (!command) {
    const group = commands.filter(({ words }) => words.startsWith(`${first} `));
    if (group.length > 0 && args[1] === '--help') {
      out(group.map(lineOf).join('\n'));
      return OK;
    }
    const known = group.length > 0 ? group.map(({ words }) => words).join(', ') : 'see tom --help';
    err(`error: there is no command '${args.filter((word) => !word.startsWith('-')).slice(0, 2).join(' ')}' (${known})`);
    return USAGE;
  }
  return runCommand(command, args.slice(command.words.split(' ').length), surroundings);
}

async function runCommand(command: Command, args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { environment, folder, root, account, now, out, err } = surroundings;
  const connections = createConnections(environment, resolve(root, environment['TOM_DATA_DIR'] || '.tom'));
  try {
    const given = readArguments(command, args);
    if (given.on('help')) {
      out(helpOf(command));
      return OK;
    }
    const configDir = resolve(folder, environment['CONFIG_DIR'] || join(root, 'config'));
    const report = await command.run({ ...given, connections, note: err, now, account, folder, configDir });
    out(given.on('json') ? JSON.stringify(report.json, undefined, 2) : report.lines.join('\n'));
    return report.failed ? FAILED : OK;
  } catch (error) {
    if (error instanceof UsageError) {
      err(`error: ${error.message} (see tom ${command.words} --help)`);
      return USAGE;
    }
    if (!(error instanceof CommandError)) throw error;
    err(`error: ${error.message}`);
    return FAILED;
  } finally {
    await connections.close();
  }
}

function lineOf({ words, operands, summary }: Command): string {
  return `  tom ${`${words} ${operands}`.trim().padEnd(46)} ${summary}`;
}

function overview(): string {
  return [
    'The operator of TOM Flow. Each command answers to --help and --json; exit codes: 0 done, 1 failed, 2 not understood.',
    '',
    ...commands.map(lineOf),
    '',
    'The system is found by STAGE_DATABASE_URL, ACTIVITY_DATABASE_URL, TASK_DATABASE_URL, WORKFLOW_DATABASE_URL and',
    'EVENT_LOG_URL (each also as <NAME>_FILE), else as the local system that runs on TOM_DATA_DIR (default .tom).',
  ].join('\n');
}
