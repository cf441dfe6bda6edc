import { groupCommit, sql, type Database, type Tx } from '@tom/postgres';
import type { OpenCase } from '../domain/choose-case.ts';

/** What one command wants to know before it is decided. */
export interface KnownQuestion {
  readonly orgId?: string | undefined;
  readonly caseId?: string | undefined;
  readonly contactId?: string | undefined;
  readonly idempotency?: { readonly actor: string; readonly route: string; readonly key: string } | undefined;
}

/** What the projections, and the memory of keys, say. */
export interface Known {
  readonly org: { readonly changedAt: Date; readonly erased: boolean } | undefined;
  readonly openCases: readonly OpenCase[];
  readonly case: { readonly orgId: string; readonly queue: string } | undefined;
  readonly contact: { readonly orgId: string; readonly removed: boolean } | undefined;
  readonly answered: { readonly bodyHash: string; readonly answer: unknown } | undefined;
}

interface Row {
  readonly changed_at: Date | null;
  readonly erased: boolean | null;
  readonly open_cases: readonly OpenCase[] | null;
  readonly case_org: string | null;
  readonly case_queue: string | null;
  readonly contact_org: string | null;
  readonly contact_removed: boolean | null;
  readonly body_hash: string | null;
  readonly answer: unknown;
}

/** Exported for the test of its plan. */
export const lookUp = sql(
  'known.look_up',
  `select o.changed_at, o.erased, c.open_cases, kc.org_id as case_org, kc.queue as case_queue,
     kp.org_id as contact_org, kp.removed as contact_removed, d.body_hash, d.answer
   from json_to_recordset($1::json)
     as q(item int, org_id uuid, case_id uuid, contact_id uuid, actor text, route text, key text)
   left join known_org as o on o.org_id = q.org_id
   left join known_case as kc on kc.case_id = q.case_id
   left join known_contact as kp on kp.contact_id = q.contact_id
   left join idempotency as d on d.actor = q.actor and d.route = q.route and d.key = q.key
     and d.created_at >= now() - interval '24 hours'
   left join lateral (
     select json_agg(json_build_object('caseId', case_id, 'engine', engine, 'queue', queue)) as open_cases
     from known_case where org_id = q.org_id and open
   ) as c on true
   order by q.item`,
);

/** One read for all commands that ask at the same time. */
export function createKnown(database: Database): (question: KnownQuestion) => Promise<Known> {
  return groupCommit<KnownQuestion, Known>({ execute: (questions) => readKnown(database, questions) });
}

/** An answer for each question, in order. */
export async function readKnown(runner: Tx | Database, questions: readonly KnownQuestion[]): Promise<Known[]> {
  const asked = questions.map(({ orgId, caseId, contactId, idempotency }, item) => ({
    item,
    org_id: orgId,
    case_id: caseId,
    contact_id: contactId,
    ...idempotency,
  }));
  return (await runner.query<Row>(lookUp, [JSON.stringify(asked)])).map(knownOf);
}

function knownOf(row: Row): Known {
  return {
    org: row.changed_at === null ? undefined : { changedAt: row.changed_at, erased: row.erased === true },
    openCases: row.open_cases ?? [],
    case: row.case_org === null ? undefined : { orgId: row.case_org, queue: row.case_queue ?? '' },
    contact: row.contact_org === null ? undefined : { orgId: row.contact_org, removed: row.contact_removed === true },
    answered: row.body_hash === null ? undefined : { bodyHash: row.body_hash, answer: row.answer },
  };
}
