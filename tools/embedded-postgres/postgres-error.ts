/** Why the embedded Postgres cannot run, in one line fit for the person at the terminal. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
}
