import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  CatalogError,
  isError,
  loadCatalog,
  problemsBetween,
  readTemplateFiles,
  templateFilesIn,
  templateFindings,
  type Catalog,
  type Problem,
  type Template,
} from '@tom/catalog';
import type { Command } from './command.ts';
import { CommandError } from './errors.ts';
import { shownFrom } from './shown-path.ts';
import { plural } from './table.ts';

export const templatesValidate: Command = {
  words: 'templates validate',
  operands: '[FILE…]',
  summary: 'check workflow templates, with file, line and column of what is wrong',
  help: `
Checks templates and the configuration around them as a service does before it takes them up, each alone and all against
each other: unknown queues, stages, types, events and fields, bad expressions, outcomes that nothing reaches, rules that
can never fire or never end. Without files those of the configuration are checked; files that are given take the place of
those with the same key there. What is only suspected is a warning and no failure. The system need not run; what only it
knows is whether a version is stored with other content (POST /workflows/validate).`,
  options: {
    config: { value: 'FOLDER', meaning: 'the configuration to check against (default CONFIG_DIR, else config)' },
  },
  async run(call) {
    const { folder } = call;
    const given = call.text('config');
    const config = given === undefined ? call.configDir : resolve(folder, given);
    const shown = shownFrom(folder);
    try {
      const files =
        call.operands.length > 0 ? call.operands.map((file) => resolve(folder, file)) : templateFilesIn(join(config, 'workflows'));
      const catalog = loadCatalog(config);
      const isGiven = call.operands.length > 0;
      const templates = readTemplateFiles(files, catalog, { elsewhere: isGiven });
      const all = isGiven ? [...restOf(join(config, 'workflows'), templates, catalog), ...templates] : templates;
      const relations = problemsBetween(all).filter(({ file }) => files.includes(file));
      const findings = [...relations, ...templateFindings(all, templates, catalog)];
      if (findings.some(isError)) return refused(new CatalogError(findings), shown);
      const found = templates.map(({ file, key, version }) => ({ file: shown(file), key, version }));
      const problems = findings.map((problem) => ({ ...problem, file: shown(problem.file) }));
      return {
        json: { valid: true, templates: found, problems },
        lines: [
          ...problems.map(lineOf),
          ...found.map(({ file, key, version }) => `${file}: ${key} version ${version}, valid`),
        ],
      };
    } catch (error) {
      if (error instanceof CatalogError) return refused(error, shown);
      const { code, path } = error as NodeJS.ErrnoException;
      if (code !== undefined && path !== undefined) throw new CommandError(`${shown(path)} cannot be read (${code})`);
      throw error;
    }
  },
};

function refused(error: CatalogError, shown: (file: string) => string) {
  const problems = error.problems.map((problem) => ({ ...problem, file: shown(problem.file) }));
  return {
    failed: true,
    json: { valid: false, templates: [], problems },
    lines: [
      ...problems.map(lineOf),
      '',
      plural(problems.filter(isError).length, 'problem'),
    ],
  };
}

function lineOf(problem: Problem): string {
  const { file, line, column, message, expected } = problem;
  return `${file}:${line}:${column}: ${isError(problem) ? '' : 'warning: '}${message} (expected ${expected})`;
}

/** The templates of the configuration beside which others would run; what cannot be read there is not what was asked. */
function restOf(folder: string, templates: readonly Template[], catalog: Catalog): readonly Template[] {
  const keys = new Set(templates.map(({ key }) => key));
  const files = existsSync(folder) ? templateFilesIn(folder) : [];
  return files.flatMap((file) => {
    try {
      return readTemplateFiles([file], catalog, { elsewhere: true }).filter(({ key }) => !keys.has(key));
    } catch (error) {
      if (error instanceof CatalogError) return [];
      throw error;
    }
  });
}
