import { queryBuilder } from '@tom/postgres';
import type { Org } from '../domain/org.ts';
import { literal } from './org-list.ts';
import { orgColumns } from './orgs.ts';
import type { Reader } from './reader.ts';

/** Of a text that thousands have, so many of the newest are looked at, beside the names that begin with it. */
const LOOKED_AT = 300;
const COUNTED = 1000;

// Names that begin with the text are one range of org_by_name, however many others match. Planned for each text anew:
// a plan for any text would read the whole table for a rare one.
const BEST = `
  with asked as (select lower(:q) as q, lower(:pattern) as pattern),
  begins as (
    select org_id from org
    where name_sort >= lower(:q) and name_sort < lower(:q) || chr(1114111) and name_sort like lower(:pattern) || '%'
    order by name_sort, org_id limit ${LOOKED_AT}
  ), contains as (
    select org_id from org where search_text like '%' || lower(:pattern) || '%' order by created_at desc, org_id desc limit ${LOOKED_AT}
  )
  select ${orgColumns} from org o cross join asked a
  where o.org_id in (select org_id from begins union all select org_id from contains)
  order by case when o.name_sort = a.q then 0 when o.name_sort like a.pattern || '%' then 1
    when o.name_sort like '% ' || a.pattern || '%' then 2 when o.name_sort like '%' || a.pattern || '%' then 3 else 4 end,
    o.name_sort, o.org_id
  limit :limit`;
const COUNT = `select count(*) as companies
  from (select 1 from org where search_text like '%' || lower(:pattern) || '%' limit ${COUNTED}) m`;

/** Companies whose name, city, reference or domain contains the text, best first; and how many there are, up to 1000. */
export async function searchOrgs(reader: Reader, q: string, limit: number): Promise<{ readonly orgs: Org[]; readonly total: number }> {
  const values = { q, pattern: literal(q), limit };
  const [orgs, counts] = await Promise.all([
    reader.run<Org>(queryBuilder.raw(BEST, values)),
    reader.run<{ companies: number }>(queryBuilder.raw(COUNT, values)),
  ]);
  return { orgs, total: counts[0]?.companies ?? 0 };
}
