import { sql, type Database, type Tx } from '@tom/postgres';

/** One attempt to move the company on behalf of a case. */
export interface DoorAttempt {
  readonly requestId: string;
  readonly correlationId: string;
  readonly caseId: string;
  readonly fromStage: string;
  readonly bodyHash: string;
  readonly outcomeNote?: string | undefined;
  readonly createdAt: Date;
}

const insert = sql(
  'door_request.insert',
  `insert into door_request (request_id, correlation_id, case_id, from_stage, body_hash, outcome_note, created_at)
   values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
);
const first = sql(
  'door_request.first',
  `select body_hash as "bodyHash",
    from_stage as "fromStage" from door_request where request_id = $1 order by created_at limit 1`,
);
const forget = sql('door_request.forget', 'delete from door_request where request_id = $1');
const forgetOld = sql('door_request.forget_old', 'delete from door_request where created_at < $1');
const notes = sql(
  'door_request.notes',
  `select case_id as "caseId", outcome_note as note from door_request
   where outcome_note is not null and case_id = any($1) and correlation_id = any($2)`,
);

type Reader = Pick<Database, 'query'>;

export async function insertDoorAttempt(database: Reader, attempt: DoorAttempt): Promise<void> {
  const { requestId, correlationId, caseId, fromStage, bodyHash, outcomeNote, createdAt } = attempt;
  await database.query(insert, [requestId, correlationId, caseId, fromStage, bodyHash, outcomeNote ?? null, createdAt]);
}

/** What was asked the first time under this request id. */
export async function firstAttempt(
  database: Reader,
  requestId: string,
): Promise<{ bodyHash: string; fromStage: string } | undefined> {
  return (await database.query<{ bodyHash: string; fromStage: string }>(first, [requestId]))[0];
}

/** A refusal is not kept: the same key may be tried again. */
export async function forgetDoorRequest(database: Reader, requestId: string): Promise<void> {
  await database.query(forget, [requestId]);
}

export async function forgetDoorRequestsBefore(database: Reader, instant: Date): Promise<void> {
  await database.query(forgetOld, [instant]);
}

/** What was said about the outcome, by case, in the requests with these correlations. */
export async function outcomeNotes(
  tx: Tx,
  caseIds: readonly string[],
  correlationIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (caseIds.length === 0) return new Map();
  const rows = await tx.query<{ caseId: string; note: string }>(notes, [caseIds, correlationIds]);
  return new Map(rows.map((row) => [row.caseId, row.note]));
}
