import { resolve } from 'node:path';
import { StackError } from './stack-error.ts';
import type { Transport } from './system.ts';

/** What a person can set for `npm start`; everything else in the environment goes on to the processes. */
export interface Settings {
  readonly dataDir: string;
  readonly port: number;
  readonly host: string;
  readonly demoData: boolean;
  readonly transport: Transport;
  /** How many processes of each service. */
  readonly instances: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads PORT, HOST, TOM_DATA_DIR, TOM_DEMO_DATA, TOM_TRANSPORT and TOM_INSTANCES; throws one StackError that names everything wrong with them. */
export function readSettings(environment: Environment, root: string): Settings {
  const problems: string[] = [];
  const port = Number(environment.PORT || '8080');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    problems.push(`PORT is "${environment.PORT}" but must be a number from 0 (any free port) to 65535`);
  }
  const demoData = environment.TOM_DEMO_DATA || 'on';
  if (demoData !== 'on' && demoData !== 'off') problems.push(`TOM_DEMO_DATA is "${demoData}" but must be on or off`);
  const transport = environment.TOM_TRANSPORT || 'postgres';
  if (transport !== 'postgres' && transport !== 'kafka') {
    problems.push(`TOM_TRANSPORT is "${transport}" but must be postgres or kafka`);
  }
  const instances = Number(environment.TOM_INSTANCES || '1');
  if (!Number.isInteger(instances) || instances < 1 || instances > 4) {
    problems.push(`TOM_INSTANCES is "${environment.TOM_INSTANCES}" but must be a number from 1 to 4`);
  }
  if (problems.length > 0) throw new StackError(`Bad setting: ${problems.join('; ')}.`);
  return {
    // each log counts its messages on its own: what a service remembers of one says nothing about the other
    dataDir: resolve(root, environment.TOM_DATA_DIR || (transport === 'kafka' ? '.tom-kafka' : '.tom')),
    port,
    host: environment.HOST || '127.0.0.1',
    demoData: demoData === 'on',
    transport: transport === 'kafka' ? 'kafka' : 'postgres',
    instances,
  };
}
