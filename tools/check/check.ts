import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { kafkaProblem } from '../kafka/index.ts';
import { countOne, countTests, sum, type Counts, type VitestReport } from './counts.ts';

const root = resolve(import.meta.dirname, '../..');
const reports = join(root, 'dist/check');

/** The whole check, in the order in which it runs; `npm test -- types lint` runs some of it. */
const steps: readonly { readonly name: string; run(): Promise<Counts> }[] = [
  { name: 'types', run: () => command('tsc', '-p', 'tsconfig.json') },
  { name: 'types-web', run: () => command('tsc', '-p', 'apps/web/tsconfig.json') },
  { name: 'lint', run: () => command('eslint', '.') },
  { name: 'contracts', run: () => script('tools/gen-proto/gen-proto.ts', '--check') },
  { name: 'contracts-edge', run: () => script('tools/gen-edge/gen-edge.ts', '--check') },
  { name: 'released', run: () => script('tools/released/released.ts') },
  { name: 'unit', run: () => tests('unit') },
  { name: 'web', run: () => tests('web') },
  { name: 'e2e', run: () => tests('e2e') },
  { name: 'browser', run: () => tests('browser') },
  { name: 'kafka', run: () => onKafka(() => tests('kafka')) },
  { name: 'e2e-kafka', run: () => onKafka(() => tests('e2e-kafka')) },
];

/** Needs Java and Maven, which not everybody has who works on a page; where TOM_REQUIRE_KAFKA=1 their absence fails. */
async function onKafka(run: () => Promise<Counts>): Promise<Counts> {
  const problem = kafkaProblem();
  if (problem === undefined) return run();
  const required = process.env.TOM_REQUIRE_KAFKA === '1';
  leftOut ??= `NOTHING WAS TESTED ON KAFKA. ${problem}`;
  console.error(`${required ? 'error' : 'warning'}: ${leftOut}`);
  return { passed: 0, failed: required ? 1 : 0, skipped: required ? 0 : 1 };
}

let leftOut: string | undefined;

async function command(name: string, ...args: string[]): Promise<Counts> {
  return countOne((await execute(join(root, 'node_modules/.bin', name), args)) === 0);
}

async function script(file: string, ...args: string[]): Promise<Counts> {
  return countOne(
    (await execute(process.execPath, ['--conditions=@tom/source', '--import', 'tsx', file, ...args])) === 0,
  );
}

/**
 * One vitest project: `unit` has everything beside the code, on a real Postgres; `e2e` the journeys; `kafka` and
 * `e2e-kafka` what of both runs on a real Kafka.
 */
async function tests(project: string): Promise<Counts> {
  const file = join(reports, `${project}.json`);
  rmSync(file, { force: true });
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await execute(join(root, 'node_modules/.bin/vitest'), args);
  const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as VitestReport) : undefined;
  return countTests(report, code === 0);
}

function execute(program: string, args: readonly string[]): Promise<number> {
  return new Promise((end) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
    child.once('error', (error) => {
      console.error(error.message);
      end(1);
    });
    child.once('exit', (code) => end(code ?? 1));
  });
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`Unknown check: ${unknown.join(', ')}. There are ${steps.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

mkdirSync(reports, { recursive: true });
const results: Counts[] = [];
for (const { name, run } of steps.filter((step) => asked.length === 0 || asked.includes(step.name))) {
  const begun = performance.now();
  console.log(`\n== ${name}`);
  const counts = await run();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`== ${name}: ${counts.failed === 0 ? 'ok' : `${counts.failed} failed`} (${seconds} s)`);
  results.push(counts);
}

const { passed, failed, skipped } = sum(results);
if (skipped > 0) console.log(`\n${skipped} tests were left out.`);
if (leftOut) console.log(`\n${leftOut}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
