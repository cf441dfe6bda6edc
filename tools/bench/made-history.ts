import { deriveId, ids } from '@tom/kernel';

/** A row of observed_event. */
export interface ObservedRow {
  readonly event_id: string;
  readonly type: string;
  readonly org_id: string;
  readonly case_id: string | null;
  readonly aggregate_id: string;
  readonly revision: number;
  readonly occurred_at: string;
  readonly correlation_id: string;
  readonly causation_id: string | null;
  readonly codes: Readonly<Record<string, unknown>>;
}

const DAY = 86_400_000;
const MINUTE = 60_000;
const TASKS = ['OPS_DATA_CHECK', 'ADD_CONTACT_POINTS', 'FIRST_OUTREACH', 'IDENTIFY_CONTACT', 'FIT_ASSESSMENT', 'CHECK_RELATION_SIGNALS'];
const OUTCOMES = ['NO_ANSWER', 'NO_ANSWER', 'REACHED_GATEKEEPER', 'NO_ANSWER', 'CALL_BACK_REQUESTED', 'REACHED_DECISION_MAKER'];

/** How many events a company's history has. */
export const EVENTS_A_COMPANY = 25;

/**
 * The history of the n-th company as workflow-service would have kept it: created, qualified with six tasks, called,
 * written to, some tasks done; every other one becomes a lead with a next step.
 */
export function historyOf(n: number, from: Date): readonly ObservedRow[] {
  const orgId = deriveId('made_org', n);
  const begin = from.getTime() + (n % 300) * DAY + (n % 480) * MINUTE;
  let count = 0;
  const rows: ObservedRow[] = [];
  function happen(type: string, days: number, aggregate: string, codes: object, given: { caseId?: string; cause?: string; id?: string } = {}): string {
    count += 1;
    const id = given.id ?? deriveId('made_event', orgId, count);
    const at = new Date(begin + days * DAY + count * 10).toISOString();
    rows.push({
      event_id: id,
      type,
      org_id: orgId,
      case_id: given.caseId ?? null,
      aggregate_id: aggregate,
      revision: count,
      occurred_at: at,
      correlation_id: id,
      causation_id: given.cause ?? null,
      codes: { ...codes },
    });
    return id;
  }

  happen('OrgCreated', 0, orgId, { org_kind: 'customer', status: 'lead', stage: 'UNVERIFIED' });
  const stage = { org_kind: 'customer', stages_version: 1 };
  const start = happen('OrgStageChanged', 0, orgId, { ...stage, to_stage: 'UNVERIFIED', reason_code: 'ORG_CREATED' });
  const caseId = ids.case(start, 'qualify_company');
  const ofCase = { case_type: 'QUALIFY_COMPANY', engine: 'inside_sales', phase: 'QUALIFY-A', status: 'NEW', template: 'qualify_company', template_version: 2 };
  happen('CaseOpened', 0, caseId, ofCase, { caseId, cause: start });
  const command = ids.causedMessage(start, 'tom.stage.v1.TransitionStage', caseId, 0);
  happen('OrgStageChanged', 0, orgId, { ...stage, from_stage: 'UNVERIFIED', to_stage: 'QUALIFYING', reason_code: 'CASE_OPENED' }, {
    caseId,
    cause: command,
    id: ids.causedMessage(command, 'tom.stage.v1.OrgStageChanged', orgId, 0),
  });
  const tasks = TASKS.map((type) => {
    const key = type.toLowerCase();
    const codes = { task_type: type, task_key: key, queue: 'INSIDE_SALES', role: 'inside_sales', origin: 'TEMPLATE', priority: 'NORMAL' };
    return { id: ids.templateTask(caseId, key), codes };
  });
  for (const { id, codes } of tasks) happen('TaskCreated', 0, id, { ...codes, status: 'OPEN' }, { caseId, cause: command });
  OUTCOMES.forEach((outcome, index) => {
    const occurred = new Date(begin + (index + 1) * DAY).toISOString();
    const codes = { activity_type: 'CALL', direction: 'OUTBOUND', outcome_code: outcome, occurred_at: occurred, queue: 'INSIDE_SALES' };
    happen('ActivityLogged', index + 1, deriveId('made_activity', orgId, index), codes, { caseId });
  });
  happen('ActivityLogged', 7, deriveId('made_activity', orgId, 'mail'), { activity_type: 'EMAIL', outcome_code: n % 3 === 0 ? 'BOUNCED' : 'SENT', occurred_at: new Date(begin + 7 * DAY).toISOString() }, { caseId });
  for (const { id, codes } of tasks.slice(0, 3)) happen('TaskCompleted', 8, id, { ...codes, status: 'DONE' }, { caseId });
  const step = deriveId('made_task', orgId);
  const dueAt = new Date(begin + 90 * DAY).toISOString();
  happen('TaskCreated', 9, step, { task_type: 'CALL_BACK', queue: 'INSIDE_SALES', role: 'inside_sales', origin: 'PERSON', priority: 'NORMAL', status: 'OPEN', due_at: dueAt }, { caseId });
  happen('ActivityLogged', 9, deriveId('made_activity', orgId, 'note'), { activity_type: 'NOTE', occurred_at: new Date(begin + 9 * DAY).toISOString() }, { caseId });
  if (n % 2 === 0) {
    const closing = happen('OrgStageChanged', 10, orgId, { ...stage, from_stage: 'QUALIFYING', to_stage: 'QUALIFIED_LEAD' }, { caseId });
    happen('CaseClosed', 10, caseId, { ...ofCase, status: 'CLOSED', outcome_code: 'QUALIFIED' }, { caseId, cause: closing });
  } else {
    for (const index of [1, 2]) {
      happen('ActivityLogged', 10 + index, deriveId('made_activity', orgId, `more${index}`), { activity_type: 'MEETING', outcome_code: 'HELD', occurred_at: new Date(begin + 10 * DAY).toISOString() }, { caseId });
    }
  }
  while (rows.length < EVENTS_A_COMPANY) {
    happen('ActivityLogged', 13, deriveId('made_activity', orgId, `last${rows.length}`), { activity_type: 'NOTE', occurred_at: new Date(begin + 13 * DAY).toISOString() });
  }
  return rows;
}

/** Writes rows given as JSON in `$1`. */
export const INSERT_OBSERVED = `insert into observed_event (event_id, type, org_id, case_id, aggregate_id, revision, occurred_at, correlation_id, causation_id, codes)
  select event_id, type, org_id, case_id, aggregate_id, revision, occurred_at, correlation_id, causation_id, codes
  from jsonb_to_recordset($1::jsonb) as r(event_id uuid, type text, org_id uuid, case_id uuid, aggregate_id uuid, revision int,
    occurred_at timestamptz, correlation_id uuid, causation_id uuid, codes jsonb) on conflict do nothing`;
