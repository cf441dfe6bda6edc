import { sql, type Database, type Tx } from '@tom/postgres';
import type { Org } from '@tom/contracts/tom/stage/v1/org';
import type { OrgFacts } from '@tom/workflow';
import { present } from './present.ts';

/** A company as its latest event told; `stageRevision` is the revision of the latest stage change among them. */
export interface KnownOrg extends OrgFacts {
  readonly revision: number;
  readonly stageRevision: number;
}

const COLUMNS = `org_id as "orgId", revision, stage_revision as "stageRevision", name, city, org_kind as "orgKind", status,
     current_stage as "currentStage", stage_since as "stageSince"`;

// The latest revision wins, whatever the order of arrival.
const upsert = sql(
  'org.upsert',
  `insert into known_org as o (org_id, revision, stage_revision, name, city, org_kind, status, current_stage, stage_since)
   select distinct on ("orgId") "orgId", revision, "stageRevision", name, city, "orgKind", status, "currentStage",
     "stageSince"
   from jsonb_to_recordset($1::jsonb) as r("orgId" uuid, revision int, "stageRevision" int, name text, city text,
     "orgKind" text, status text, "currentStage" text, "stageSince" timestamptz)
   order by "orgId", revision desc
   on conflict (org_id) do update set revision = excluded.revision, stage_revision = greatest(o.stage_revision,
     excluded.stage_revision), name = excluded.name, city = excluded.city, org_kind = excluded.org_kind,
     status = excluded.status, current_stage = excluded.current_stage, stage_since = excluded.stage_since
   where excluded.revision > o.revision
   returning org_id as "orgId"`,
);
const raiseStageRevision = sql(
  'org.raise_stage_revision',
  `update known_org set stage_revision = $2 where org_id = $1 and stage_revision < $2 returning org_id`,
);
const byIds = sql('org.by_ids', `select ${COLUMNS} from known_org where org_id = any($1)`);
const erase = sql(
  'org.erase',
  `update known_org set name = null, city = null, revision = greatest(revision, $2) where org_id = $1`,
);

export function orgFactsOf(org: Org): OrgFacts {
  return {
    orgId: org.orgId,
    name: org.name,
    city: org.address?.city,
    orgKind: org.orgKind,
    status: org.status,
    currentStage: org.currentStage,
    stageSince: new Date(org.stageSince ?? 0),
  };
}

/** Takes over what events tell and answers the ids of those that were news. */
export async function projectOrgs(tx: Tx, orgs: readonly KnownOrg[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ orgId: string }>(upsert, [JSON.stringify(orgs)]);
  return new Set(rows.map((row) => row.orgId));
}

/** A stage change that came after later news of other kinds: true when no later stage change was seen. */
export async function raiseStage(tx: Tx, orgId: string, revision: number): Promise<boolean> {
  return (await tx.query(raiseStageRevision, [orgId, revision])).length > 0;
}

export async function knownOrgs(
  from: Pick<Database, 'query'> | Tx,
  orgIds: readonly string[],
): Promise<ReadonlyMap<string, KnownOrg>> {
  if (orgIds.length === 0) return new Map();
  const rows = (await from.query<object>(byIds, [orgIds])).map(present<KnownOrg>);
  return new Map(rows.map((row) => [row.orgId, row]));
}

/** Remembers what the owner answered; any event is newer than that. */
export async function rememberOrg(tx: Tx, org: OrgFacts): Promise<void> {
  await tx.query(upsert, [JSON.stringify([{ ...org, revision: 0, stageRevision: 0 }])]);
}

export async function eraseKnownOrg(tx: Tx, orgId: string, revision: number): Promise<void> {
  await tx.query(erase, [orgId, revision]);
}

/** The company as an event carries it. */
export function orgOfEvent(org: Org, revision: number, stageRevision: number): KnownOrg {
  return { ...orgFactsOf(org), revision, stageRevision };
}
