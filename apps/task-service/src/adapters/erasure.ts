import { sql, type Tx } from '@tom/postgres';

const eraseOrg = sql(
  'erasure.org',
  `insert into org (org_id, revision, erased) values ($1, $2, true)
   on conflict (org_id) do update set name = null, city = null, erased = true, revision = greatest(org.revision, excluded.revision)`,
);
const eraseTasks = sql(
  'erasure.tasks',
  `update task set title = coalesce($2::jsonb ->> task_type, task_type), description = null, result = null where org_id = $1`,
);
// Codes, ids and times stay: what happened remains known, to whom it happened does not.
const eraseHistory = sql(
  'erasure.history',
  `update task_history set envelope = jsonb_set(
     (envelope #- '{data,task,description}') #- '{data,task,result}' #- '{data,reason}',
     '{data,task,title}', to_jsonb(coalesce($2::jsonb ->> (envelope #>> '{data,task,taskType}'), envelope #>> '{data,task,taskType}', '–')), false)
   where org_id = $1`,
);
const eraseAnswers = sql('erasure.answers', `delete from idempotency where coalesce(answer #>> '{task,orgId}', answer #>> '{task,task,orgId}') = $1::text`);
const eraseDeadLetters = sql('erasure.dead_letters', `update dead_letter set value = '{}', error = 'erased with the company' where subject = $1::text`);

/** Clears every text about a company for good; `titles` names the task types, to stand where a title was. */
export async function eraseTextsOf(tx: Tx, org: { orgId: string; revision: number }, titles: ReadonlyMap<string, string>): Promise<void> {
  const names = JSON.stringify(Object.fromEntries(titles));
  await tx.query(eraseOrg, [org.orgId, org.revision]);
  await tx.query(eraseTasks, [org.orgId, names]);
  await tx.query(eraseHistory, [org.orgId, names]);
  await tx.query(eraseAnswers, [org.orgId]);
  await tx.query(eraseDeadLetters, [org.orgId]);
}
