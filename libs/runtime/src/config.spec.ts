import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest';
import { ConfigError, defineConfig, loadConfig, type ConfigOf } from './config.ts';
import { parsers } from './parsers.ts';

const definition = defineConfig({
  databaseUrl: { meaning: "the service's own Postgres", env: 'DATABASE_URL', parse: parsers.postgresUrl, secret: true },
  grpcAddress: {
    meaning: 'where calls come in',
    env: 'GRPC_ADDRESS',
    parse: parsers.address,
    default: '127.0.0.1:7103',
  },
  workers: { meaning: 'how many at once', env: 'WORKERS', parse: parsers.integer({ min: 1, max: 8 }), default: 2 },
  level: { meaning: 'how much is logged', env: 'LOG_LEVEL', parse: parsers.logLevel, default: 'info' },
  issuer: { meaning: 'who signs tokens', env: 'OIDC_ISSUER', parse: parsers.httpUrl, optional: true },
});

const folder = mkdtempSync(join(tmpdir(), 'tom-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(definition, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('reads values, takes defaults, and leaves optional ones out', () => {
    const config = loadConfig(definition, { DATABASE_URL: 'postgres://a/b', WORKERS: '4' });
    expect(config).toEqual({
      databaseUrl: 'postgres://a/b',
      grpcAddress: '127.0.0.1:7103',
      workers: 4,
      level: 'info',
      issuer: undefined,
    });
    expectTypeOf<ConfigOf<typeof definition>>().toEqualTypeOf<{
      readonly databaseUrl: string;
      readonly grpcAddress: string;
      readonly workers: number;
      readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
      readonly issuer?: string | undefined;
    }>();
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names everything that is missing or wrong at once, with what was expected', () => {
    const problems = problemsOf({ GRPC_ADDRESS: 'nowhere', WORKERS: '9', LOG_LEVEL: 'loud', OIDC_ISSUER: 'ftp://x' });
    expect(problems).toEqual([
      "DATABASE_URL (the service's own Postgres) is missing; DATABASE_URL_FILE may name a file",
      "GRPC_ADDRESS (where calls come in) must be host:port, not 'nowhere'",
      "WORKERS (how many at once) must be an integer from 1 to 8, not '9'",
      "LOG_LEVEL (how much is logged) must be one of trace, debug, info, warn, error, fatal, silent, not 'loud'",
      "OIDC_ISSUER (who signs tokens) must be a URL starting with http:// or https://, not 'ftp://x'",
    ]);
  });

  it('counts an empty value as not given', () => {
    expect(loadConfig(definition, { DATABASE_URL: 'postgres://a/b', WORKERS: '' }).workers).toBe(2);
    expect(problemsOf({ DATABASE_URL: '' })).toHaveLength(1);
  });

  it('reads a secret from the file that <NAME>_FILE names, without its last line break', () => {
    const DATABASE_URL_FILE = file('url', 'postgres://from/file\n');
    expect(loadConfig(definition, { DATABASE_URL_FILE }).databaseUrl).toBe('postgres://from/file');
  });

  it('refuses a secret that is given twice, in an empty or in an unreadable file', () => {
    const meaning = "DATABASE_URL (the service's own Postgres)";
    expect(problemsOf({ DATABASE_URL: 'postgres://a/b', DATABASE_URL_FILE: file('two', 'postgres://c/d') })).toEqual([
      `${meaning} is given twice, directly and by DATABASE_URL_FILE`,
    ]);
    expect(problemsOf({ DATABASE_URL_FILE: file('none', '\n') })).toEqual([
      `${meaning} is empty in the file that DATABASE_URL_FILE names`,
    ]);
    expect(problemsOf({ DATABASE_URL_FILE: join(folder, 'missing') })).toEqual([
      `${meaning} cannot be read from the file that DATABASE_URL_FILE names (ENOENT)`,
    ]);
  });

  it('never shows the value of a secret', () => {
    expect(problemsOf({ DATABASE_URL: 'mysql://root:hunter2@db' }).join()).not.toContain('hunter2');
  });

  it('reads a file for secrets only', () => {
    const odd = defineConfig({ name: { meaning: 'a name', env: 'NAME', parse: parsers.text } });
    expect(() => loadConfig(odd, { NAME_FILE: file('n', 'x') })).toThrow('NAME (a name) is missing');
  });
});

describe('defineConfig', () => {
  it('refuses a secret with a default', () => {
    const entries = { key: { meaning: 'k', env: 'KEY', parse: parsers.text, secret: true, default: 'changeme' } };
    expect(() => defineConfig(entries)).toThrow('KEY is a secret and must not have a default.');
  });
});

describe('parsers', () => {
  it.each([
    ['127.0.0.1:7103', true],
    ['[::1]:80', true],
    ['task-service:7103', true],
    ['host', false],
    ['host:', false],
    ['host:70000', false],
    [':80', false],
    ['a b:80', false],
  ])('address %s: %s', (text, fits) => {
    if (fits) expect(parsers.address(text)).toBe(text);
    else expect(() => parsers.address(text)).toThrow('host:port');
  });

  it.each(['1.5', '1e3', '', ' 4', '0x10', 'NaN', '99999999999999999999'])('%j is no integer', (text) => {
    expect(() => parsers.integer()(text)).toThrow('an integer');
  });

  it('reads flags in their usual writings and nothing else', () => {
    expect(['1', 'true', 'ON', 'yes'].map(parsers.flag)).toEqual([true, true, true, true]);
    expect(['0', 'false', 'off', 'No'].map(parsers.flag)).toEqual([false, false, false, false]);
    expect(() => parsers.flag('maybe')).toThrow('on or off');
  });
});
