import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findToolchain, toolchainProblem } from './java.ts';

const folder = mkdtempSync(join(tmpdir(), 'tom-java-'));
afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const java = (version: string) => program(`java-${version}`, `echo 'openjdk version "${version}" 2025-01-01' >&2`);
const maven = (version: string) => program(`mvn-${version}`, `echo 'Apache Maven ${version} (x)'`);

describe('what Kafka needs', () => {
  it('is Java 17 and Maven 3.8, or later', () => {
    expect(toolchainProblem({ maven: true }, { java: java('17.0.15'), maven: maven('3.8.7') })).toBeUndefined();
    expect(toolchainProblem({ maven: true }, { java: java('25'), maven: maven('4.0.0') })).toBeUndefined();
    expect(toolchainProblem({ maven: false }, { java: java('17.0.15'), maven: 'nowhere' })).toBeUndefined();
  });

  it('is said in one line when it is missing or too old', () => {
    const none = toolchainProblem({ maven: true }, { java: '/nowhere/java', maven: '/nowhere/mvn' });
    expect(none).toBe(
      'Kafka needs Java 17 or later and Maven 3.8 or later, but there is no Java and there is no Maven: install them (Debian: apt-get install openjdk-17-jdk-headless maven).',
    );
    expect(toolchainProblem({ maven: true }, { java: java('1.8.0_402'), maven: maven('3.6.3') })).toContain('Java is of version 8 and Maven is of version 3.6');
  });

  it('is looked for in JAVA_HOME first', () => {
    expect(findToolchain({ JAVA_HOME: '/opt/jdk' }).java).toBe('/opt/jdk/bin/java');
    expect(findToolchain({}).java).toBe('java');
  });
});
