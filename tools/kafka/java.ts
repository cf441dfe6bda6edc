import { spawnSync } from 'node:child_process';

const JAVA = 17;
const MAVEN = '3.8';

/** The programs that a local Kafka needs. */
export interface Toolchain {
  readonly java: string;
  readonly maven: string;
}

/** What is missing of Java and, where asked for, Maven, in one line that says what to install; undefined when nothing is. */
export function toolchainProblem(needs: { readonly maven: boolean }, tools: Toolchain = findToolchain()): string | undefined {
  const problems = [javaProblem(tools.java), needs.maven ? mavenProblem(tools.maven) : undefined].filter((one) => one !== undefined);
  if (problems.length === 0) return undefined;
  return `Kafka needs Java ${JAVA} or later${needs.maven ? ` and Maven ${MAVEN} or later` : ''}, but ${problems.join(' and ')}: install them (Debian: apt-get install openjdk-17-jdk-headless maven).`;
}

/** JAVA_HOME comes first, as every Java program expects. */
export function findToolchain(environment: NodeJS.ProcessEnv = process.env): Toolchain {
  return { java: environment.JAVA_HOME ? `${environment.JAVA_HOME}/bin/java` : 'java', maven: 'mvn' };
}

function javaProblem(java: string): string | undefined {
  const { status, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  if (status !== 0) return 'there is no Java';
  const found = /version "(?:1\.)?(\d+)/.exec(stderr)?.[1];
  return Number(found) >= JAVA ? undefined : `Java is of version ${found ?? 'unknown'}`;
}

function mavenProblem(maven: string): string | undefined {
  const { status, stdout } = spawnSync(maven, ['-version'], { encoding: 'utf8' });
  if (status !== 0) return 'there is no Maven';
  const found = /Apache Maven (\d+)\.(\d+)/.exec(stdout);
  const [major, minor] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
  return major > 3 || (major === 3 && minor >= 8) ? undefined : `Maven is of version ${major}.${minor}`;
}
