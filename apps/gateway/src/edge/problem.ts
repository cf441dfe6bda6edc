import { STATUS_CODES } from 'node:http';
import { isDomainError, type DomainError, type ErrorKind, type Violation } from '@tom/kernel';

/** An answer that is no success, as RFC 9457 wants it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly violations?: readonly Violation[];
  readonly [member: string]: unknown;
}

const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  too_many: 429,
  unavailable: 503,
};

const RETRY_AFTER_SECONDS = 2;

/** A refusal that only HTTP knows: a method, a media type, a size, a precondition. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Answers the problem and headers for whatever was thrown; of a fault nothing inner is told. */
export function problemOf(error: unknown): { problem: Problem; headers: Record<string, string>; fault: boolean } {
  if (error instanceof HttpError) {
    return { problem: problem(error.status, error.code, error.message), headers: { ...error.headers }, fault: false };
  }
  if (isDomainError(error)) {
    const status = statusOfKind[error.kind];
    return { problem: problem(status, error.code, error.message, error.details), headers: headersOf(error), fault: false };
  }
  const ofBody = bodyError(error);
  if (ofBody) return { problem: ofBody, headers: {}, fault: false };
  return {
    problem: problem(500, 'INTERNAL', 'Something went wrong here. The request may be tried again.'),
    headers: {},
    fault: true,
  };
}

function problem(status: number, code: string, detail: string, details: Readonly<Record<string, unknown>> = {}): Problem {
  const type = `urn:tom:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  return { ...details, type, title: STATUS_CODES[status] ?? 'Error', status, detail, code };
}

function headersOf(error: DomainError): Record<string, string> {
  if (error.kind === 'unauthenticated') return { 'WWW-Authenticate': 'Bearer' };
  if (error.kind === 'unavailable' || error.kind === 'too_many') {
    return { 'Retry-After': String((error.details['retryAfterSeconds'] as number | undefined) ?? RETRY_AFTER_SECONDS) };
  }
  return {};
}

// What express's body parser throws carries a `type`; what it was thrown by the decompression, a status alone.
function bodyError(error: unknown): Problem | undefined {
  const type = error instanceof Error && 'type' in error ? String(error.type) : undefined;
  switch (type) {
    case 'entity.parse.failed':
      return malformed('The body is not well-formed JSON.', 'a JSON object');
    case 'entity.too.large':
      return problem(413, 'TOO_LARGE', 'The body is larger than 256 KiB.');
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return problem(415, 'NOT_JSON', 'The body must be JSON in UTF-8.');
    case 'request.aborted':
    case 'request.size.invalid':
    case 'stream.encoding.set':
      return malformed('The body did not arrive whole.', 'a JSON object');
    default:
      return error instanceof Error && 'status' in error && error.status === 400
        ? malformed('The body cannot be read.', 'a JSON object')
        : undefined;
  }
}

function malformed(message: string, expected: string): Problem {
  return problem(400, 'INVALID', message, { violations: [{ path: '', message, expected }] });
}
