import type { Text } from '@tom/kernel';
import { compileCondition, compileExpression, type GuardRule } from '@tom/rules';
import type { Problem } from './catalog-error.ts';
import { expressionProblems } from './expression-problems.ts';
import { codeName, entries, fields, listOf, textSchema } from './file-schema.ts';
import type { YamlFile, YamlPath } from './read-yaml.ts';
import { doubles, unknownName, type Names } from './references.ts';
import { stageFactSchema } from './stage-facts.ts';
import type { OrgStatus, Reason, Stages, StageTransition } from './stages.ts';

const statuses = ['lead', 'prospect', 'customer', 'inactive'] as const satisfies readonly OrgStatus[];

/** Forms that a fix can open. */
const fixActions = ['LOG_ACTIVITY', 'CREATE_TASK', 'START_TEMPLATE', 'CLAIM_CASE', 'CLOSE_CASE'] as const;

interface RawRule {
  readonly condition: string;
  readonly value?: string;
  readonly message: Text;
  readonly hint?: Text;
  readonly fix?: { readonly action: string; readonly params: Readonly<Record<string, unknown>> };
}

interface RawTransition {
  readonly from: readonly string[];
  readonly to: string;
  readonly set_by?: 'person' | 'workflow';
  readonly guard?: readonly string[];
  readonly needs_reason?: boolean;
  readonly reasons?: readonly string[];
  readonly default_reason?: string;
  readonly default_outcome?: string;
}

export interface StagesFile {
  readonly version: number;
  readonly initial: Readonly<Record<OrgStatus, string>>;
  readonly stages: Readonly<Record<string, { label: Text; status: OrgStatus; side?: boolean; main_next?: string }>>;
  readonly reasons: Readonly<Record<string, { label: Text; needs_note?: boolean; names_org?: boolean }>>;
  readonly rules: Readonly<Record<string, RawRule>>;
  readonly transitions: readonly RawTransition[];
}

const flag = { type: 'boolean' } as const;
const expression = { type: 'string', minLength: 1, maxLength: 2000, description: 'a CEL expression' } as const;

export const stagesSchema = fields(
  {
    version: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    initial: fields(Object.fromEntries(statuses.map((status) => [status, codeName])), statuses),
    stages: entries(
      codeName,
      fields({ label: textSchema, status: { enum: statuses }, side: flag, main_next: codeName }, ['label', 'status']),
    ),
    reasons: entries(codeName, fields({ label: textSchema, needs_note: flag, names_org: flag }, ['label'])),
    rules: entries(
      codeName,
      fields(
        {
          condition: expression,
          value: expression,
          message: textSchema,
          hint: textSchema,
          fix: fields({ action: { enum: fixActions }, params: { type: 'object', maxProperties: 10 } }, [
            'action',
            'params',
          ]),
        },
        ['condition', 'message'],
      ),
    ),
    transitions: {
      ...listOf(
        fields(
          {
            from: { ...listOf(codeName), minItems: 1 },
            to: codeName,
            set_by: { enum: ['person', 'workflow'] },
            guard: listOf(codeName),
            needs_reason: flag,
            reasons: listOf(codeName),
            default_reason: codeName,
            default_outcome: codeName,
          },
          ['from', 'to'],
        ),
      ),
      minItems: 1,
    },
  },
  ['version', 'initial', 'stages', 'reasons', 'rules', 'transitions'],
);

/** Reasons that stage-service sets without a row that says so. */
const systemReasons = ['ORG_CREATED', 'GUARD_OVERRIDDEN'] as const;

export function checkStages(yaml: YamlFile<StagesFile>, outcomes: Names): readonly Problem[] {
  const { value } = yaml;
  const stages = new Set(Object.keys(value.stages));
  const reasons = new Set(Object.keys(value.reasons));
  const rules = new Set(Object.keys(value.rules));
  const pairs = value.transitions.flatMap((row, index) =>
    row.from.map((from, at) => [`${from} → ${row.to}`, ['transitions', index, 'from', at]] as const),
  );
  return [
    ...statuses.flatMap((status) => checkInitial(yaml, status, stages)),
    ...Object.entries(value.stages).flatMap(([stage, { main_next: next }]) => checkMainNext(yaml, stage, next, stages)),
    ...systemReasons
      .filter((reason) => !reasons.has(reason))
      .map((reason) =>
        yaml.problem(['reasons'], `${reason} is missing.`, `${reason}, which the system sets`, { atKey: true }),
      ),
    ...Object.entries(value.rules).flatMap(([name, rule]) => checkRule(yaml, name, rule)),
    ...doubles(yaml, pairs, 'transition', (pair) => pair),
    ...value.transitions.flatMap((row, index) =>
      checkRow(yaml, row, ['transitions', index], { stages, reasons, rules, outcomes }),
    ),
  ];
}

function checkInitial(yaml: YamlFile<StagesFile>, status: OrgStatus, stages: Names): readonly Problem[] {
  const { value } = yaml;
  const stage = value.initial[status];
  const computed = value.stages[stage]?.status;
  if (computed === undefined || computed === status)
    return unknownName(yaml, ['initial', status], 'stage', stage, stages);
  return [
    yaml.problem(
      ['initial', status],
      `The stage ${stage} has the status ${computed}.`,
      `a stage with the status ${status}`,
    ),
  ];
}

