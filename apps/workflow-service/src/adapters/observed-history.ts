import { sql, type Database, type Tx } from '@tom/postgres';
import type { ObservedEvent } from '@tom/workflow';
import { present } from './present.ts';

/** Everything that is kept of one company, in the order in which it happened. */
export interface CompanyHistory {
  readonly orgId: string;
  readonly events: readonly ObservedEvent[];
}

const BATCH = 2_000;

// What happened at one instant to one thing is in the order of its revisions.
const COLUMNS = `select org_id as "orgId", event_id as "eventId", type, case_id as "caseId", aggregate_id as "aggregateId",
     occurred_at as at, causation_id as "causationId", codes from observed_event`;
const ORDER = 'order by org_id, occurred_at, revision, event_id';
/** Exported for the test of its plan. */
export const ofAll = `${COLUMNS} ${ORDER}`;
export const ofSome = `${COLUMNS} where org_id = any($1::uuid[]) ${ORDER}`;

const readOnly = sql('observed.read_only', 'set transaction read only');
const openAll = sql('observed.open_all', `declare observed no scroll cursor for ${ofAll}`);
const openSome = sql('observed.open_some', `declare observed no scroll cursor for ${ofSome}`);
const fetch = sql('observed.fetch', `fetch ${BATCH} from observed`);
const countAll = sql('observed.count_all', 'select count(*)::int as n from observed_event');
const countSome = sql('observed.count_some', 'select count(*)::int as n from observed_event where org_id = any($1::uuid[])');

/** How many events are kept, of these companies or of all. */
export async function countObserved(database: Pick<Database, 'query'>, orgIds: readonly string[]): Promise<number> {
  const asked = orgIds.length > 0 ? database.query<{ n: number }>(countSome, [orgIds]) : database.query<{ n: number }>(countAll);
  return (await asked)[0]?.n ?? 0;
}

/**
 * Company by company what was seen of these, or of all, as it was at the first step: read through a cursor, so that no more
 * than a batch and one company are held at a time. Only within a transaction, which it makes read-only.
 */
export async function* observedHistories(tx: Tx, orgIds: readonly string[]): AsyncGenerator<CompanyHistory> {
  await tx.query(readOnly);
  await (orgIds.length > 0 ? tx.query(openSome, [orgIds]) : tx.query(openAll));
  let orgId: string | undefined;
  let events: ObservedEvent[] = [];
  for (;;) {
    const rows = await tx.query<object>(fetch);
    for (const row of rows.map(present<ObservedEvent & { orgId: string }>)) {
      if (orgId !== undefined && row.orgId !== orgId) {
        yield { orgId, events };
        events = [];
      }
      orgId = row.orgId;
      events.push(row);
    }
    if (rows.length < BATCH) break;
  }
  if (orgId !== undefined) yield { orgId, events };
}
