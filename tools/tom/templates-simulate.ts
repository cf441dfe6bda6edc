import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CatalogError, loadCatalog, readTemplates, type Template } from '@tom/catalog';
import { isUuid } from '@tom/kernel';
import { sql, type Database } from '@tom/postgres';
import { changeRules, createSimulation, type NamedText, type Side, type SimulationResult } from '@tom/workflow';
import { count, type Call, type Command, type Report } from './command.ts';
import { explain } from './connections.ts';
import { CommandError, UsageError } from './errors.ts';
import { pastInstant } from './instant.ts';
import { observedHistories } from './observed-histories.ts';
import { shownFrom } from './shown-path.ts';
import { plural, table } from './table.ts';

const TELL_MS = 1_000;
const EXAMPLES = 20;
const countObserved = sql('tom.count_observed', 'select count(*)::int as n from observed_event where cardinality($1::uuid[]) = 0 or org_id = any($1::uuid[])');
const namesOf = sql('tom.names_of_orgs', 'select org_id as "orgId", name from known_org where org_id = any($1::uuid[])');

export const templatesSimulate: Command = {
  words: 'templates simulate',
  operands: '[FILE]',
  summary: 'what a changed template or table of stages would have done',
  help: `
Plays what workflow-service has seen (up to 400 days) twice in memory, company by company: with the templates and stages of
the configuration, and with FILE in the place of the template that has its key, or with another table of stages.

Given is what people and other systems did: companies and their moves, activities, tasks of persons, what became of tasks
and cases in their hands. Derived anew is what templates did: cases, tasks, cancellations, the stages they asked for,
waiting and due dates. With a changed table the moves of people are judged anew; what was let through although the
history does not show why stays let through. Outputs count as supplied, and who did something is not known.

With --since the change is put in force at that instant: cases that were opened before keep what they were opened with.
It only reads; Ctrl-C ends it.`,
  options: {
    stages: { value: 'FILE', meaning: 'another table of stages' },
    since: { value: 'TIME', meaning: 'from when on the change is in force (default: from the first event on)' },
    org: { value: 'ID[,ID…]', meaning: 'only these companies' },
    examples: { value: 'N', meaning: `how many companies are shown, those that differ most first (default ${EXAMPLES})` },
    config: { value: 'FOLDER', meaning: 'the configuration in force (default CONFIG_DIR, else config)' },
  },
  async run(call) {
    const shown = shownFrom(call.folder);
    const [file, ...more] = call.operands;
    const stages = call.text('stages');
    if (more.length > 0 || (file === undefined && stages === undefined)) {
      throw new UsageError('templates simulate expects one FILE, or --stages FILE');
    }
    const since = pastInstant('since', call.text('since'), call.now());
    const orgIds = call.text('org')?.split(',') ?? [];
    for (const orgId of orgIds) if (!isUuid(orgId)) throw new UsageError(`--org expects ids of companies, not '${orgId}'`);
    const examples = count(call, 'examples', EXAMPLES);
    try {
      const given = call.text('config');
      const config = given === undefined ? call.configDir : resolve(call.folder, given);
      const catalog = loadCatalog(config);
      const templates = current(readTemplates(join(config, 'workflows'), catalog));
      const after = changeRules(templates, catalog, { template: read(call, file), stages: read(call, stages) });
      const question = { before: { templates, catalog }, after, since, until: call.now() };
      const simulation = createSimulation(question, examples);
      const database = call.connections.database('workflow-service');
      await play(call, database, orgIds, simulation).catch((error: unknown) => {
        throw error instanceof CommandError ? error : explain(error, 'the database of workflow-service');
      });
      return await report(simulation.result(), database);
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      const problems = error.problems.map((problem) => ({ ...problem, file: shown(problem.file) }));
      const lines = problems.map((one) => `${one.file}:${one.line}:${one.column}: ${one.message} (expected ${one.expected})`);
      return { failed: true, json: { valid: false, problems }, lines: [...lines, '', plural(problems.length, 'problem')] };
    }
  },
};

function read(call: Call, file: string | undefined): NamedText | undefined {
  if (file === undefined) return undefined;
  try {
    return { path: shownFrom(call.folder)(resolve(call.folder, file)), text: readFileSync(resolve(call.folder, file), 'utf8') };
  } catch (error) {
    throw new CommandError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}

/** The highest version of each. */
function current(templates: readonly Template[]): readonly Template[] {
  return templates.filter((one) => !templates.some((other) => other.key === one.key && other.version > one.version));
}

async function play(call: Call, database: Database, orgIds: readonly string[], simulation: ReturnType<typeof createSimulation>): Promise<void> {
  const [row] = await database.query<{ n: number }>(countObserved, [orgIds]);
  const total = row?.n ?? 0;
  let told = performance.now();
  await database.transaction(async (tx) => {
    for await (const { orgId, events } of observedHistories(tx, orgIds)) {
      simulation.company(orgId, events);
      if (performance.now() - told < TELL_MS) continue;
      told = performance.now();
      const done = simulation.progress();
      call.note(`${done.events} of ${plural(total, 'event')}, ${companies(done.orgs)}`);
    }
  });
}

async function report(result: SimulationResult, database: Database): Promise<Report> {
  const { events, orgs, changedOrgs, totals, differences } = result;
  const rows = await database.query<{ orgId: string; name: string | null }>(namesOf, [differences.map(({ orgId }) => orgId)]);
  const names = new Map(rows.map(({ orgId, name }) => [orgId, name ?? orgId]));
  const kinds = ['cases', 'tasks', 'transitions'] as const;
  return {
    json: { ...result, differences: differences.map((one) => ({ ...one, name: names.get(one.orgId) })) },
    lines: [
      `${plural(events, 'event')} of ${companies(orgs)}; ${changedOrgs} would be different`,
      '',
      ...table(['', 'BEFORE', 'AFTER'], kinds.map((kind) => [kind, String(totals.before[kind]), String(totals.after[kind])])),
      ...differences.flatMap((one) => ['', ...differenceLines(one, names.get(one.orgId) ?? one.orgId)]),
      ...(changedOrgs > differences.length ? ['', `and ${changedOrgs - differences.length} more`] : []),
    ],
  };
}

const companies = (many: number): string => (many === 1 ? '1 company' : `${many} companies`);

function differenceLines({ orgId, because, before, after }: SimulationResult['differences'][number], name: string): string[] {
  const { event, at, by } = because;
  const rule = by ? `, ${by.template}.${by.rule}` : '';
  const stage = before.stage === after.stage ? [] : [`  stage  ${before.stage} → ${after.stage}`];
  return [`${name} (${orgId}), from ${event} at ${at.toISOString()} on${rule}`, ...stage, ...sideLines('-', before), ...sideLines('+', after)];
}

function sideLines(sign: string, { cases, tasks, transitions }: Side): string[] {
  const words = (shown: Readonly<Record<string, unknown>>): string =>
    Object.entries(shown)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(', ');
  return [
    ...cases.map((shown) => `  ${sign} case  ${words(shown)}`),
    ...tasks.map((shown) => `  ${sign} task  ${words(shown)}`),
    ...transitions.map((shown) => `  ${sign} move  ${words(shown)}`),
  ];
}
