import { sql, type Database, type Tx } from '@tom/postgres';
import type { CaseItem, WorkFacts } from '@tom/workflow';
import { present } from './present.ts';

/** The columns of case_item as CaseItem names them; `c` is the table. */
export const CASE_COLUMNS = `c.case_id as "caseId", c.number, c.org_id as "orgId", c.case_type as "caseType", c.engine, c.phase, c.status,
     c.owner_role as "ownerRole", c.owner_queue as "ownerQueue", c.owner, c.owned_since as "ownedSince",
     c.claimed_role as "claimedRole", c.priority, c.title, c.description, c.due_at as "dueAt",
     c.opened_at as "openedAt", c.opened_by as "openedBy", c.closed_at as "closedAt", c.outcome_code as "outcomeCode",
     c.outcome_note as "outcomeNote", c.template, c.template_version as "templateVersion",
     c.return_count as "returnCount", c.escalated, c.outputs_demanded as "outputsDemanded",
     c.opening_command_id as "openingCommandId", c.version, c.revision, c.edited_at as "editedAt",
     c.edited_by as "editedBy"`;

const byId = sql('case.by_id', `select ${CASE_COLUMNS} from case_item c where case_id = $1`);
const byIds = sql('case.by_ids', `select ${CASE_COLUMNS} from case_item c where case_id = any($1)`);
const lockById = sql('case.lock', `select ${CASE_COLUMNS} from case_item c where case_id = $1 for no key update`);
const lockOpenByIds = sql(
  'case.lock_open_by_ids',
  `select ${CASE_COLUMNS} from case_item c where case_id = any($1)
    and closed_at is null order by case_id for no key update`,
);
const lockOpenOfOrgs = sql(
  'case.lock_open_of_orgs',
  `select ${CASE_COLUMNS} from case_item c where org_id = any($1)
    and closed_at is null order by case_id for no key update`,
);
const openOfOrgs = sql(
  'case.open_of_orgs',
  `select ${CASE_COLUMNS} from case_item c where org_id = any($1) and closed_at is null order by number`,
);
const openOfType = sql(
  'case.open_of_type',
  `select ${CASE_COLUMNS} from case_item c where org_id = $1 and case_type = $2 and closed_at is null`,
);
const lockOpenedByCommand = sql(
  'case.lock_opened_by_command',
  `select ${CASE_COLUMNS} from case_item c where opening_command_id = $1 and closed_at is null for no key update`,
);
export const dueCases = sql(
  'case.due',
  `select case_id as "caseId" from case_item
   where closed_at is null and due_at is not null and status not in ('BLOCKED', 'ESCALATED') and due_at <= $1
   order by due_at limit $2`,
);

// A number is taken only for what is really inserted, so that they stay nearly gapless; a rehearsal takes none.
const insert = sql(
  'case.insert',
  `insert into case_item as c (case_id, number, org_id, case_type, engine, phase, status, owner_role, owner_queue,
     owner, owned_since, claimed_role, priority, title, description, due_at, opened_at, opened_by, template,
     template_version, opening_command_id, version, revision, edited_at, edited_by)
   select r."caseId",
     case current_setting('tom.rehearsal', true) when 'on'
       then -1 - (hashtextextended(r."caseId"::text, 0) & 9007199254740990) else nextval('case_number') end, r."orgId", r."caseType", r.engine, r.phase, r.status, r."ownerRole",
     r."ownerQueue", r.owner, r."ownedSince", r."claimedRole", r.priority, r.title, r.description, r."dueAt",
     r."openedAt", r."openedBy", r.template, r."templateVersion", r."openingCommandId", r.version, r.revision,
     r."editedAt", r."editedBy"
   from jsonb_to_recordset($1::jsonb) as r("caseId" uuid, "orgId" uuid, "caseType" text, engine text, phase text,
     status text, "ownerRole" text, "ownerQueue" text, owner text, "ownedSince" timestamptz, "claimedRole" text,
     priority text, title text, description text, "dueAt" timestamptz, "openedAt" timestamptz, "openedBy" text,
     template text, "templateVersion" int, "openingCommandId" uuid, version int, revision int, "editedAt" timestamptz,
     "editedBy" text)
   on conflict do nothing
   returning case_id as "caseId", number`,
);
const update = sql(
  'case.update',
  `update case_item c set engine = r.engine, phase = r.phase, status = r.status, owner_role = r."ownerRole",
     owner_queue = r."ownerQueue", return_count = r."returnCount", owner = r.owner, owned_since = r."ownedSince",
     claimed_role = r."claimedRole", priority = r.priority, title = r.title, description = r.description,
     due_at = r."dueAt", closed_at = r."closedAt", outcome_code = r."outcomeCode", outcome_note = r."outcomeNote",
     escalated = r.escalated, outputs_demanded = r."outputsDemanded", version = r.version, revision = r.revision,
     edited_at = r."editedAt", edited_by = r."editedBy"
   from jsonb_to_recordset($1::jsonb) as r("caseId" uuid, engine text, phase text, status text, "ownerRole" text,
     "ownerQueue" text, "returnCount" int, owner text,
     "ownedSince" timestamptz, "claimedRole" text, priority text, title text, description text, "dueAt" timestamptz,
     "closedAt" timestamptz, "outcomeCode" text, "outcomeNote" text, escalated boolean, "outputsDemanded" boolean,
     version int, revision int, "editedAt" timestamptz, "editedBy" text)
   where c.case_id = r."caseId"`,
);
const workFacts = sql(
  'case.work_facts',
  `select c.case_id as "caseId", t.open_tasks as "openTasks", t.waiting as "waitingTasks",
     t.other_role as "otherRoleTasks",
     (t.done or exists (select from case_activity a where a.case_id = c.case_id and not a.deleted)) as worked,
     exists (select from case_requirement q where q.case_id = c.case_id and q.engine = c.engine and q.fulfilled_at is null
       and (q.demanded or q.mandatory and q.phase = c.phase)) as "outputsMissing"
   from case_item c cross join lateral (
     select count(*) filter (where open) as open_tasks,
       count(*) filter (where open and waiting_for is not null) as waiting,
       count(*) filter (where open and role <> c.owner_role) as other_role,
       coalesce(bool_or(status = 'DONE'), false) as done
     from (select *, status in ('OPEN', 'IN_PROGRESS') as open from case_task where case_id = c.case_id) as task
   ) as t
   where c.case_id = any($1)`,
);

