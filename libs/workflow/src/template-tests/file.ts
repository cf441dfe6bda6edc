import { CatalogError, readYaml, type Catalog, type Problem, type Template, type YamlFile, type YamlPath } from '@tom/catalog';
import type { Delay } from '../template.ts';

/** How long to wait; exactly one of these fields is there. */
export type RawDelay = { readonly [Unit in Delay['unit']]?: number };

/** One thing that happens; exactly one of these fields is there. */
export interface RawStep {
  /** The company of `given` is created. */
  readonly created?: Record<string, never>;
  readonly moved?: { readonly to: string; readonly reason?: string; readonly outcome?: string; readonly by?: string };
  /** A person starts this template. */
  readonly started?: string;
  readonly activity?: {
    readonly type: string;
    readonly outcome?: string;
    readonly direction?: string;
    readonly follow_up?: RawDelay;
    readonly by?: string;
    /** Type of an open case, or none; without it the only open case. */
    readonly case?: string;
  };
  /** A person creates a task. */
  readonly task?: { readonly type: string; readonly queue: string; readonly due?: RawDelay; readonly case?: string };
  readonly task_completed?: { readonly type: string; readonly by?: string };
  readonly task_cancelled?: { readonly type: string; readonly by?: string };
  readonly case_claimed?: { readonly case: string; readonly by: string; readonly roles: readonly string[] };
  readonly case_released?: { readonly case: string };
  readonly case_closed?: { readonly case: string; readonly outcome: string };
  readonly wait?: RawDelay;
}

export interface RawTask {
  readonly type: string;
  readonly key?: string;
  readonly title?: string;
  readonly queue?: string;
  readonly role?: string;
  readonly priority?: string;
  readonly assignee?: string;
  /** A day, in the business time zone. */
  readonly due?: string;
}

export interface RawCase {
  readonly name: string;
  readonly given: {
    readonly company: { readonly kind?: string; readonly stage?: string; readonly status?: string; readonly name?: string; readonly was_customer?: boolean };
    /** In the business time zone; Monday, 2 March 2026, 9:00 when it is not said. */
    readonly at?: string;
    readonly events?: readonly RawStep[];
  };
  readonly when: readonly RawStep[];
  readonly then: {
    readonly fired?: readonly string[];
    readonly tasks?: readonly RawTask[];
    readonly cancelled?: readonly string[];
    readonly opened?: readonly string[];
    readonly closed?: readonly { readonly case: string; readonly outcome: string }[];
    readonly refused?: readonly { readonly to: string; readonly unmet: readonly string[] }[];
    readonly notes?: readonly string[];
    readonly escalated?: readonly string[];
    readonly stage?: string;
    readonly cases?: readonly { readonly type: string; readonly status?: string; readonly phase?: string; readonly priority?: string; readonly owner?: string }[];
  };
}

export interface TestFile {
  readonly template: string;
  readonly cases: readonly RawCase[];
}

