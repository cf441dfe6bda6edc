import pg from 'pg';

const INT8 = 20;
const DATE = 1082;

/**
 * int8 as a number (refused beyond 2^53 instead of rounded), timestamptz as a Date, a date as its text (it has no
 * instant). Kept to our own connections: pg's process-wide parsers stay as they are.
 */
const types = new pg.TypeOverrides();
types.setTypeParser(INT8, (text: string) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`int8 ${text} is beyond what a number holds exactly`);
  return value;
});
types.setTypeParser(DATE, (text: string) => text);

export interface ConnectionSettings {
  readonly connectionString: string;
  readonly applicationName: string;
  readonly statementTimeoutMs?: number;
}

/**
 * What every connection has in common. A server that does not answer at all is given up after statement timeout + 5
 * s.
 */
export function clientConfig(settings: ConnectionSettings): pg.ClientConfig & { pipeline: boolean } {
  const statementTimeoutMs = settings.statementTimeoutMs ?? 15_000;
  return {
    connectionString: settings.connectionString,
    application_name: settings.applicationName,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 5_000,
    idle_in_transaction_session_timeout: 60_000,
    connectionTimeoutMillis: 5_000,
    // Every statement goes by an index. Its plan is cached, though, from when its table was nearly empty, and a scan of
    // the whole table would stay in it until the next ANALYZE: 0.6 ms per link of a task after 9,000 activities.
    options: '-c enable_seqscan=off',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types,
    // Queries go out without waiting for the answer before; together with `corked` several share one socket write.
    pipeline: true,
  };
}

interface WithStream {
  readonly connection?: { readonly stream?: { cork?: () => void; uncork?: () => void } };
}

/**
 * Sends what `work` issues before it first waits as one socket write: half of a consumer's CPU is socket writes.
 * Without pg's inner stream (should it be renamed) nothing is lost but the saving.
 */
export function corked<T>(client: pg.ClientBase, work: () => T): T {
  const stream = (client as unknown as WithStream).connection?.stream;
  stream?.cork?.();
  try {
    return work();
  } finally {
    stream?.uncork?.();
  }
}
