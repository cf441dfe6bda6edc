/**
 * SQLSTATEs that say "the same again later can work": the server is away or on its way down, has no room for one more
 * connection, or gave up this transaction for another's sake. 57014 is the statement timeout: the server was too slow.
 */
const TRANSIENT = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '53100', // disk_full
  '53200', // out_of_memory
  '53300', // too_many_connections
  '53400', // configuration_limit_exceeded
  '55P03', // lock_not_available
  '55006', // object_in_use
  '57014', // query_canceled
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
  '58000', // system_error
  '58030', // io_error
]);

const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT', // the server's unix socket is gone
]);

/** pg and pg-pool report these without any code. */
const WITHOUT_CODE = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'timeout expired',
  'timeout exceeded when trying to connect',
  'Query read timeout',
  'Cannot use a pool after calling end',
  'This socket has been ended',
  'write after end',
];

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Whether the database's error can go away by itself (connection, shutdown, too many connections, serialization,
 * deadlock, timeout), so that the same work may be tried again. Looks through `cause` and AggregateError.
 */
export function isTransient(error: unknown): boolean {
  for (
    let current: unknown = error, depth = 0;
    current instanceof Error && depth < 5;
    current = current.cause, depth += 1
  ) {
    const code = codeOf(current);
    if (code !== undefined && (TRANSIENT.has(code) || code.startsWith('08') || SOCKET.has(code))) return true;
    if (code === undefined && WITHOUT_CODE.some((start) => current.message.startsWith(start))) return true;
    if (current instanceof AggregateError && current.errors.length > 0 && current.errors.every(isTransient))
      return true;
  }
  return false;
}

/** Whether an insert or update met a unique index, of that name when one is given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof Error) || codeOf(error) !== '23505') return false;
  return constraint === undefined || ('constraint' in error && error.constraint === constraint);
}

/** Whether the transaction lost against another one and may simply be run again. */
export function isLostRace(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}

/** Whether the server itself answered with this error, so that the connection is still in step with it. */
export function isServerAnswer(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code !== undefined &&
    /^[0-9A-Z]{5}$/.test(code) &&
    !SOCKET.has(code) &&
    !code.startsWith('57P') &&
    !code.startsWith('08')
  );
}
