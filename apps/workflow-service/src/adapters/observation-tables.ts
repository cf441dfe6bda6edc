import type { Envelope } from '@tom/messaging';
import { sql, type Tx } from '@tom/postgres';
import type { Evaluation } from '@tom/workflow';

/** Codes and times of an event: no names, no free text. */
export type Codes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Observation {
  readonly envelope: Envelope<unknown>;
  readonly caseId?: string | undefined;
  readonly codes: Codes;
}

/** Facts that name somebody; their values are kept nowhere. */
const PERSONAL = new Set(['org.name', 'event.org_name']);

const write = sql(
  'observation.write',
  `with event as (
     insert into observed_event (event_id, type, org_id, case_id, aggregate_id, revision, occurred_at, correlation_id,
       causation_id, codes)
     select event_id, type, org_id, case_id, aggregate_id, revision, occurred_at, correlation_id, causation_id, codes
     from jsonb_to_recordset($1::jsonb) as r(event_id uuid, type text, org_id uuid, case_id uuid, aggregate_id uuid,
       revision int, occurred_at timestamptz, correlation_id uuid, causation_id uuid, codes jsonb)
     on conflict do nothing)
   insert into rule_evaluation (event_id, template, template_version, rule, place_id, org_id, case_id, fired,
     obstacle, condition, parts, evaluated_at)
   select "eventId", template, "templateVersion", rule, "placeId", "orgId", "caseId", fired, obstacle, condition,
     parts, $3
   from jsonb_to_recordset($2::jsonb) as r("eventId" uuid, template text, "templateVersion" int, rule text,
     "placeId" uuid, "orgId" uuid, "caseId" uuid, fired boolean, obstacle text, condition text, parts jsonb)
   on conflict do nothing`,
);

/** Notes what was seen and decided; leaves with the transaction's COMMIT. */
export function observe(
  tx: Tx,
  now: Date,
  observations: readonly Observation[],
  evaluations: readonly Evaluation[] = [],
): void {
  const events = observations.map(({ envelope, caseId, codes }) => ({
    event_id: envelope.id,
    type: shortName(envelope.type),
    org_id: envelope.subject,
    case_id: caseId,
    aggregate_id: envelope.aggregateId,
    revision: envelope.revision,
    occurred_at: envelope.time,
    correlation_id: envelope.correlationId,
    causation_id: envelope.causationId,
    codes,
  }));
  const judged = evaluations.map((evaluation) => ({ ...evaluation, parts: evaluation.parts.map(withoutNames) }));
  tx.beforeCommit(() => ({ statement: write, values: [JSON.stringify(events), JSON.stringify(judged), now] }));
}

/** `TaskCreated` of `tom.task.v1.TaskCreated`. */
export function shortName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

function withoutNames(part: Evaluation['parts'][number]): Evaluation['parts'][number] {
  const kept = Object.entries(part.value).filter(([path]) => !PERSONAL.has(path));
  return { ...part, value: Object.fromEntries(kept) };
}