function checkMainNext(
  yaml: YamlFile<StagesFile>,
  stage: string,
  next: string | undefined,
  stages: Names,
): readonly Problem[] {
  const path = ['stages', stage, 'main_next'];
  const leads = yaml.value.transitions.some((row) => row.to === next && row.from.includes(stage));
  if (next === undefined || leads) return [];
  const unknown = unknownName(yaml, path, 'stage', next, stages);
  return unknown.length > 0
    ? unknown
    : [yaml.problem(path, `No transition leads from ${stage} to ${next}.`, 'a stage that a row leads to')];
}

function checkRule(yaml: YamlFile<StagesFile>, name: string, rule: RawRule): readonly Problem[] {
  return [
    ...expressionProblems(yaml, ['rules', name, 'condition'], () => compileCondition(rule.condition, stageFactSchema)),
    ...(rule.value === undefined
      ? []
      : expressionProblems(yaml, ['rules', name, 'value'], () => compileExpression(rule.value ?? '', stageFactSchema))),
  ];
}

interface KnownNames {
  readonly stages: Names;
  readonly reasons: Names;
  readonly rules: Names;
  readonly outcomes: Names;
}

function checkRow(yaml: YamlFile<StagesFile>, row: RawTransition, at: YamlPath, known: KnownNames): readonly Problem[] {
  const reasons = row.reasons ?? [];
  const problems = [
    ...row.from.flatMap((from, index) => unknownName(yaml, [...at, 'from', index], 'stage', from, known.stages)),
    ...unknownName(yaml, [...at, 'to'], 'stage', row.to, known.stages),
    ...(row.guard ?? []).flatMap((rule, index) =>
      unknownName(yaml, [...at, 'guard', index], 'rule', rule, known.rules),
    ),
    ...reasons.flatMap((reason, index) =>
      unknownName(yaml, [...at, 'reasons', index], 'reason', reason, known.reasons),
    ),
    ...unknownName(yaml, [...at, 'default_reason'], 'reason of this row', row.default_reason, new Set(reasons)),
    ...unknownName(yaml, [...at, 'default_outcome'], 'outcome', row.default_outcome, known.outcomes),
  ];
  if (row.from.includes(row.to)) {
    problems.push(yaml.problem([...at, 'to'], `${row.to} leads to itself.`, 'another stage'));
  }
  if (row.needs_reason === true && reasons.length === 0) {
    problems.push(yaml.problem([...at, 'needs_reason'], 'A reason is needed, but the row has none.', 'reasons: [ … ]'));
  }
  if (row.needs_reason === true && row.default_reason !== undefined) {
    problems.push(
      yaml.problem([...at, 'default_reason'], 'A reason that is needed has no default.', 'either of the two'),
    );
  }
  if (row.set_by === 'workflow' && row.default_reason === undefined) {
    problems.push(
      yaml.problem(at, 'default_reason is missing.', 'the reason that is written when a workflow gives none'),
    );
  }
  return problems;
}

export function buildStages(file: StagesFile): Stages {
  const reasons = new Map(
    Object.entries(file.reasons).map(([code, { label, needs_note = false, names_org = false }]) => [
      code,
      { code, label, needsNote: needs_note, namesOrg: names_org },
    ]),
  );
  const rules = new Map(Object.entries(file.rules).map(([name, rule]) => [name, buildRule(name, rule)]));
  const transitions = file.transitions.flatMap((row) =>
    row.from.map((from) => buildTransition(row, from, rules, reasons)),
  );
  const byStage = new Map(
    Object.keys(file.stages).map((stage) => [stage, transitions.filter((transition) => transition.from === stage)]),
  );
  return {
    version: file.version,
    stages: new Map(
      Object.entries(file.stages).map(([stage, { label, status, side = false, main_next: next }]) => [
        stage,
        { stage, label, status, side, ...(next !== undefined && { mainNext: next }) },
      ]),
    ),
    reasons,
    rules,
    transitions,
    initial: (status) => file.initial[status],
    from: (stage) => byStage.get(stage) ?? [],
    find: (from, to) => byStage.get(from)?.find((transition) => transition.to === to),
  };
}

function buildRule(rule: string, raw: RawRule): GuardRule {
  return {
    rule,
    condition: compileCondition(raw.condition, stageFactSchema),
    message: raw.message,
    ...(raw.value !== undefined && { value: compileExpression(raw.value, stageFactSchema) }),
    ...(raw.hint && { hint: raw.hint }),
    ...(raw.fix && { fix: raw.fix }),
  };
}

function buildTransition(
  row: RawTransition,
  from: string,
  rules: ReadonlyMap<string, GuardRule>,
  reasons: ReadonlyMap<string, Reason>,
): StageTransition {
  return {
    from,
    to: row.to,
    setBy: row.set_by ?? 'person',
    needsReason: row.needs_reason ?? false,
    reasons: (row.reasons ?? []).flatMap((code) => reasons.get(code) ?? []),
    guard: (row.guard ?? []).flatMap((name) => rules.get(name) ?? []),
    ...(row.default_reason !== undefined && { defaultReason: row.default_reason }),
    ...(row.default_outcome !== undefined && { defaultOutcome: row.default_outcome }),
  };
}
