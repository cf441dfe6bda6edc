import { compileCondition, compileTemplateText } from '@tom/rules';
import type { Catalog } from './catalog.ts';
import type { Problem } from './catalog-error.ts';
import { templateFactSchema, templateTextSchema, type EventTypeName } from './event-types.ts';
import { expressionProblems } from './expression-problems.ts';
import { unknownCodes } from './fact-codes.ts';
import type { YamlFile, YamlPath } from './read-yaml.ts';
import { doubles, unknownName } from './references.ts';
import {
  caseActions,
  type ActionName,
  type RawAction,
  type RawCase,
  type RawCompletion,
  type RawRule,
  type RawRuleTask,
  type RawTransitionRequest,
  type TemplateFile,
} from './template-file.ts';

type Yaml = YamlFile<TemplateFile>;

/** Everything about a template that a JSON Schema cannot say. */
export function checkTemplate(yaml: Yaml, catalog: Catalog): readonly Problem[] {
  const { value } = yaml;
  const { tasks = [], rules = [], completion = [], required_outputs: outputs = [] } = value;
  return [
    ...checkParts(yaml),
    ...(value.trigger
      ? conditionProblems(yaml, ['trigger', 'condition'], value.trigger.condition, value.trigger.event, catalog)
      : []),
    ...(value.case ? checkCase(yaml, value.case, catalog) : []),
    ...(value.transition ? checkTransition(yaml, ['transition'], value.transition, catalog) : []),
    ...doubles(yaml, tasks, 'task', ({ key }, index) => [key, ['tasks', index, 'key']]),
    ...tasks.flatMap((task, index) => checkTask(yaml, ['tasks', index], task, catalog)),
    ...doubles(yaml, outputs, 'output', ({ key }, index) => [key, ['required_outputs', index, 'key']]),
    ...outputs.flatMap(({ phase }, index) =>
      unknownName(yaml, ['required_outputs', index, 'phase'], 'phase', phase, phasesOf(value.case?.engine, catalog)),
    ),
    ...doubles(yaml, rules, 'rule', ({ key }, index) => [key, ['rules', index, 'key']]),
    ...rules.flatMap((rule, index) => checkRule(yaml, index, rule, catalog)),
    ...doubles(yaml, completion, 'outcome', ({ outcome }, index) => [outcome, ['completion', index, 'outcome']]),
    ...completion.flatMap((entry, index) => checkCompletion(yaml, index, entry, catalog)),
  ];
}

/** Without a case there is nothing to trigger, to work and to complete; with one there must be a way to end it. */
function checkParts(yaml: Yaml): readonly Problem[] {
  const { value } = yaml;
  if (value.case) {
    if (value.completion?.length) return [];
    return [
      yaml.problem(['case'], 'The case can never be closed.', 'completion: with at least one outcome', { atKey: true }),
    ];
  }
  const needCase = (['trigger', 'transition', 'tasks', 'required_outputs', 'completion'] as const)
    .filter((part) => value[part] !== undefined)
    .map((part) => yaml.problem([part], `${part} needs a case.`, 'case: { type: …, engine: …, … }', { atKey: true }));
  if (needCase.length > 0 || value.rules?.length) return needCase;
  return [yaml.problem(['key'], 'The template does nothing.', 'a case or rules')];
}

function checkCase(yaml: Yaml, raw: RawCase, catalog: Catalog): readonly Problem[] {
  const engine = catalog.engines.get(raw.engine);
  return [
    ...unknownName(yaml, ['case', 'type'], 'case type', raw.type, keys(catalog.codes.caseTypes)),
    ...unknownName(yaml, ['case', 'engine'], 'engine', raw.engine, keys(catalog.engines)),
    ...unknownName(yaml, ['case', 'phase'], `phase of ${raw.engine}`, raw.phase, phasesOf(raw.engine, catalog)),
    ...(engine && engine.role !== raw.role && catalog.roles.has(raw.role)
      ? [yaml.problem(['case', 'role'], `${raw.role} is not the role of ${raw.engine}.`, engine.role)]
      : []),
    ...checkWork(yaml, ['case'], raw, catalog),
  ];
}

interface Work {
  readonly role: string;
  readonly queue: string;
  readonly priority: string;
  readonly title: string;
  readonly description?: string;
}

/** What a case and a task have in common. */
function checkWork(yaml: Yaml, at: YamlPath, work: Work, catalog: Catalog): readonly Problem[] {
  const queue = catalog.queues.get(work.queue);
  return [
    ...textProblems(yaml, [...at, 'title'], work.title),
    ...textProblems(yaml, [...at, 'description'], work.description),
    ...unknownName(yaml, [...at, 'queue'], 'queue', work.queue, keys(catalog.queues)),
    ...unknownName(yaml, [...at, 'role'], 'role', work.role, keys(catalog.roles)),
    ...(queue && queue.role !== work.role && catalog.roles.has(work.role)
      ? [yaml.problem([...at, 'role'], `The queue ${work.queue} is not worked by ${work.role}.`, queue.role)]
      : []),
    ...unknownName(yaml, [...at, 'priority'], 'priority', work.priority, keys(catalog.codes.priorities)),
  ];
}

