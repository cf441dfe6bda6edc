import type { Database, Tx } from '@tom/postgres';

/** Whoever can be asked: a transaction, or the database by itself. */
export type Reader = Pick<Tx, 'query' | 'run'> | Pick<Database, 'query' | 'run'>;
