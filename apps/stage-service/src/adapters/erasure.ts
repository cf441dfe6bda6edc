import { RegisterOrg } from '@tom/contracts/messages';
import { ids } from '@tom/kernel';
import { forgetDeadLetters } from '@tom/messaging';
import { sql, type Tx } from '@tom/postgres';

const statements = [
  sql(
    'erase.org_history',
    `update org_history set envelope = jsonb_set(envelope, '{data}', jsonb_strip_nulls(jsonb_build_object(
       'orgId', org_id, 'org', case when envelope -> 'data' ? 'org' then
         (envelope -> 'data' -> 'org') - '{name,externalRef,website,phone,address,industry}'::text[] end))
       || ((envelope -> 'data') - '{org,orgId,reasonNote,reason}'::text[]))
     where org_id = $1`,
  ),
  sql('erase.stage_history', 'update org_stage_history set reason_note = null where org_id = $1 and reason_note is not null'),
  sql('erase.org_task', 'update org_task set title = task_type where org_id = $1'),
  // What still decodes stays able to be handled; the rest is only kept as a fact.
  sql(
    'erase.dead_letter',
    `update dead_letter set value = case when value is json object then (
       value::jsonb #- '{reasonNote}' #- '{activity,notes}' #- '{activity,subject}' #- '{task,description}' #- '{task,result}'
         || case when value::jsonb #> '{task,title}' is null then '{}' else
           jsonb_build_object('task', (value::jsonb -> 'task') - '{description,result}'::text[]
             || jsonb_build_object('title', value::jsonb #>> '{task,taskType}')) end)::text
       else '{}' end
     where subject = $1::uuid::text`,
  ),
];
// Answers are kept for a day and may hold what was just cleared; a repetition finds no answer and is handled anew.
const answers = sql('erase.idempotency', `delete from idempotency where answer is not null and answer::text like '%' || $1 || '%'`);

const rememberRef = sql('erased_ref.insert', 'insert into erased_ref (ref_id) values ($1) on conflict do nothing');
const findRef = sql('erased_ref.find', 'select 1 from erased_ref where ref_id = $1');

/**
 * Clears what this service keeps about a company beside its row: history, notes, titles, dead letters, kept answers. Of
 * its external reference an id remains, from which it cannot be read: other systems do not know that they must forget.
 */
export async function eraseTraces(tx: Tx, orgId: string, externalRef: string | null): Promise<void> {
  for (const statement of statements) await tx.query(statement, [orgId]);
  await tx.query(answers, [orgId]);
  if (externalRef === null) return;
  await tx.query(rememberRef, [ids.registeredOrg(externalRef)]);
  await forgetDeadLetters(tx, RegisterOrg.topic, externalRef);
}

/** Whether a company with this external reference was erased. */
export async function isErasedRef(tx: Tx, externalRef: string): Promise<boolean> {
  return (await tx.query(findRef, [ids.registeredOrg(externalRef)])).length > 0;
}

/** The same for one contact: its events carry ids only, so just the kept answers. */
export async function eraseContactTraces(tx: Tx, contactId: string): Promise<void> {
  await tx.query(answers, [contactId]);
}
