import { queryBuilder, sql, type Database, type Tx } from '@tom/postgres';
import type { CaseItem } from '@tom/workflow';
import { CASE_COLUMNS } from './case-table.ts';
import { grouped } from './grouped.ts';
import { present } from './present.ts';

export interface CaseFilter {
  readonly orgId?: string | undefined;
  readonly caseTypes: readonly string[];
  readonly engines: readonly string[];
  readonly statuses: readonly string[];
  readonly ownerRoles: readonly string[];
  readonly ownerQueues: readonly string[];
  readonly open?: boolean | undefined;
  readonly owner?: string | undefined;
  /** Whose own work it is; an owner beside it may only be the same. */
  readonly mine?: string | undefined;
  readonly q?: string | undefined;
}

/** Cases that fit, the newest first: by number, which never changes, so that pages neither repeat nor skip. */
export function casesQuery(filter: CaseFilter, before: number | undefined, limit: number) {
  const query = queryBuilder('case_item as c').select(queryBuilder.raw(CASE_COLUMNS));
  if (filter.orgId !== undefined) query.where('c.org_id', filter.orgId);
  if (filter.owner !== undefined) query.where('c.owner', filter.owner);
  if (filter.mine !== undefined) query.where('c.owner', filter.mine);
  const anyOf = {
    case_type: filter.caseTypes,
    engine: filter.engines,
    status: filter.statuses,
    owner_role: filter.ownerRoles,
    owner_queue: filter.ownerQueues,
  };
  for (const [column, values] of Object.entries(anyOf))
    if (values.length > 0) query.whereIn(`c.${column}`, [...values]);
  if (filter.open === true) query.whereNull('c.closed_at');
  if (filter.open === false) query.whereNotNull('c.closed_at');
  if (before !== undefined) query.where('c.number', '<', before);
  if (filter.q !== undefined) {
    const pattern = `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`;
    // One after the other, each by its own index; an OR over two tables would read everything.
    query.whereRaw(
      `c.case_id in (select case_id from case_item where title ilike ?
         union select case_id from case_item where org_id in (select org_id from known_org where name ilike ?)
         union select case_id from case_item where number = ?)`,
      [pattern, pattern, /^\d{1,15}$/.test(filter.q) ? Number(filter.q) : -1],
    );
  }
  return query.orderBy('c.number', 'desc').limit(limit);
}

export async function listCases(
  database: Database,
  filter: CaseFilter,
  before: number | undefined,
  limit: number,
): Promise<CaseItem[]> {
  return (await database.run<object>(casesQuery(filter, before, limit))).map(present<CaseItem>);
}

const missingOutputs = sql(
  'case.missing_outputs',
  `select q.case_id as "caseId", q.key from case_requirement q join case_item c using (case_id, engine)
   where q.case_id = any($1) and q.fulfilled_at is null and (q.demanded or q.mandatory and q.phase = c.phase)
   order by q.position`,
);

/** Keys of the outputs that the case may not leave its phase without, by case. */
export async function missingOutputsOf(
  database: Pick<Database | Tx, 'query'>,
  caseIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await database.query<{ caseId: string; key: string }>(missingOutputs, [caseIds]);
  return grouped(rows.map(({ caseId, key }) => [caseId, key]));
}
