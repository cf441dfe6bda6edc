import { join, resolve } from 'node:path';
import { CatalogError, loadCatalog, readTemplateFiles, templateFilesIn } from '@tom/catalog';
import type { Command } from './command.ts';
import { CommandError } from './errors.ts';
import { shownFrom } from './shown-path.ts';
import { plural } from './table.ts';

export const templatesValidate: Command = {
  words: 'templates validate',
  operands: '[FILE…]',
  summary: 'check workflow templates, with file, line and column of what is wrong',
  help: `
Checks templates as a service does at its start, each alone and all against each other: unknown queues, stages, types,
events and fields, bad expressions. Without files those of the configuration are checked. The system need not run.`,
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
      const templates = readTemplateFiles(files, loadCatalog(config));
      const found = templates.map(({ file, key, version }) => ({ file: shown(file), key, version }));
      return {
        json: { valid: true, templates: found, problems: [] },
        lines: found.map(({ file, key, version }) => `${file}: ${key} version ${version}, valid`),
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
      ...problems.map((one) => `${one.file}:${one.line}:${one.column}: ${one.message} (expected ${one.expected})`),
      '',
      plural(problems.length, 'problem'),
    ],
  };
}
