import { spawnSync } from 'node:child_process';
import { KafkaError } from './kafka-error.ts';

const JAVA = 17;
const MAVEN = '3.8';

/** The programs that a local Kafka needs. */
export interface Toolchain {
  readonly java: string;
  readonly maven: string;
}

/** What is missing of Java and Maven, in one line that says what to install; undefined when nothing is. */
export function toolchainProblem(tools: Toolchain = findToolchain()): string | undefined {
  const wanted = [javaProblem(tools.java), mavenProblem(tools.maven)].filter((problem) => problem !== undefined);
  if (wanted.length === 0) return undefined;
  return `Kafka needs Java ${JAVA} or later and Maven ${MAVEN} or later, but ${wanted.join(' and ')}: install them (Debian: apt-get install openjdk-17-jre-headless maven).`;
}

/** JAVA_HOME comes first, as every Java program expects. */
export function findToolchain(environment: NodeJS.ProcessEnv = process.env): Toolchain {
  return { java: environment.JAVA_HOME ? `${environment.JAVA_HOME}/bin/java` : 'java', maven: 'mvn' };
}

/** The Java that runs Kafka; throws a KafkaError that says what to install. */
export function requireJava(tools: Toolchain = findToolchain()): string {
  const problem = javaProblem(tools.java);
  if (problem) {
    throw new KafkaError(`Kafka needs Java ${JAVA} or later, but ${problem}: install it (Debian: apt-get install openjdk-17-jre-headless).`);
  }
  return tools.java;
}

/** The Maven that fetches Kafka; throws a KafkaError that says what to install. */
export function requireMaven(tools: Toolchain = findToolchain()): string {
  const problem = mavenProblem(tools.maven);
  if (problem) {
    throw new KafkaError(`Kafka is fetched with Maven ${MAVEN} or later, but ${problem}: install it (Debian: apt-get install maven).`);
  }
  return tools.maven;
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