const fields = (properties: Readonly<Record<string, object>>, required: readonly string[] = []): object => {
  return { type: 'object', additionalProperties: false, required, properties };
};
const list = (items: object): object => ({ type: 'array', items, maxItems: 100 });
const text = { type: 'string', minLength: 1, maxLength: 300 };
const code = { type: 'string', pattern: '^[A-Z][A-Z0-9_]{0,59}$', description: 'a name in UPPER_SNAKE_CASE' };
const lower = { type: 'string', pattern: '^[a-z][a-z0-9_]{0,59}$', description: 'a name in lower_snake_case' };
const person = { type: 'string', pattern: '^[a-z][a-z0-9._-]{0,59}$', description: 'the id of a person' };
const day = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a day such as 2026-03-04' };
const amount = { type: 'integer', minimum: 1, maximum: 100_000 };
const delay = {
  ...fields({ working_days: { ...amount, maximum: 250 }, days: { ...amount, maximum: 3_650 }, hours: amount, minutes: amount, seconds: amount }),
  description: 'one of working_days, days, hours, minutes, seconds',
  minProperties: 1,
  maxProperties: 1,
};
const ended = fields({ type: code, by: person }, ['type']);
const step = {
  ...fields({
    created: { ...fields({}), description: 'created: {}' },
    moved: fields({ to: code, reason: code, outcome: code, by: person }, ['to']),
    started: lower,
    activity: fields({ type: code, outcome: code, direction: code, follow_up: delay, by: person, case: { type: 'string' } }, ['type']),
    task: fields({ type: code, queue: code, due: delay, case: code }, ['type', 'queue']),
    task_completed: ended,
    task_cancelled: ended,
    case_claimed: fields({ case: code, by: person, roles: list(lower) }, ['case', 'by', 'roles']),
    case_released: fields({ case: code }, ['case']),
    case_closed: fields({ case: code, outcome: code }, ['case', 'outcome']),
    wait: delay,
  }),
  description: 'one thing that happens, such as activity: { type: CALL }',
  minProperties: 1,
  maxProperties: 1,
};
const schema = fields(
  {
    template: lower,
    cases: {
      ...list(
        fields(
          {
            name: text,
            given: fields(
              {
                company: fields({ kind: lower, stage: code, status: lower, name: text, was_customer: { type: 'boolean' } }),
                at: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}$', description: 'an instant such as 2026-03-02T09:00' },
                events: list(step),
              },
              ['company'],
            ),
            when: { ...list(step), minItems: 1 },
            then: fields({
              fired: list({ type: 'string', pattern: '^([a-z][a-z0-9_]*\\.)?[a-z][a-z0-9_]*$', description: 'a rule, or template.rule' }),
              tasks: list(
                fields({ type: code, key: lower, title: text, queue: code, role: lower, priority: code, assignee: person, due: day }, ['type']),
              ),
              cancelled: list(code),
              opened: list(code),
              closed: list(fields({ case: code, outcome: code }, ['case', 'outcome'])),
              refused: list(fields({ to: code, unmet: list(code) }, ['to', 'unmet'])),
              notes: list(text),
              escalated: list(text),
              stage: code,
              cases: list(fields({ type: code, status: code, phase: { type: 'string' }, priority: code, owner: person }, ['type'])),
            }),
          },
          ['name', 'given', 'when', 'then'],
        ),
      ),
      minItems: 1,
    },
  },
  ['template', 'cases'],
);

/**
 * Reads cases for a template and checks every name in them. Throws CatalogError with every problem and its place: a
 * misspelt name would make a case that can never fail.
 */
export function readTestFile(
  source: string | { readonly path: string; readonly text: string },
  catalog: Catalog,
  templates: readonly Template[],
): YamlFile<TestFile> {
  const yaml = readYaml<TestFile>(source, schema);
  const problems = [...namesIn(yaml.value)].flatMap(({ path, kind, name }) => {
    const known = knownNames(kind, catalog, templates);
    if (known.has(name)) return [];
    return [yaml.problem(path, `There is no ${kind} ${name}.`, `one of ${[...known].sort().join(', ')}`)];
  });
  problems.push(...ruleProblems(yaml, templates));
  if (problems.length > 0) throw new CatalogError(problems.toSorted((a, b) => a.line - b.line || a.column - b.column));
  return yaml;
}

type Kind = 'template' | 'kind of company' | 'status' | 'stage' | 'task type' | 'case type' | 'queue' | 'activity type' | 'outcome';

function knownNames(kind: Kind, { codes, stages, queues }: Catalog, templates: readonly Template[]): ReadonlySet<string> {
  switch (kind) {
    case 'template':
      return new Set(templates.map(({ key }) => key));
    case 'kind of company':
      return new Set(codes.orgKinds.keys());
    case 'status':
      return new Set(codes.orgStatuses.keys());
    case 'stage':
      return new Set(stages.stages.keys());
    case 'task type':
      return new Set(codes.taskTypes.keys());
    case 'case type':
      return new Set(codes.caseTypes.keys());
    case 'queue':
      return new Set(queues.keys());
    case 'activity type':
      return new Set(codes.activityTypes.keys());
    case 'outcome':
      return new Set(codes.outcomeCodes.keys());
  }
}

interface Name {
  readonly path: YamlPath;
  readonly kind: Kind;
  readonly name: string;
}

