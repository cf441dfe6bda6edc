import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Connections } from './connections.ts';
import { UsageError } from './errors.ts';

/** An option as people type it; `value` names what it takes, without it the option is a switch. */
export interface Option {
  readonly value?: string;
  readonly meaning: string;
}

/** What a command gets: its arguments, and how to reach the system. */
export interface Call {
  readonly operands: readonly string[];
  /** A given option's text; undefined when it was not given. */
  text(name: string): string | undefined;
  /** Whether a switch was given. */
  on(name: string): boolean;
  readonly connections: Connections;
  /** A line for whoever waits; it is no part of the answer. */
  note(line: string): void;
  readonly now: () => Date;
  /** The account that runs the command: who did it, unless told otherwise. */
  readonly account: string;
  readonly folder: string;
  readonly configDir: string;
}

/** What a command found: lines for people, and the same as JSON. `failed` ends with exit code 1. */
export interface Report {
  readonly lines: readonly string[];
  readonly json: unknown;
  readonly failed?: boolean;
}

/** One command; `words` are how it is called (`dlq list`), `operands` how its arguments are shown. */
export interface Command {
  readonly words: string;
  readonly operands: string;
  readonly summary: string;
  readonly help: string;
  readonly options: Readonly<Record<string, Option>>;
  run(call: Call): Promise<Report>;
}

const common: Readonly<Record<string, Option>> = {
  json: { meaning: 'answer as JSON' },
  help: { meaning: 'show this help' },
};

/** The arguments behind a command's words; throws a UsageError that names what it does not know. */
export function readArguments(command: Command, args: readonly string[]) {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, { value }] of Object.entries({ ...command.options, ...common })) {
    options[name] = { type: value === undefined ? 'boolean' : 'string' };
  }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return {
      operands: positionals,
      text: (name: string): string | undefined => {
        const value = values[name];
        return typeof value === 'string' ? value : undefined;
      },
      on: (name: string): boolean => values[name] === true,
    };
  } catch (error) {
    // Node explains at length how to pass what begins with a dash; the first sentence says what is wrong.
    throw new UsageError((error as Error).message.split('. ')[0] ?? 'the arguments cannot be read');
  }
}

/** The help of one command. */
export function helpOf(command: Command): string {
  const options = Object.entries({ ...command.options, ...common }).map(([name, { value, meaning }]): [string, string] => [
    `--${name}${value === undefined ? '' : ` ${value}`}`,
    meaning,
  ]);
  const width = Math.max(...options.map(([name]) => name.length));
  return [
    `tom ${command.words}${command.operands === '' ? '' : ` ${command.operands}`}`,
    '',
    command.help.trim(),
    '',
    ...options.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`),
  ].join('\n');
}

/** Exactly these operands; else a UsageError that says what is expected. */
export function exactly(call: Call, command: string, expected: string): string {
  const [first, ...more] = call.operands;
  if (first === undefined || more.length > 0) throw new UsageError(`${command} expects ${expected}`);
  return first;
}

/** A whole number from 1 that was given as an option. */
export function count(call: Call, name: string, otherwise: number): number {
  const text = call.text(name);
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UsageError(`--${name} expects a whole number from 1, not '${text}'`);
  return Number(text);
}
