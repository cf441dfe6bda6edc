import type { Text } from '@tom/kernel';
import type { OutputType } from './catalog.ts';
import { outputFields } from './engines-file.ts';
import { eventTypes, type EventTypeName } from './event-types.ts';
import { codeName, fields, listOf, lowerName, phaseName } from './file-schema.ts';

/** Every action that a rule can name. Those not in `runnable` have their place in the format and are refused so far. */
export const actionNames = [
  'request_transition',
  'create_task',
  'cancel_tasks',
  'move_phase',
  'add_note',
  'set_priority',
  'escalate',
  'start_template',
] as const;

export type ActionName = (typeof actionNames)[number];

export const runnable = ['request_transition'] as const satisfies readonly ActionName[];

export interface RawTransitionRequest {
  readonly to: string;
  readonly reason?: string;
}

export type RawAction = { readonly request_transition?: RawTransitionRequest } & Readonly<Record<string, unknown>>;

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

const actionSchema = {
  type: 'object',
  description: 'one action, such as request_transition: { to: …, reason: … }',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: Object.fromEntries(
    actionNames.map((name) => [
      name,
      name === 'request_transition' ? transition : { description: 'the fields of the action' },
    ]),
  ),
};

const taskFields = {
  key: lowerName,
  type: codeName,
  title,
  description,
  queue: codeName,
  role: lowerName,
  due_in_working_days: { type: 'integer', minimum: 0, maximum: 250 },
  priority: codeName,
};

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

function allBut(properties: object, optional: string): readonly string[] {
  return Object.keys(properties).filter((name) => name !== optional);
}

export const templateSchema = fields(
  {
    key: lowerName,
    version: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    description: { type: 'string', minLength: 1, maxLength: 500 },
    org_kinds: { enum: ['qualified', 'any'] },
    trigger: fields({ event, condition: expression }, ['event']),
    case: fields(caseFields, allBut(caseFields, 'description')),
    transition,
    tasks: listOf(fields(taskFields, allBut(taskFields, 'description')), 50),
    required_outputs: listOf(
      fields({ phase: phaseName, ...outputFields }, ['key', 'phase', 'type', 'description']),
      50,
    ),
    rules: listOf(
      fields({ key: lowerName, on: event, condition: expression, do: { ...listOf(actionSchema, 20), minItems: 1 } }, [
        'key',
        'on',
        'do',
      ]),
      50,
    ),
    completion: listOf(
      fields({ outcome: codeName, stage: codeName, requires: listOf(lowerName, 50) }, ['outcome']),
      20,
    ),
  },
  ['key', 'version', 'description'],
);
