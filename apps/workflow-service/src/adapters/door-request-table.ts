import { sql, type Database } from '@tom/postgres';

/** A request to move the company on behalf of a case, as it was asked the first time. */
export interface NotedRequest {
  readonly requestId: string;
  readonly caseId: string;
  readonly fromStage: string;
  readonly bodyHash: string;
  readonly createdAt: Date;
}

const insert = sql(
  'door_request.insert',
  `insert into door_request (request_id, case_id, from_stage, body_hash, created_at) values ($1, $2, $3, $4, $5)
   on conflict do nothing`,
);
const byId = sql(
  'door_request.by_id',
  `select body_hash as "bodyHash", from_stage as "fromStage" from door_request where request_id = $1`,
);
const forget = sql('door_request.forget', 'delete from door_request where request_id = $1');
const forgetOld = sql('door_request.forget_old', 'delete from door_request where created_at < $1');

type Reader = Pick<Database, 'query'>;

export async function noteDoorRequest(database: Reader, request: NotedRequest): Promise<void> {
  const { requestId, caseId, fromStage, bodyHash, createdAt } = request;
  await database.query(insert, [requestId, caseId, fromStage, bodyHash, createdAt]);
}

/** What was asked the first time under this id. */
export async function notedRequest(
  database: Reader,
  requestId: string,
): Promise<Pick<NotedRequest, 'bodyHash' | 'fromStage'> | undefined> {
  return (await database.query<Pick<NotedRequest, 'bodyHash' | 'fromStage'>>(byId, [requestId]))[0];
}

/** A refusal is not kept: the same key may be tried again. */
export async function forgetDoorRequest(database: Reader, requestId: string): Promise<void> {
  await database.query(forget, [requestId]);
}

export async function forgetDoorRequestsBefore(database: Reader, instant: Date): Promise<void> {
  await database.query(forgetOld, [instant]);
}
