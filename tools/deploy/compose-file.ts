import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');

export interface ComposeService {
  readonly image: string;
  readonly user?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly args: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string | number | boolean>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly privileged?: boolean;
  readonly security_opt?: readonly string[];
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly entrypoint?: readonly string[];
  readonly cpus?: number;
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

/** The document as it stands, anchors and merges resolved, variables not yet. */
export function readCompose(path = 'docker-compose.yml'): unknown {
  return parse(readFileSync(join(root, path), 'utf8'), { merge: true }) as unknown;
}

/**
 * Variables put in as Compose does: `${A}`, `${A:-default}`, `${A-default}`, and `${A:?why}` or `${A?why}`, for which
 * this throws. Names that are used are added to `used`.
 */
export function interpolate(
  value: unknown,
  variables: Readonly<Record<string, string>>,
  used: Set<string> = new Set(),
): unknown {
  if (typeof value === 'string')
    return value.replace(
      /\$\{(\w+)(?:(:?[-?])([^}]*))?\}/g,
      (_all: string, name: string, operator: string | undefined, text: string | undefined) => {
        used.add(name);
        const given = variables[name];
        const missing = given === undefined || (given === '' && operator?.startsWith(':'));
        if (!missing) return given;
        if (operator?.endsWith('?')) throw new Error(`required variable ${name} is missing a value: ${text ?? ''}`);
        return text ?? '';
      },
    );
  if (Array.isArray(value)) return value.map((one) => interpolate(one, variables, used));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, interpolate(one, variables, used)]));
  return value;
}

/** The variables of a `.env` file. */
export function readEnvFile(path: string): Record<string, string> {
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value ?? '']];
    }),
  );
}
