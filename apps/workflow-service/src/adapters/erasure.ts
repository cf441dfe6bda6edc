import { sql, type Tx } from '@tom/postgres';

/** What stands where a text was that must not be empty. */
const ERASED = '–';

const eraseCases = sql(
  'erasure.cases',
  `update case_item set title = coalesce($2::jsonb ->> case_type, case_type), description = null, outcome_note = null
   where org_id = $1`,
);
const eraseNotes = sql(
  'erasure.notes',
  `update case_note set body = $2 where case_id in (select case_id from case_item where org_id = $1) and body <> $2`,
);
const eraseFulfilments = sql(
  'erasure.fulfilments',
  `update case_requirement set fulfilled_value = $2
   where fulfilled_value is not null and case_id in (select case_id from case_item where org_id = $1)`,
);
// What a return asked for in other words became outputs of their own.
const eraseWordedOutputs = sql(
  'erasure.worded_outputs',
  `update case_requirement set description_de = $2, description_en = $2
   where key like 'returned\\_%' and case_id in (select case_id from case_item where org_id = $1)`,
);
const eraseHandOvers = sql(
  'erasure.handovers',
  `update case_handover set goal = $2, context = $2, open_points = '[]', recommendation = $2
   where case_id in (select case_id from case_item where org_id = $1)`,
);
const eraseReturns = sql(
  'erasure.returns',
  `update case_return set reason = $2, missing = '[]'
   where case_id in (select case_id from case_item where org_id = $1)`,
);
const eraseDoorRequests = sql(
  'erasure.door_requests',
  `delete from door_request where case_id in (select case_id from case_item where org_id = $1)`,
);
// Codes, ids and times stay: what happened remains known, to whom it happened does not.
const eraseHistory = sql(
  'erasure.history',
  `update case_history set envelope = jsonb_set(
     (envelope #- '{data,case,description}') #- '{data,case,outcomeNote}' #- '{data,note,body}' #- '{data,goal}'
       #- '{data,description}' #- (case when envelope #>> '{data,returnId}' is not null
         then '{data,reason}' else '{}' end)::text[], '{data,case,title}',
     to_jsonb(coalesce($2::jsonb ->> (envelope #>> '{data,case,caseType}'), $3::text)), false)
   where org_id = $1`,
);
const eraseAnswers = sql(
  'erasure.answers',
  `delete from idempotency where answer #>> '{case,orgId}' = $1::text
     or answer ->> 'caseId' in (select case_id::text from case_item where org_id = $1::uuid)`,
);
const eraseDeadLetters = sql(
  'erasure.dead_letters',
  `update dead_letter set value = '{}', error = $2 where subject = $1::text`,
);

/** Clears every text about a company; `titles` names the case types, to stand where a title was. */
export async function eraseTextsOf(tx: Tx, orgId: string, titles: ReadonlyMap<string, string>): Promise<void> {
  const names = JSON.stringify(Object.fromEntries(titles));
  await tx.query(eraseCases, [orgId, names]);
  await tx.query(eraseNotes, [orgId, ERASED]);
  await tx.query(eraseFulfilments, [orgId, ERASED]);
  await tx.query(eraseWordedOutputs, [orgId, ERASED]);
  await tx.query(eraseHandOvers, [orgId, ERASED]);
  await tx.query(eraseReturns, [orgId, ERASED]);
  await tx.query(eraseDoorRequests, [orgId]);
  await tx.query(eraseHistory, [orgId, names, ERASED]);
  await tx.query(eraseAnswers, [orgId]);
  await tx.query(eraseDeadLetters, [orgId, 'erased with the company']);
}
