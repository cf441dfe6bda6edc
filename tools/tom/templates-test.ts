import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CatalogError, loadCatalog, readTemplates } from '@tom/catalog';
import { readTestFile, runTestFile, type Difference } from '@tom/workflow';
import type { Command, Report } from './command.ts';
import { CommandError } from './errors.ts';
import { shownFrom } from './shown-path.ts';
import { plural } from './table.ts';

export const templatesTest: Command = {
  words: 'templates test',
  operands: '[FILE…]',
  summary: 'run the cases that stand beside workflow templates',
  help: `
Runs the cases of *.test.yaml: given a company and what happened before, when something happens or time passes, then
these rules fired, these tasks and cases came to be, and nothing more. Without files those of the configuration run, all
against its templates. Nothing else has to run: no system, no database.`,
  options: {
    config: { value: 'FOLDER', meaning: 'the configuration with the templates (default CONFIG_DIR, else config)' },
  },
  async run(call) {
    const { folder } = call;
    const given = call.text('config');
    const config = given === undefined ? call.configDir : resolve(folder, given);
    const shown = shownFrom(folder);
    try {
      const files = call.operands.length > 0 ? call.operands.map((file) => resolve(folder, file)) : testFilesIn(join(config, 'workflows'));
      return report(testTemplates(config, files).map(({ file, cases }) => ({ file: shown(file), cases })));
    } catch (error) {
      if (error instanceof CatalogError) return refused(error, shown);
      const { code, path } = error as NodeJS.ErrnoException;
      if (code !== undefined && path !== undefined) throw new CommandError(`${shown(path)} cannot be read (${code})`);
      throw error;
    }
  },
};

/** Runs the cases of these files against the templates of a configuration. */
export function testTemplates(config: string, files: readonly string[]) {
  const catalog = loadCatalog(config);
  const templates = readTemplates(join(config, 'workflows'), catalog);
  const read = files.map((file) => readTestFile(file, catalog, templates));
  return read.map((yaml) => ({ file: yaml.file, cases: runTestFile(yaml, catalog, templates) }));
}

export function testFilesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test.yaml'))
    .sort()
    .map((name) => join(folder, name));
}

function report(files: ReturnType<typeof testTemplates>): Report {
  const cases = files.flatMap((file) => file.cases.map((one) => ({ file: file.file, ...one, passed: one.differences.length === 0 })));
  const failed = cases.filter(({ passed }) => !passed);
  return {
    failed: failed.length > 0,
    json: { passed: failed.length === 0, cases },
    lines: [
      ...failed.flatMap(({ file, line, column, name, differences }) => [
        `${file}:${line}:${column}: ${name}`,
        ...differences.flatMap(inLines),
        '',
      ]),
      ...files.map((file) => {
        const passed = file.cases.filter(({ differences }) => differences.length === 0).length;
        return `${file.file}: ${passed} of ${plural(file.cases.length, 'case')} passed`;
      }),
    ],
  };
}

/** `tasks` with what was expected and what was seen instead, one below the other. */
export function inLines({ of, expected, seen }: Difference): string[] {
  const rows = [...expected.map((one) => ['expected', one]), ...seen.map((one) => ['but seen', one])];
  if (seen.length === 0) rows.push(['but seen', 'nothing']);
  if (expected.length === 0) rows.unshift(['expected', 'nothing more']);
  return rows.map(([word = '', text = ''], index) => `  ${(index === 0 ? of : '').padEnd(10)} ${word}  ${text}`);
}

function refused(error: CatalogError, shown: (file: string) => string): Report {
  const problems = error.problems.map((problem) => ({ ...problem, file: shown(problem.file) }));
  return {
    failed: true,
    json: { passed: false, cases: [], problems },
    lines: [
      ...problems.map((one) => `${one.file}:${one.line}:${one.column}: ${one.message} (expected ${one.expected})`),
      '',
      plural(problems.length, 'problem'),
    ],
  };
}
