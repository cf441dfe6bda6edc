import { sql, type Tx } from '@tom/postgres';
import type { ObservedEvent } from '@tom/workflow';

const BATCH = 2_000;
const ORDER = 'order by org_id, occurred_at, revision, event_id';
const COLUMNS = `select org_id as "orgId", event_id as "eventId", type, case_id as "caseId", aggregate_id as "aggregateId",
  occurred_at as at, causation_id as "causationId", codes from observed_event`;

const readOnly = sql('tom.observed_read_only', 'set transaction read only');
const openAll = sql('tom.observed_open_all', `declare observed no scroll cursor for ${COLUMNS} ${ORDER}`);
const openSome = sql('tom.observed_open_some', `declare observed no scroll cursor for ${COLUMNS} where org_id = any($1::uuid[]) ${ORDER}`);
const fetch = sql('tom.observed_fetch', `fetch ${BATCH} from observed`);

type Row = { readonly [Column in keyof ObservedEvent]: ObservedEvent[Column] | null } & { readonly orgId: string };

/** What workflow-service saw, company by company as it does itself: through a cursor, in a transaction that becomes read-only. */
export async function* observedHistories(tx: Tx, orgIds: readonly string[]) {
  await tx.query(readOnly);
  await (orgIds.length > 0 ? tx.query(openSome, [orgIds]) : tx.query(openAll));
  let orgId: string | undefined;
  let events: ObservedEvent[] = [];
  for (let rows = await tx.query<Row>(fetch); rows.length > 0; rows = await tx.query<Row>(fetch)) {
    for (const row of rows) {
      if (orgId !== undefined && row.orgId !== orgId) {
        yield { orgId, events };
        events = [];
      }
      orgId = row.orgId;
      events.push({ ...(row as ObservedEvent), caseId: row.caseId ?? undefined, causationId: row.causationId ?? undefined });
    }
  }
  if (orgId !== undefined) yield { orgId, events };
}