/** From where the company comes is known only when it moves; but some row must lead there and know the reason. */
function checkTransition(
  yaml: Yaml,
  at: YamlPath,
  request: RawTransitionRequest,
  catalog: Catalog,
): readonly Problem[] {
  const unknown = unknownName(yaml, [...at, 'to'], 'stage', request.to, keys(catalog.stages.stages));
  if (unknown.length > 0) return unknown;
  const rows = catalog.stages.transitions.filter((row) => row.to === request.to);
  if (rows.length === 0) {
    return [
      yaml.problem(
        [...at, 'to'],
        `No transition leads to ${request.to}.`,
        'a stage that a row of stages.yaml leads to',
      ),
    ];
  }
  const reasons = new Set(rows.flatMap((row) => row.reasons.map((reason) => reason.code)));
  if (request.reason !== undefined) {
    return unknownName(yaml, [...at, 'reason'], `reason for ${request.to}`, request.reason, reasons);
  }
  if (rows.some((row) => !row.needsReason)) return [];
  return [yaml.problem(at, 'reason is missing.', `reason: one of ${[...reasons].join(', ')}`)];
}

function checkRule(yaml: Yaml, index: number, rule: RawRule, catalog: Catalog): readonly Problem[] {
  const at: YamlPath = ['rules', index];
  const inCase = yaml.value.case !== undefined;
  const restarts = rule.restarts_on !== undefined && !rule.after
    ? [yaml.problem([...at, 'restarts_on'], 'There is no waiting to begin anew.', 'after: { days: … }', { atKey: true })]
    : [];
  return [
    ...conditionProblems(yaml, [...at, 'condition'], rule.condition, rule.on, catalog, inCase),
    ...restarts,
    ...rule.do.flatMap((action, step) => checkAction(yaml, [...at, 'do', step], action, catalog)),
  ];
}

function checkAction(yaml: Yaml, at: YamlPath, action: RawAction, catalog: Catalog): readonly Problem[] {
  const [name] = Object.keys(action) as ActionName[];
  const engine = yaml.value.case?.engine;
  const { request_transition: transition, create_task: task, cancel_tasks: cancel, move_phase: phase, set_priority: priority } = action;
  return [
    ...(name !== undefined && caseActions.has(name) && !yaml.value.case
      ? [yaml.problem([...at, name], `${name} needs a case.`, 'case: { type: …, engine: …, … }', { atKey: true })]
      : []),
    ...(transition ? checkTransition(yaml, [...at, 'request_transition'], transition, catalog) : []),
    ...(task ? checkTask(yaml, [...at, 'create_task'], task, catalog) : []),
    ...(cancel?.types ?? []).flatMap((type, index) =>
      unknownName(yaml, [...at, 'cancel_tasks', 'types', index], 'task type', type, keys(catalog.codes.taskTypes)),
    ),
    ...(phase && engine
      ? unknownName(yaml, [...at, 'move_phase', 'to'], `phase of ${engine}`, phase.to, phasesOf(engine, catalog))
      : []),
    ...(action.add_note ? textProblems(yaml, [...at, 'add_note', 'body'], action.add_note.body) : []),
    ...(priority
      ? unknownName(yaml, [...at, 'set_priority', 'to'], 'priority', priority.to, keys(catalog.codes.priorities))
      : []),
  ];
}

function checkTask(yaml: Yaml, at: YamlPath, task: RawRuleTask, catalog: Catalog): readonly Problem[] {
  return [
    ...unknownName(yaml, [...at, 'type'], 'task type', task.type, keys(catalog.codes.taskTypes)),
    ...checkWork(yaml, at, task, catalog),
  ];
}

function checkCompletion(yaml: Yaml, index: number, entry: RawCompletion, catalog: Catalog): readonly Problem[] {
  const at: YamlPath = ['completion', index];
  const { stage, outcome, requires = [] } = entry;
  const outputs = new Set([
    ...(yaml.value.required_outputs ?? []).map(({ key }) => key),
    ...(catalog.engines.get(yaml.value.case?.engine ?? '')?.phases ?? []).flatMap((phase) =>
      phase.outputs.map(({ key }) => key),
    ),
  ]);
  const leads = stage === undefined || catalog.stages.transitions.some((row) => row.to === stage);
  return [
    ...unknownName(yaml, [...at, 'outcome'], 'outcome', outcome, keys(catalog.codes.outcomeCodes)),
    ...unknownName(yaml, [...at, 'stage'], 'stage', stage, keys(catalog.stages.stages)),
    ...(!leads && catalog.stages.stages.has(stage)
      ? [
          yaml.problem(
            [...at, 'stage'],
            `No transition leads to ${stage}.`,
            'a stage that a row of stages.yaml leads to',
          ),
        ]
      : []),
    ...requires.flatMap((key, step) => unknownName(yaml, [...at, 'requires', step], 'output', key, outputs)),
  ];
}

function conditionProblems(
  yaml: Yaml,
  at: YamlPath,
  condition: string | undefined,
  event: EventTypeName,
  catalog: Catalog,
  inCase = false,
): readonly Problem[] {
  if (condition === undefined) return [];
  return expressionProblems(
    yaml,
    at,
    () => compileCondition(condition, templateFactSchema(event, inCase)),
    (compiled) => unknownCodes(yaml, at, compiled, catalog, event),
  );
}

function textProblems(yaml: Yaml, at: YamlPath, text: string | undefined): readonly Problem[] {
  if (text === undefined) return [];
  return expressionProblems(yaml, at, () => compileTemplateText(text, templateTextSchema));
}

function phasesOf(engine: string | undefined, catalog: Catalog): ReadonlySet<string> | undefined {
  const phases = catalog.engines.get(engine ?? '')?.phases;
  return phases && new Set(phases.map(({ phase }) => phase));
}

function keys(map: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  return new Set(map.keys());
}