type Reader = Pick<Database, 'query'> | Tx;

export async function caseById(from: Reader, caseId: string): Promise<CaseItem | undefined> {
  const [row] = await from.query<object>(byId, [caseId]);
  return row && present<CaseItem>(row);
}

export async function casesByIds(from: Reader, caseIds: readonly string[]): Promise<ReadonlyMap<string, CaseItem>> {
  if (caseIds.length === 0) return new Map();
  const rows = (await from.query<object>(byIds, [caseIds])).map(present<CaseItem>);
  return new Map(rows.map((item) => [item.caseId, item]));
}

/** Locks the case until the transaction ends. */
export async function lockCase(tx: Tx, caseId: string): Promise<CaseItem | undefined> {
  const [row] = await tx.query<object>(lockById, [caseId]);
  return row && present<CaseItem>(row);
}

export async function lockOpenCases(tx: Tx, caseIds: readonly string[]): Promise<CaseItem[]> {
  return caseIds.length === 0 ? [] : (await tx.query<object>(lockOpenByIds, [caseIds])).map(present<CaseItem>);
}

export async function lockOpenCasesOfOrgs(tx: Tx, orgIds: readonly string[]): Promise<CaseItem[]> {
  return (await tx.query<object>(lockOpenOfOrgs, [orgIds])).map(present<CaseItem>);
}

export async function openCasesOfOrgs(from: Reader, orgIds: readonly string[]): Promise<CaseItem[]> {
  return (await from.query<object>(openOfOrgs, [orgIds])).map(present<CaseItem>);
}

export async function openCaseOfType(from: Reader, orgId: string, caseType: string): Promise<CaseItem | undefined> {
  const [row] = await from.query<object>(openOfType, [orgId, caseType]);
  return row && present<CaseItem>(row);
}

/** The open case whose opening asked for a stage with this command. */
export async function lockCaseOpenedBy(tx: Tx, commandId: string): Promise<CaseItem | undefined> {
  const [row] = await tx.query<object>(lockOpenedByCommand, [commandId]);
  return row && present<CaseItem>(row);
}

/** Inserts cases and answers the numbers of those that were new, neither known by id nor open for company and type. */
export async function insertCases(tx: Tx, items: readonly CaseItem[]): Promise<ReadonlyMap<string, number>> {
  if (items.length === 0) return new Map();
  const rows = await tx.query<{ caseId: string; number: number }>(insert, [JSON.stringify(items)]);
  return new Map(rows.map((row) => [row.caseId, row.number]));
}

export async function updateCases(tx: Tx, items: readonly CaseItem[]): Promise<void> {
  if (items.length > 0) await tx.query(update, [JSON.stringify(items)]);
}

/** What the status of these cases is computed from; to be asked once they are locked. */
export async function workFactsOf(from: Reader, caseIds: readonly string[]): Promise<ReadonlyMap<string, WorkFacts>> {
  if (caseIds.length === 0) return new Map();
  const rows = await from.query<WorkFacts & { caseId: string }>(workFacts, [caseIds]);
  return new Map(rows.map((row) => [row.caseId, row]));
}
