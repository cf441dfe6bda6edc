import type { Knex } from 'knex';
import pg from 'pg';
import { clientConfig, corked } from './connection-settings.ts';
import { isLostRace, isServerAnswer, isTransient } from './errors.ts';
import { silentLogger, type Logger } from './logger.ts';
import type { Statement } from './statement.ts';

/** A query built with `queryBuilder`. */
export type KnexQuery = Knex.QueryBuilder | Knex.Raw;

declare const branded: unique symbol;

/**
 * A running transaction: what writes takes one, so a write outside a transaction does not compile. Useless once it
 * ended.
 */
export interface Tx {
  readonly [branded]: 'tx';
  query<Row = Record<string, unknown>>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
  run<Row = Record<string, unknown>>(query: KnexQuery): Promise<Row[]>;
  /** Sends a statement in the same round trip as COMMIT; built at that moment, its failure fails the transaction. */
  beforeCommit(produce: () => { statement: Statement; values: readonly unknown[] } | undefined): void;
  /** Called once, after the commit succeeded; never for a transaction that was rolled back. Must not throw. */
  afterCommit(hook: () => void): void;
}

/** One database of one service: a pool that survives the server's absence. */
export interface Database {
  /**
   * Runs `work` in BEGIN READ COMMITTED … COMMIT. A serialization failure, a deadlock or a connection that was stale
   * before BEGIN reruns `work` (3 runs at most), so it must not have effects of its own. Any other error rolls back
   * and is thrown as it is.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * The same, but always rolled back: answers what `work` would have done, which leaves nothing. Neither hooks nor
   * statements of `beforeCommit` run. A row that somebody else holds is waited for 200 ms, then a transient error is
   * thrown. Statements that take what no rollback gives back (numbers of a sequence) see `tom.rehearsal` = on.
   */
  rehearse<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One statement outside a transaction, committed by itself. */
  query<Row = Record<string, unknown>>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
  /** One knex-built query outside a transaction, committed by itself. */
  run<Row = Record<string, unknown>>(query: KnexQuery): Promise<Row[]>;
  /** Resolves when the server answers, else throws a transient error. */
  ping(): Promise<void>;
  /** Ends the pool once the queries under way are done; every later call fails. */
  close(): Promise<void>;
}

/** Times in milliseconds; `maxConnections` defaults to 10, `statementTimeoutMs` to 15,000. */
export interface DatabaseOptions {
  readonly connectionString: string;
  readonly applicationName: string;
  readonly maxConnections?: number;
  readonly statementTimeoutMs?: number;
  readonly logger?: Logger;
}

const MAX_RUNS = 3;
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED';
const BEGIN_REHEARSAL = `${BEGIN}; SET LOCAL lock_timeout = 200; SET LOCAL tom.rehearsal = 'on'`;

async function rowsOf<Row>(client: pg.ClientBase, statement: Statement, values: readonly unknown[]): Promise<Row[]> {
  const result = await client.query({ name: statement.name, text: statement.text, values: values as unknown[] });
  return result.rows as Row[];
}

async function rowsOfKnex<Row>(client: pg.ClientBase, query: KnexQuery): Promise<Row[]> {
  const native = query.toSQL().toNative();
  const result = await client.query(native.sql, native.bindings as unknown[]);
  return result.rows as Row[];
}

/** Nothing of the transaction can have happened: the pool gave out a connection that the server had ended already. */
class NeverBegan extends Error {}

/** Runs up to the first wait at once; a throw before that is a rejection too, so BEGIN's answer is waited for. */
async function started<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

interface OpenTx {
  readonly tx: Tx;
  readonly hooks: (() => void)[];
  readonly last: Parameters<Tx['beforeCommit']>[0][];
  end(): void;
}

function openTx(client: pg.PoolClient): OpenTx {
  const hooks: (() => void)[] = [];
  const last: OpenTx['last'] = [];
  let open = true;
  const check = (): void => {
    if (!open) throw new Error('This transaction has ended; a query was not awaited inside it');
  };
  const tx = {
    query: async <Row>(statement: Statement, values: readonly unknown[] = []) => {
      check();
      return rowsOf<Row>(client, statement, values);
    },
    run: async <Row>(query: KnexQuery) => {
      check();
      return rowsOfKnex<Row>(client, query);
    },
    beforeCommit: (produce: OpenTx['last'][number]) => {
      check();
      last.push(produce);
    },
    afterCommit: (hook: () => void) => {
      check();
      hooks.push(hook);
    },
  } as unknown as Tx;
  return { tx, hooks, last, end: () => (open = false) };
}

