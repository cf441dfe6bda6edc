import { decodePageToken, DomainError, encodePageToken, isUuid } from '@tom/kernel';
import { sql, type Database, type Statement } from '@tom/postgres';

/** Which company's history, and which page of it. */
export interface HistoryRequest {
  readonly orgId: string;
  readonly pageSize: number;
  readonly pageToken?: string | undefined;
}

/** Envelopes with their data, as JSON texts. */
export interface HistoryPage {
  readonly envelopes: string[];
  readonly nextPageToken: string | undefined;
}

interface Row {
  readonly at: string;
  readonly id: string;
  readonly envelope: string;
}

const USUAL = 200;
const MOST = 500;

/** Exported for the test of its plan. */
export function historyStatement(table: string): Statement {
  if (!/^[a-z][a-z0-9_]*$/.test(table)) throw new Error(`${table} is not the name of a table`);
  return sql(
    `history.page:${table}`,
    `select occurred_at::text as at, event_id as id, envelope::text as envelope from ${table}
     where org_id = $1 and ($2::timestamptz is null or (occurred_at, event_id) > ($2, $3::uuid))
     order by occurred_at, event_id limit $4`,
  );
}

/**
 * Pages through what was published of a company, by (when, id). Everything that was committed before the first page was
 * asked for is on one of the pages; what is committed meanwhile may be dated before the page just read, and missing.
 */
export function createHistoryReader(
  database: Database,
  table: string,
): (request: HistoryRequest) => Promise<HistoryPage> {
  const statement = historyStatement(table);
  return async ({ orgId, pageSize, pageToken }) => {
    if (!isUuid(orgId)) throw DomainError.invalid([{ path: 'orgId', message: 'is not an id', expected: 'a UUID' }]);
    const limit = Math.min(MOST, pageSize > 0 ? pageSize : USUAL);
    const scope = ['history', orgId];
    const [at, id] = decodePageToken(scope, pageToken) ?? [null, null];
    const rows = await database.query<Row>(statement, [orgId, at, id, limit + 1]);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      envelopes: page.map(({ envelope }) => envelope),
      nextPageToken: last && encodePageToken(scope, [last.at, last.id]),
    };
  };
}
