import { resolve } from 'node:path';
import { StackError } from './stack-error.ts';

/** What a person can set for `npm start`; everything else in the environment goes on to the processes. */
export interface Settings {
  readonly dataDir: string;
  readonly port: number;
  readonly host: string;
  readonly demoData: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads PORT, HOST, TOM_DATA_DIR and TOM_DEMO_DATA; throws one StackError that names everything wrong with them. */
export function readSettings(environment: Environment, root: string): Settings {
  const problems: string[] = [];
  const port = Number(environment.PORT || '8080');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    problems.push(`PORT is "${environment.PORT}" but must be a number from 0 (any free port) to 65535`);
  }
  const demoData = environment.TOM_DEMO_DATA || 'on';
  if (demoData !== 'on' && demoData !== 'off') problems.push(`TOM_DEMO_DATA is "${demoData}" but must be on or off`);
  if (problems.length > 0) throw new StackError(`Bad setting: ${problems.join('; ')}.`);
  return {
    dataDir: resolve(root, environment.TOM_DATA_DIR || '.tom'),
    port,
    host: environment.HOST || '127.0.0.1',
    demoData: demoData === 'on',
  };
}
