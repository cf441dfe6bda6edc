import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compileCondition, compileTemplateText } from '@tom/rules';
import type { Catalog } from './catalog.ts';
import { CatalogError, type Problem } from './catalog-error.ts';
import { checkTemplate } from './check-template.ts';
import { templateFactSchema, templateTextSchema } from './event-types.ts';
import { collect } from './load-catalog.ts';
import { inOrder, readYaml, type YamlFile } from './read-yaml.ts';
import type {
  RuleTask,
  Template,
  TemplateAction,
  TemplateCase,
  TemplateCompletion,
  TemplateDelay,
  TemplateRule,
  TemplateTask,
} from './template.ts';
import {
  templateSchema,
  type RawAction,
  type RawCase,
  type RawCompletion,
  type RawDelay,
  type RawRule,
  type RawRuleTask,
  type RawTask,
  type TemplateFile,
} from './template-file.ts';

/** Reads and checks one template as a whole; throws CatalogError with every problem and its place. */
export function readTemplate(text: string, file: string, catalog: Catalog): Template {
  return checked(readYaml<TemplateFile>({ path: file, text }, templateSchema), catalog);
}

/** All templates of a folder; see templateFilesIn and readTemplateFiles. */
export function readTemplates(folder: string, catalog: Catalog): readonly Template[] {
  return readTemplateFiles(templateFilesIn(folder), catalog);
}

/** The paths of a folder's templates, by name: `*.yaml`, but not the cases that stand beside them as `*.test.yaml`. */
export function templateFilesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * The templates of these files; throws CatalogError with every problem of every file at once. No two may be the same
 * version of a key, and no two keys may open the same type of case: asked for by its type, a case has one template.
 */
export function readTemplateFiles(files: readonly string[], catalog: Catalog): readonly Template[] {
  const problems: Problem[] = [];
  const templates = files.flatMap(
    (file) => collect(problems, () => checked(readYaml<TemplateFile>(file, templateSchema), catalog)) ?? [],
  );
  problems.push(...problemsBetween(templates));
  if (problems.length > 0) throw new CatalogError(problems);
  return templates;
}

/** What is wrong with templates beside each other, though each alone is in order. */
export function problemsBetween(templates: readonly Template[]): readonly Problem[] {
  return [
    ...templates.flatMap((template, index) => clashes(template, templates.slice(0, index))),
    ...templates.flatMap((template) => unknownStarts(template, templates)),
  ];
}

function clashes(template: Template, before: readonly Template[]): readonly Problem[] {
  const problem = (path: readonly string[], message: string, expected: string): Problem => {
    return { file: template.file, path: path.join('.'), ...template.range(path).start, message, expected };
  };
  return before.flatMap((other) => {
    if (other.key === template.key && other.version === template.version) {
      return [problem(['version'], `${other.file} is the same version of ${other.key}.`, 'each version once')];
    }
    const type = template.case?.caseType;
    if (other.key === template.key || type === undefined || other.case?.caseType !== type) return [];
    return [
      problem(['case', 'type'], `${other.file} opens cases of the type ${type} too.`, 'one template for each type'),
    ];
  });
}

/** A rule may start templates of the folder that open a case; one that starts its own would never end. */
function unknownStarts(template: Template, all: readonly Template[]): readonly Problem[] {
  const startable = new Set(all.filter((other) => other.case && other.key !== template.key).map(({ key }) => key));
  return template.rules.flatMap((rule, index) =>
    rule.actions.flatMap((action, step) => {
      if (action.kind !== 'start_template' || startable.has(action.key)) return [];
      const path = ['rules', index, 'do', step, 'start_template', 'key'];
      const expected = `one of ${[...startable].sort().join(', ')}`;
      const message = `There is no other template ${action.key} that opens a case.`;
      return [{ file: template.file, path: path.join('.'), ...template.range(path).start, message, expected }];
    }),
  );
}

