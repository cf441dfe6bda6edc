import { sql, type Database, type Tx } from '@tom/postgres';

/** A request to build the timeline anew, of one company or (without one) of all. */
export interface Rebuild {
  readonly rebuild_id: string;
  readonly org_id: string | null;
  readonly reached: string | null;
}

/** What became of entries. */
export interface RebuildCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

const LEASE = `clock_timestamp() + interval '1 minute'`;

/** Exported for the test of its plan. */
export const claimNext = sql(
  'timeline_rebuild.claim',
  `update timeline_rebuild set claimed_until = ${LEASE} where rebuild_id = (
     select rebuild_id from timeline_rebuild
     where finished_at is null and (claimed_until is null or claimed_until < clock_timestamp())
     order by requested_at limit 1 for update skip locked)
   returning rebuild_id, org_id, reached`,
);
const done = sql(
  'timeline_rebuild.done',
  `update timeline_rebuild set reached = $2, companies = companies + 1, added = added + $3, changed = changed + $4,
     removed = removed + $5, error = null, claimed_until = ${LEASE}
   where rebuild_id = $1 and finished_at is null and reached is not distinct from $6 returning 1`,
);
const finish = sql(
  'timeline_rebuild.finish',
  'update timeline_rebuild set finished_at = $2, error = $3 where rebuild_id = $1 and finished_at is null',
);
const giveBack = sql(
  'timeline_rebuild.give_back',
  'update timeline_rebuild set claimed_until = null, error = coalesce($2, error) where rebuild_id = $1 and finished_at is null',
);

/** The oldest request that no process is at; it is this one's for a minute, and for another with each company. */
export async function claimRebuild(database: Database): Promise<Rebuild | undefined> {
  const [found] = await database.query<Rebuild>(claimNext);
  return found;
}

/** Counts one company and remembers that it is done; false when another process has taken over meanwhile. */
export async function reachCompany(
  database: Database,
  { rebuild_id: id, reached }: Rebuild,
  orgId: string,
  { added, changed, removed }: RebuildCounts,
): Promise<boolean> {
  return (await database.query(done, [id, orgId, added, changed, removed, reached])).length > 0;
}

export async function finishRebuild(database: Database, id: string, now: Date, error?: string): Promise<void> {
  await database.query(finish, [id, now, error ?? null]);
}

/** Lets another process go on, or this one later; `error` says why it does not for the moment. */
export async function giveRebuildBack(database: Database, id: string, error?: string): Promise<void> {
  await database.query(giveBack, [id, error?.slice(0, 1_000) ?? null]);
}

const COMPANIES = 1_000;
const companies = sql(
  'timeline_rebuild.companies',
  `select distinct org_id from timeline_entry where ($1::uuid is null or org_id > $1) and ($2::uuid is null or org_id <= $2)
   order by org_id limit ${COMPANIES}`,
);

/** Companies that the timeline shows, between two ids; also those that nobody else knows. `complete` is false for a part. */
export async function shownCompanies(
  database: Database,
  after: string | undefined,
  until: string | undefined,
): Promise<{ readonly orgIds: readonly string[]; readonly complete: boolean }> {
  const rows = await database.query<{ org_id: string }>(companies, [after ?? null, until ?? null]);
  return { orgIds: rows.map((row) => row.org_id), complete: rows.length < COMPANIES };
}

const lockOrg = sql('known_org.share', 'select 1 from known_org where org_id = $1 for share');

/** Until this transaction ends, no erasure of the company can begin and clear texts that are about to be written. */
export async function holdOrg(tx: Tx, orgId: string): Promise<void> {
  await tx.query(lockOrg, [orgId]);
}
