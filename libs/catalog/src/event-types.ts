import type { FactSchema } from '@tom/rules';

const taskFields = {
  /** The key of the task in its template. */
  task_key: 'string?',
  task_type: 'string',
  queue: 'string',
  role: 'string',
  origin: 'string',
  priority: 'string',
} as const satisfies FactSchema;

const caseFields = { case_type: 'string', engine: 'string' } as const satisfies FactSchema;

/** Where a case came from that changed hands; engine, phase, role and queue are those where it is now. */
const transferFields = {
  ...caseFields,
  phase: 'string',
  role: 'string',
  queue: 'string',
  from_engine: 'string',
  from_phase: 'string?',
  from_role: 'string?',
  from_queue: 'string?',
} as const satisfies FactSchema;

/** The events that a trigger or rule may name, with the fields it may read as `event.<field>`. */
export const eventTypes = {
  OrgStageChanged: {
    from_stage: 'string?',
    to_stage: 'string',
    reason_code: 'string?',
    outcome_code: 'string?',
    org_kind: 'string',
    org_name: 'string?',
  },
  ActivityLogged: {
    activity_type: 'string',
    direction: 'string?',
    outcome_code: 'string?',
    occurred_at: 'timestamp',
    follow_up_at: 'timestamp?',
    created_by: 'string',
    /** CALLs of the case in a row, up to this one and in the order logged, that had its outcome; 0 for other types. */
    calls_in_row: 'int',
  },
  TaskCreated: taskFields,
  TaskCompleted: { ...taskFields, completed_by: 'string' },
  TaskCancelled: taskFields,
  TaskBecameOverdue: taskFields,
  CaseOpened: { ...caseFields, phase: 'string', template: 'string?' },
  CaseClaimed: {
    ...caseFields,
    claimed_by: 'string',
    /** The role in which the person claimed it: the owning role when they may work for it, else their first one. */
    claimed_by_role: 'string',
    claimed_by_roles: 'list<string>',
  },
  CaseReleased: { ...caseFields, released_by: 'string' },
  /** `key` is the output's; its value is in no event. */
  CaseRequirementFulfilled: { ...caseFields, phase: 'string', key: 'string' },
  CasePhaseChanged: { ...caseFields, phase: 'string', previous_phase: 'string?' },
  CaseHandedOver: transferFields,
  /** `return_count` is how often the case was returned up to this one; `case.return_count` counts later ones as well. */
  CaseReturned: { ...transferFields, return_count: 'int' },
  CaseStatusChanged: { ...caseFields, status: 'string', previous_status: 'string' },
  /** `reason` is DUE_DATE_PASSED, RETURNED_TOO_OFTEN or what the rule says that escalated it. */
  CaseEscalated: { ...caseFields, reason: 'string', return_count: 'int' },
  CaseClosed: { ...caseFields, outcome_code: 'string' },
} as const satisfies Record<string, FactSchema>;

export type EventTypeName = keyof typeof eventTypes;

/** What conditions and placeholders may read beside the event: workflow-service's own projections. */
const shownOrgFacts = {
  org_id: 'string',
  name: 'string?',
  org_kind: 'string',
  status: 'string',
  current_stage: 'string',
} as const satisfies FactSchema;

const orgFacts = {
  ...shownOrgFacts,
  /** Open tasks of persons and activities that are due later than now: what domain.md §3 calls a next step. */
  next_steps: 'int',
} as const satisfies FactSchema;

const openCaseFacts = { open: 'int', open_types: 'list<string>' } as const satisfies FactSchema;

const caseFacts = {
  case_id: 'string',
  case_type: 'string',
  engine: 'string',
  phase: 'string',
  status: 'string',
  owner_role: 'string',
  owner_queue: 'string',
  owner: 'string?',
  priority: 'string',
  return_count: 'int',
} as const satisfies FactSchema;

const schemas = new Map<string, FactSchema>();

/** The facts at an event: `event` (with its `type`), `org`, `cases`, and `case` for a rule of a running case. */
export function templateFactSchema(event: EventTypeName, inCase: boolean): FactSchema {
  const name = `${event} ${inCase}`;
  // The same object each time: expressions over one schema share what was declared for it.
  const known = schemas.get(name);
  if (known) return known;
  const schema: FactSchema = {
    event: { type: 'string', ...eventTypes[event] },
    org: orgFacts,
    cases: openCaseFacts,
    ...(inCase && { case: caseFacts }),
  };
  schemas.set(name, schema);
  return schema;
}

/** What titles and descriptions may show. */
export const templateTextSchema: FactSchema = { org: shownOrgFacts };