function checked(yaml: YamlFile<TemplateFile>, catalog: Catalog): Template {
  const problems = checkTemplate(yaml, catalog);
  if (problems.length > 0) throw new CatalogError(inOrder(problems));
  const { value } = yaml;
  return {
    key: value.key,
    version: value.version,
    description: value.description,
    orgKinds: orgKinds(value, catalog),
    ...(value.trigger && {
      trigger: {
        event: value.trigger.event,
        condition: compileCondition(value.trigger.condition ?? 'true', templateFactSchema(value.trigger.event, false)),
      },
    }),
    ...(value.case && { case: buildCase(value.case) }),
    ...(value.transition && { transition: value.transition }),
    tasks: (value.tasks ?? []).map(buildTask),
    requiredOutputs: (value.required_outputs ?? []).map((output) => ({
      ...output,
      mandatory: output.mandatory ?? true,
    })),
    rules: (value.rules ?? []).map((rule) => buildRule(rule, value.case !== undefined)),
    completion: (value.completion ?? []).map((entry) => buildCompletion(entry, catalog)),
    contentHash: createHash('sha256').update(canonical(value)).digest('hex'),
    file: yaml.file,
    source: yaml.text,
    range: yaml.range,
  };
}

function orgKinds(file: TemplateFile, catalog: Catalog): ReadonlySet<string> {
  const kinds = [...catalog.codes.orgKinds.values()];
  return new Set(kinds.filter(({ qualified }) => qualified || file.org_kinds !== 'qualified').map(({ code }) => code));
}

function buildCase({ type, title, description, ...raw }: RawCase): TemplateCase {
  return { caseType: type, ...raw, ...buildTexts(title, description) };
}

function buildTask({ type, title, description, due_in_working_days: days, ...raw }: RawTask): TemplateTask {
  return { taskType: type, dueInWorkingDays: days, ...raw, ...buildTexts(title, description) };
}

function buildTexts(title: string, description: string | undefined): Pick<TemplateTask, 'title' | 'description'> {
  return {
    title: compileTemplateText(title, templateTextSchema),
    ...(description !== undefined && { description: compileTemplateText(description, templateTextSchema) }),
  };
}

function buildRule(raw: RawRule, inCase: boolean): TemplateRule {
  return {
    key: raw.key,
    on: raw.on,
    condition: compileCondition(raw.condition ?? 'true', templateFactSchema(raw.on, inCase)),
    ...(raw.after && { after: buildDelay(raw.after) }),
    restartsOn: raw.restarts_on ?? [],
    actions: raw.do.map(buildAction),
  };
}

function buildDelay(raw: RawDelay): TemplateDelay {
  const [[unit, amount] = []] = Object.entries(raw) as [TemplateDelay['unit'], number][];
  if (unit === undefined || amount === undefined) throw new Error('A delay of no unit passed the schema');
  return { unit, amount };
}

function buildCompletion(raw: RawCompletion, catalog: Catalog): TemplateCompletion {
  const usual = catalog.stages.transitions.filter((row) => row.to === raw.stage && row.defaultOutcome === raw.outcome);
  return {
    ...raw,
    requires: raw.requires ?? [],
    ...(usual.length > 0 && { usualFrom: usual.map((row) => row.from) }),
  };
}

function buildAction(raw: RawAction): TemplateAction {
  if (raw.request_transition) return { kind: 'request_transition', ...raw.request_transition };
  if (raw.create_task) return { kind: 'create_task', task: buildRuleTask(raw.create_task) };
  if (raw.cancel_tasks) return { kind: 'cancel_tasks', types: raw.cancel_tasks.types };
  if (raw.move_phase) return { kind: 'move_phase', to: raw.move_phase.to };
  if (raw.add_note) return { kind: 'add_note', body: compileTemplateText(raw.add_note.body, templateTextSchema) };
  if (raw.set_priority) return { kind: 'set_priority', to: raw.set_priority.to };
  if (raw.escalate) return { kind: 'escalate', reason: raw.escalate.reason };
  if (raw.start_template) return { kind: 'start_template', key: raw.start_template.key };
  throw new Error('An action of no kind passed the schema');
}

function buildRuleTask({ type, title, description, due_in_working_days: days, assignee, ...raw }: RawRuleTask): RuleTask {
  return {
    taskType: type,
    dueInWorkingDays: days,
    ...raw,
    toActor: assignee === 'actor',
    ...buildTexts(title, description),
  };
}

/** The same text for the same content, whatever the order of its fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