/** Sends the last statements and COMMIT together. COMMIT of an aborted transaction answers ROLLBACK and no error. */
async function commit(client: pg.PoolClient, last: OpenTx['last']): Promise<void> {
  const statements = last.map((produce) => produce()).filter((item) => item !== undefined);
  const sent = corked(client, () => [
    ...statements.map(({ statement, values }) => rowsOf(client, statement, values)),
    client.query('COMMIT'),
  ]);
  const settled = await Promise.allSettled(sent);
  for (const outcome of settled) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
  const answer = settled.at(-1);
  const tag = answer?.status === 'fulfilled' ? (answer.value as pg.QueryResult).command : undefined;
  if (tag !== 'COMMIT')
    throw new Error(`COMMIT was answered with ${tag}: a statement failed and its error was swallowed`);
}

/** A database; never throws when the server is away: its calls then fail with an error that `isTransient` knows. */
export function createDatabase(options: DatabaseOptions): Database {
  const logger = options.logger ?? silentLogger;
  const pool = new pg.Pool({
    ...clientConfig(options),
    max: options.maxConnections ?? 10,
    min: 0,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: false,
  });
  // An idle connection that the server ends is no fault: the pool drops it and opens another when one is needed.
  // They are lost together mostly: the first speaks for those of the next second.
  let lossToldAt = -Infinity;
  pool.on('error', (error) => {
    if (performance.now() - lossToldAt < 1_000) return;
    lossToldAt = performance.now();
    logger.warn({ error: error.message }, 'idle database connections were lost');
  });
  // An end that comes in one packet with the answer to the connecting finds a client that is the pool's no more and not
  // yet ours: without a listener of its own, that is an uncaught error. Whoever uses the client learns it by its query.
  pool.on('connect', (client) => client.on('error', () => undefined));
  let closing: Promise<void> | undefined;

  async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    try {
      return await work(client);
    } catch (error) {
      // The work's own errors leave the connection as it was; after anything else nobody knows its state.
      const isLost = error instanceof NeverBegan || (isTransient(error) && !isServerAnswer(error));
      if (error instanceof Error && (isLost || client.getTransactionStatus() !== 'I')) broken = error;
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async function rollback(client: pg.PoolClient): Promise<void> {
    try {
      await client.query('ROLLBACK');
    } catch (error) {
      // The connection is lost, and the transaction with it; the first error is the one to tell.
      logger.debug({ error: String(error) }, 'rollback failed');
    }
  }

  async function runOnce<T>(
    begin: string,
    work: (tx: Tx) => Promise<T>,
    end: (client: pg.PoolClient, open: OpenTx) => Promise<void>,
  ): Promise<{ value: T; hooks: readonly (() => void)[] }> {
    return withClient(async (client) => {
      const open = openTx(client);
      try {
        const [begun, working] = corked(client, () => [
          client.query(begin),
          started(() => work(open.tx)),
        ]);
        // Both are waited for even when one fails: no query of `work` may reach the connection after its release.
        const [beginning, worked] = await Promise.allSettled([begun, working]);
        open.end();
        if (beginning.status === 'rejected') throw new NeverBegan('BEGIN failed', { cause: beginning.reason });
        if (worked.status === 'rejected') throw worked.reason;
        await end(client, open);
        return { value: worked.value, hooks: open.hooks };
      } catch (error) {
        open.end();
        if (client.getTransactionStatus() !== 'I') await rollback(client);
        throw error;
      }
    });
  }

  async function runAgain<T>(once: () => Promise<T>): Promise<T> {
    for (let run = 1; ; run += 1) {
      try {
        return await once();
      } catch (error) {
        const isStale = error instanceof NeverBegan;
        if (run >= MAX_RUNS || !(isStale || isLostRace(error))) throw isStale ? error.cause : error;
        logger.debug({ run, error: String(error) }, 'transaction is run again');
      }
    }
  }

  return {
    async transaction(work) {
      const { value, hooks } = await runAgain(() => runOnce(BEGIN, work, (client, { last }) => commit(client, last)));
      for (const hook of hooks) hook();
      return value;
    },
    async rehearse(work) {
      const { value } = await runAgain(() => runOnce(BEGIN_REHEARSAL, work, async (client) => void (await client.query('ROLLBACK'))));
      return value;
    },
    query: (statement, values = []) => withClient((client) => rowsOf(client, statement, values)),
    run: (query) => withClient((client) => rowsOfKnex(client, query)),
    ping: async () => {
      await withClient((client) => client.query('SELECT 1'));
    },
    close: () => (closing ??= pool.end()),
  };
}
