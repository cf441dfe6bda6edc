import { sql, type Database, type Tx } from '@tom/postgres';

/** What is shown of a company. `revision` decides which is the latest; 0 when its owner was asked. */
export interface KnownOrg {
  readonly orgId: string;
  readonly revision: number;
  readonly name: string | null;
  readonly city: string | null;
  readonly currentStage: string | null;
}

/** What cancels work before it begins. */
export interface Cancellations {
  readonly orgBefore: ReadonlyMap<string, Date>;
  readonly cases: ReadonlySet<string>;
}

const write = sql(
  'org.write',
  `insert into org (org_id, revision, name, city, current_stage)
   select org_id, revision, name, city, current_stage
   from json_to_recordset($1::json) as r(org_id uuid, revision int, name text, city text, current_stage text)
   on conflict (org_id) do update set
     revision = excluded.revision, current_stage = excluded.current_stage,
     name = case when org.erased then null else excluded.name end,
     city = case when org.erased then null else excluded.city end
   where excluded.revision > org.revision or (org.revision = 0 and org.name is null)`,
);
const known = sql('org.known', 'select erased from org where org_id = $1 and (name is not null or erased)');
const cancelBefore = sql(
  'org.cancel_before',
  `insert into org (org_id, revision, cancelled_before) values ($1, 0, $2)
   on conflict (org_id) do update set cancelled_before = greatest(org.cancelled_before, excluded.cancelled_before)`,
);
const rememberCancelledCase = sql(
  'cancelled_case.insert',
  'insert into cancelled_case (case_id, org_id, cancelled_at) values ($1, $2, $3) on conflict (case_id) do nothing',
);
const cancellations = sql(
  'org.cancellations',
  `select org_id as id, cancelled_before as before from org where org_id = any ($1::uuid[]) and cancelled_before is not null
   union all
   select case_id, null from cancelled_case where case_id = any ($2::uuid[])`,
);
const closing = sql(
  'org.closing',
  'select cancelled_before as "cancelledBefore", erased from org where org_id = $1',
);

/** What a company says to a call-back. */
export interface OrgClosing {
  readonly cancelledBefore: Date | null;
  readonly erased: boolean;
}

/** The latest revision of each wins; within one call too. */
export async function writeOrgs(tx: Tx | Database, orgs: readonly KnownOrg[]): Promise<void> {
  const latest = new Map<string, KnownOrg>();
  for (const org of orgs) {
    const other = latest.get(org.orgId);
    if (!other || other.revision < org.revision) latest.set(org.orgId, org);
  }
  const rows = [...latest.values()].map((org) => ({
    org_id: org.orgId,
    revision: org.revision,
    name: org.name,
    city: org.city,
    current_stage: org.currentStage,
  }));
  await tx.query(write, [JSON.stringify(rows)]);
}

/** What is known of the company; undefined: nothing, or only what cancels its work. */
export async function findKnownOrg(database: Database, orgId: string): Promise<{ readonly erased: boolean } | undefined> {
  const [row] = await database.query<{ erased: boolean }>(known, [orgId]);
  return row;
}

/** From now on everything of the company from before the instant is born cancelled. */
export async function cancelOrgBefore(tx: Tx, orgId: string, before: Date): Promise<void> {
  await tx.query(cancelBefore, [orgId, before]);
}

export async function cancelCase(tx: Tx, cancelled: { caseId: string; orgId: string; at: Date }): Promise<void> {
  await tx.query(rememberCancelledCase, [cancelled.caseId, cancelled.orgId, cancelled.at]);
}

export async function readCancellations(
  tx: Tx,
  orgIds: readonly string[],
  caseIds: readonly string[],
): Promise<Cancellations> {
  const rows = await tx.query<{ id: string; before: Date | null }>(cancellations, [orgIds, caseIds]);
  return {
    orgBefore: new Map(rows.flatMap(({ id, before }): [string, Date][] => (before ? [[id, before]] : []))),
    cases: new Set(rows.filter(({ before }) => before === null).map(({ id }) => id)),
  };
}

export async function readOrgClosing(tx: Tx, orgId: string): Promise<OrgClosing> {
  const [row] = await tx.query<OrgClosing>(closing, [orgId]);
  return row ?? { cancelledBefore: null, erased: false };
}