function* namesIn({ template, cases }: TestFile): Generator<Name> {
  yield { path: ['template'], kind: 'template', name: template };
  for (const [index, one] of cases.entries()) {
    const at = ['cases', index];
    const { kind, stage, status } = one.given.company;
    if (kind !== undefined) yield { path: [...at, 'given', 'company', 'kind'], kind: 'kind of company', name: kind };
    if (stage !== undefined) yield { path: [...at, 'given', 'company', 'stage'], kind: 'stage', name: stage };
    if (status !== undefined) yield { path: [...at, 'given', 'company', 'status'], kind: 'status', name: status };
    for (const [n, each] of (one.given.events ?? []).entries()) yield* namesInStep(each, [...at, 'given', 'events', n]);
    for (const [n, each] of one.when.entries()) yield* namesInStep(each, [...at, 'when', n]);
    yield* namesInThen(one.then, [...at, 'then']);
  }
}

function* namesInStep(raw: RawStep, at: YamlPath): Generator<Name> {
  if (raw.moved) yield { path: [...at, 'moved', 'to'], kind: 'stage', name: raw.moved.to };
  if (raw.started) yield { path: [...at, 'started'], kind: 'template', name: raw.started };
  if (raw.activity) {
    yield { path: [...at, 'activity', 'type'], kind: 'activity type', name: raw.activity.type };
    const of = raw.activity.case;
    if (of !== undefined && of !== 'none') yield { path: [...at, 'activity', 'case'], kind: 'case type', name: of };
  }
  if (raw.task) {
    yield { path: [...at, 'task', 'type'], kind: 'task type', name: raw.task.type };
    yield { path: [...at, 'task', 'queue'], kind: 'queue', name: raw.task.queue };
  }
  for (const field of ['task_completed', 'task_cancelled'] as const) {
    const named = raw[field];
    if (named) yield { path: [...at, field, 'type'], kind: 'task type', name: named.type };
  }
  for (const field of ['case_claimed', 'case_released', 'case_closed'] as const) {
    const named = raw[field];
    if (named) yield { path: [...at, field, 'case'], kind: 'case type', name: named.case };
  }
  if (raw.case_closed) yield { path: [...at, 'case_closed', 'outcome'], kind: 'outcome', name: raw.case_closed.outcome };
}

function* namesInThen(then: RawCase['then'], at: YamlPath): Generator<Name> {
  for (const [n, { type }] of (then.tasks ?? []).entries()) yield { path: [...at, 'tasks', n, 'type'], kind: 'task type', name: type };
  for (const [n, type] of (then.cancelled ?? []).entries()) yield { path: [...at, 'cancelled', n], kind: 'task type', name: type };
  for (const [n, type] of (then.opened ?? []).entries()) yield { path: [...at, 'opened', n], kind: 'case type', name: type };
  for (const [n, one] of (then.closed ?? []).entries()) yield { path: [...at, 'closed', n, 'case'], kind: 'case type', name: one.case };
  for (const [n, one] of (then.refused ?? []).entries()) yield { path: [...at, 'refused', n, 'to'], kind: 'stage', name: one.to };
  for (const [n, one] of (then.cases ?? []).entries()) yield { path: [...at, 'cases', n, 'type'], kind: 'case type', name: one.type };
  if (then.stage !== undefined) yield { path: [...at, 'stage'], kind: 'stage', name: then.stage };
}

function ruleProblems(yaml: YamlFile<TestFile>, templates: readonly Template[]): Problem[] {
  const own = yaml.value.template;
  const known = new Set(
    templates.flatMap(({ key, rules, trigger }) => [
      ...(trigger ? [nameOfRule(own, key, 'start')] : []),
      ...rules.map((rule) => nameOfRule(own, key, rule.key)),
    ]),
  );
  return yaml.value.cases.flatMap(({ then }, index) =>
    (then.fired ?? []).flatMap((name, n) =>
      known.has(name)
        ? []
        : [yaml.problem(['cases', index, 'then', 'fired', n], `There is no rule ${name}.`, `one of ${[...known].sort().join(', ')}`)],
    ),
  );
}

/** A rule of the template that the file is about goes by its key alone. */
export function nameOfRule(own: string, template: string, rule: string): string {
  return template === own ? rule : `${template}.${rule}`;
}
