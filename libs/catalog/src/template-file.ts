import type { Text } from '@tom/kernel';
import type { OutputType } from './catalog.ts';
import { outputFields } from './engines-file.ts';
import { eventTypes, type EventTypeName } from './event-types.ts';
import { codeName, fields, listOf, lowerName, phaseName } from './file-schema.ts';

export interface RawTransitionRequest {
  readonly to: string;
  readonly reason?: string;
}

/** A task that a rule creates; `assignee: actor` gives it to the person behind the event. */
export interface RawRuleTask {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly queue: string;
  readonly role: string;
  readonly due_in_working_days: number;
  readonly priority: string;
  readonly assignee?: 'actor';
}

/** One action of a rule: exactly one of these fields is there. */
export interface RawAction {
  readonly request_transition?: RawTransitionRequest;
  readonly create_task?: RawRuleTask;
  readonly cancel_tasks?: { readonly types?: readonly string[] };
  readonly move_phase?: { readonly to: string };
  readonly add_note?: { readonly body: string };
  readonly set_priority?: { readonly to: string };
  readonly escalate?: { readonly reason: string };
  readonly start_template?: { readonly key: string };
}

export type ActionName = keyof RawAction;

/** The actions that change a case: a template of rules alone has none. */
export const caseActions: ReadonlySet<ActionName> = new Set([
  'cancel_tasks',
  'move_phase',
  'add_note',
  'set_priority',
  'escalate',
]);

/** How long a rule waits; exactly one of these fields is there. Working days end at the end of business. */
export interface RawDelay {
  readonly working_days?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

export interface RawTask {
  readonly key: string;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly queue: string;
  readonly role: string;
  readonly due_in_working_days: number;
  readonly priority: string;
}

export interface RawCase {
  readonly type: string;
  readonly engine: string;
  readonly phase: string;
  readonly role: string;
  readonly queue: string;
  readonly title: string;
  readonly description?: string;
  readonly priority: string;
}

export interface RawRule {
  readonly key: string;
  readonly on: EventTypeName;
  readonly condition?: string;
  readonly after?: RawDelay;
  readonly restarts_on?: readonly EventTypeName[];
  readonly do: readonly RawAction[];
}

export interface RawCompletion {
  readonly outcome: string;
  readonly stage?: string;
  readonly requires?: readonly string[];
}

/** A template as it is written. */
export interface TemplateFile {
  readonly key: string;
  readonly version: number;
  readonly description: string;
  readonly retired?: boolean;
  readonly org_kinds?: 'qualified' | 'any';
  readonly trigger?: { readonly event: EventTypeName; readonly condition?: string };
  readonly case?: RawCase;
  readonly transition?: RawTransitionRequest;
  readonly tasks?: readonly RawTask[];
  readonly required_outputs?: readonly {
    readonly key: string;
    readonly phase: string;
    readonly type: OutputType;
    readonly description: Text;
    readonly mandatory?: boolean;
  }[];
  readonly rules?: readonly RawRule[];
  readonly completion?: readonly RawCompletion[];
}

const event = { enum: Object.keys(eventTypes) };
const expression = { type: 'string', minLength: 1, maxLength: 2000, description: 'a CEL expression' };
// A rendered title ends up in a task or case, whose titles have 300 characters.
const title = { type: 'string', minLength: 1, maxLength: 200 };
const description = { type: 'string', minLength: 1, maxLength: 2000 };
const transition = fields({ to: codeName, reason: codeName }, ['to']);

const workFields = {
  type: codeName,
  title,
  description,
  queue: codeName,
  role: lowerName,
  due_in_working_days: { type: 'integer', minimum: 0, maximum: 250 },
  priority: codeName,
};
const taskFields = { key: lowerName, ...workFields };

const caseFields = {
  type: codeName,
  engine: lowerName,
  phase: phaseName,
  role: lowerName,
  queue: codeName,
  title,
  description,
  priority: codeName,
};

const actionFields = {
  request_transition: transition,
  create_task: fields({ ...workFields, assignee: { enum: ['actor'] } }, [
    'type',
    'title',
    'queue',
    'role',
    'due_in_working_days',
    'priority',
  ]),
  cancel_tasks: fields({ types: { ...listOf(codeName, 50), minItems: 1 } }, []),
  move_phase: fields({ to: phaseName }, ['to']),
  add_note: fields({ body: description }, ['body']),
  set_priority: fields({ to: codeName }, ['to']),
  escalate: fields({ reason: { type: 'string', minLength: 1, maxLength: 200 } }, ['reason']),
  start_template: fields({ key: lowerName }, ['key']),
} satisfies Record<ActionName, object>;

/** Every action that a rule can name. */
export const actionNames = Object.keys(actionFields) as readonly ActionName[];

const actionSchema = {
  type: 'object',
  description: 'one action, such as request_transition: { to: …, reason: … }',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: actionFields,
};

const amount = { type: 'integer', minimum: 1, maximum: 100_000 };
const delaySchema = {
  ...fields({ working_days: { ...amount, maximum: 250 }, days: { ...amount, maximum: 3_650 }, hours: amount, minutes: amount, seconds: amount }, []),
  description: 'one of working_days, days, hours, minutes, seconds',
  minProperties: 1,
  maxProperties: 1,
};

const ruleSchema = fields(
  {
    key: lowerName,
    on: event,
    condition: expression,
    after: delaySchema,
    restarts_on: { ...listOf(event, 10), minItems: 1 },
    do: { ...listOf(actionSchema, 20), minItems: 1 },
  },
  ['key', 'on', 'do'],
);

function allBut(properties: object, optional: string): readonly string[] {
  return Object.keys(properties).filter((name) => name !== optional);
}

export const templateSchema = fields(
  {
    key: lowerName,
    version: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    description: { type: 'string', minLength: 1, maxLength: 500 },
    retired: { type: 'boolean' },
    org_kinds: { enum: ['qualified', 'any'] },
    trigger: fields({ event, condition: expression }, ['event']),
    case: fields(caseFields, allBut(caseFields, 'description')),
    transition,
    tasks: listOf(fields(taskFields, allBut(taskFields, 'description')), 50),
    required_outputs: listOf(
      fields({ phase: phaseName, ...outputFields }, ['key', 'phase', 'type', 'description']),
      50,
    ),
    rules: listOf(ruleSchema, 50),
    completion: listOf(
      fields({ outcome: codeName, stage: codeName, requires: listOf(lowerName, 50) }, ['outcome']),
      20,
    ),
  },
  ['key', 'version', 'description'],
);
