import knex, { type Knex } from 'knex';

/** Builds simple SQL without a connection; what it builds is run with `Database.run` or `Tx.run`. */
export const queryBuilder: Knex = knex({ client: 'pg' });
