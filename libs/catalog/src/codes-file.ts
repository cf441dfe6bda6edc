import type { Text } from '@tom/kernel';
import type { ActivityOutcome, Code, Codes } from './catalog.ts';
import type { Problem } from './catalog-error.ts';
import { codeName, entries, fields, listOf, lowerName, textSchema } from './file-schema.ts';
import type { YamlFile } from './read-yaml.ts';
import { doubles, unknownName, type Names } from './references.ts';

interface Labelled {
  readonly label: Text;
}

type Entries<T = unknown> = Readonly<Record<string, Labelled & T>>;

interface RawOutcome {
  readonly mandatory?: readonly string[];
  readonly usual_follow_up?: { readonly working_days: number } | { readonly hours: number };
  readonly reached?: boolean;
}

export interface CodesFile {
  readonly org_kinds: Entries<{ qualified?: boolean }>;
  readonly org_statuses: Entries;
  readonly activity_types: Entries<{ contact: boolean; directed: boolean; outcomes: Entries<RawOutcome> }>;
  readonly directions: Entries;
  readonly task_types: Entries;
  readonly task_statuses: Entries;
  readonly task_origins: Entries;
  readonly priorities: Entries<{ rank: number }>;
  readonly waiting_for: Entries;
  readonly case_types: Entries<{ engine: string }>;
  readonly case_statuses: Entries;
  readonly outcome_codes: Entries<{ without_template?: boolean }>;
  readonly note_types: Entries;
  readonly output_types: Entries;
}

function codes(more: Readonly<Record<string, object>> = {}, required: readonly string[] = []): object {
  return entries(codeName, fields({ label: textSchema, ...more }, ['label', ...required]));
}

/** Codes that the rules of the system know by name: people may change their labels and order, nothing else. */
function fixed(
  names: readonly string[],
  more: Readonly<Record<string, object>> = {},
  required: readonly string[] = [],
): object {
  const entry = fields({ label: textSchema, ...more }, ['label', ...required]);
  return fields(Object.fromEntries(names.map((name) => [name, entry])), names);
}

const formFields = ['notes', 'followUpAt', 'subject', 'contactId', 'durationMinutes', 'direction'];

const followUpSchema = {
  type: 'object',
  description: '{ working_days: 1 } or { hours: 2 }',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    working_days: { type: 'integer', minimum: 1, maximum: 250 },
    hours: { type: 'integer', minimum: 1, maximum: 72 },
  },
};

const outcomeSchema = fields(
  {
    label: textSchema,
    mandatory: listOf({ enum: formFields }),
    usual_follow_up: followUpSchema,
    reached: { type: 'boolean' },
  },
  ['label'],
);

const activityTypeFields = {
  contact: { type: 'boolean' },
  directed: { type: 'boolean' },
  outcomes: { type: 'object', maxProperties: 50, propertyNames: codeName, additionalProperties: outcomeSchema },
};

const properties: Readonly<Record<keyof CodesFile, object>> = {
  org_kinds: entries(lowerName, fields({ label: textSchema, qualified: { type: 'boolean' } }, ['label'])),
  org_statuses: fixed(['lead', 'prospect', 'customer', 'inactive']),
  activity_types: codes(activityTypeFields, Object.keys(activityTypeFields)),
  directions: fixed(['INBOUND', 'OUTBOUND']),
  task_types: codes(),
  task_statuses: fixed(['OPEN', 'IN_PROGRESS', 'DONE', 'CANCELLED']),
  task_origins: fixed(['TEMPLATE', 'ACTIVITY', 'PERSON', 'INBOUND']),
  priorities: fixed(['URGENT', 'HIGH', 'NORMAL', 'LOW'], { rank: { type: 'integer', minimum: 1, maximum: 100 } }, [
    'rank',
  ]),
  waiting_for: fixed(['CUSTOMER', 'SUPPLIER']),
  case_types: codes({ engine: lowerName }, ['engine']),
  case_statuses: fixed([
    'NEW',
    'IN_PROGRESS',
    'WAITING_INTERNAL',
    'WAITING_EXTERNAL',
    'ESCALATED',
    'BLOCKED',
    'CLOSED',
  ]),
  outcome_codes: codes({ without_template: { type: 'boolean' } }),
  note_types: fixed(['event', 'comment', 'handover', 'return', 'decision', 'system']),
  output_types: fixed(['document', 'information', 'decision', 'approval']),
};

export const codesSchema = fields(properties, Object.keys(properties));

/** Codes that the system itself uses; without them it cannot do its work. */
const needed = {
  org_kinds: ['customer'],
  activity_types: ['NOTE'],
  task_types: ['CALL_BACK', 'GENERAL'],
  outcome_codes: ['CANCELLED'],
} as const;

export function checkCodes(yaml: YamlFile<CodesFile>, engines: Names): readonly Problem[] {
  const { value } = yaml;
  return [
    ...Object.entries(value.case_types).flatMap(([type, { engine }]) =>
      unknownName(yaml, ['case_types', type, 'engine'], 'engine', engine, engines),
    ),
    ...doubles(yaml, Object.entries(value.priorities), 'rank', ([name, { rank }]) => [
      String(rank),
      ['priorities', name, 'rank'],
    ]),
    ...(Object.keys(needed) as (keyof typeof needed)[]).flatMap((list) =>
      needed[list]
        .filter((code) => !Object.hasOwn(value[list], code))
        .map((code) =>
          yaml.problem([list], `${code} is missing.`, `${code}, which the system itself uses`, { atKey: true }),
        ),
    ),
  ];
}

export function buildCodes(file: CodesFile): Codes {
  return {
    orgKinds: build(file.org_kinds, ({ qualified = false }) => ({ qualified })),
    orgStatuses: build(file.org_statuses),
    activityTypes: build(file.activity_types, ({ contact, directed, outcomes }) => ({
      contact,
      directed,
      outcomes: buildOutcomes(outcomes),
    })),
    directions: build(file.directions),
    taskTypes: build(file.task_types),
    taskStatuses: build(file.task_statuses),
    taskOrigins: build(file.task_origins),
    priorities: build(file.priorities, ({ rank }) => ({ rank })),
    waitingFor: build(file.waiting_for),
    caseTypes: build(file.case_types, ({ engine }) => ({ engine })),
    caseStatuses: build(file.case_statuses),
    outcomeCodes: build(file.outcome_codes, ({ without_template = false }) => ({ withoutTemplate: without_template })),
    noteTypes: build(file.note_types),
    outputTypes: build(file.output_types),
  };
}

function build<Raw, More = unknown>(
  list: Entries<Raw>,
  more?: (raw: Labelled & Raw) => More,
): ReadonlyMap<string, Code & More> {
  return new Map(
    Object.entries(list).map(([code, raw]) => [code, { code, label: raw.label, ...more?.(raw) } as Code & More]),
  );
}

function buildOutcomes(outcomes: Entries<RawOutcome>): ReadonlyMap<string, ActivityOutcome> {
  return new Map(
    Object.entries(outcomes).map(
      ([code, { label, mandatory = [], usual_follow_up: usual, reached = false }], index) => [
        code,
        {
          code,
          label,
          order: index + 1,
          mandatory,
          reached,
          ...(usual && { usualFollowUp: 'hours' in usual ? usual : { workingDays: usual.working_days } }),
        },
      ],
    ),
  );
}
