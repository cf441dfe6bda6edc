import { status as Status, Metadata, type StatusObject } from '@grpc/grpc-js';
import { DomainError, errorCodes, type ErrorCode, type ErrorKind, type Violation } from '@tom/kernel';
import { fittedJson } from './fitted-json.ts';
import { decodeRpcStatus, encodeRpcStatus, type FieldViolation } from './rpc-status.ts';

const DETAILS = 'grpc-status-details-bin';
const DOMAIN = 'tom';
/** The name of the details in ErrorInfo's metadata, as JSON: they are the same members that the HTTP edge shows. */
const DETAILS_JSON = 'details';

const STATUS_OF_KIND: Record<ErrorKind, Status> = {
  invalid: Status.INVALID_ARGUMENT,
  unauthenticated: Status.UNAUTHENTICATED,
  forbidden: Status.PERMISSION_DENIED,
  not_found: Status.NOT_FOUND,
  conflict: Status.FAILED_PRECONDITION,
  stale: Status.ABORTED,
  too_many: Status.RESOURCE_EXHAUSTED,
  unavailable: Status.UNAVAILABLE,
};

/** Conflicts with something that is there already. */
const ALREADY_EXISTS: ReadonlySet<ErrorCode> = new Set([
  'CASE_OPEN_EXISTS',
  'EXTERNAL_REF_TAKEN',
  'IDEMPOTENCY_KEY_REUSED',
]);

/**
 * A status travels in HTTP/2 headers, of which Node takes 64 KiB; beyond that the call would not be answered at all. In
 * base64, and with the message twice, these stay below it.
 */
const MAX_DETAILS_BYTES = 24 * 1024;
const MAX_MESSAGE = 1_000;
const MAX_FIELDS = 50;
const MAX_DESCRIPTION = 150;

/** What a call is answered with when it fails. */
export interface StatusAnswer {
  readonly code: Status;
  readonly details: string;
  readonly metadata?: Metadata;
}

/** The status of a refusal, with its code and details for our own clients and field violations for anybody's. */
export function statusOfRefusal(refusal: DomainError): StatusAnswer {
  const code = ALREADY_EXISTS.has(refusal.code) ? Status.ALREADY_EXISTS : STATUS_OF_KIND[refusal.kind];
  // Through bytes and back: half a surrogate pair, cut off here or sent by a client, is no text that headers can carry.
  const message = Buffer.from(refusal.message.slice(0, MAX_MESSAGE)).toString();
  const json = fittedJson(refusal.details, MAX_DETAILS_BYTES);
  const metadata = new Metadata();
  metadata.set(
    DETAILS,
    encodeRpcStatus({
      code,
      message,
      errorInfo: { reason: refusal.code, domain: DOMAIN, metadata: json === '{}' ? {} : { [DETAILS_JSON]: json } },
      fieldViolations: fieldViolations(refusal),
    }),
  );
  return { code, details: message, metadata };
}

function fieldViolations(refusal: DomainError): readonly FieldViolation[] {
  const violations = refusal.details['violations'];
  if (!Array.isArray(violations)) return [];
  return (violations as readonly Violation[]).slice(0, MAX_FIELDS).map(({ path, message, expected }) => ({
    field: path.slice(0, MAX_DESCRIPTION),
    description: (expected ? `${message} (expected ${expected})` : message).slice(0, MAX_DESCRIPTION),
  }));
}

/**
 * The error that a failed call stands for: the other side's refusal as it was thrown there; UNAVAILABLE when the other
 * side is away or too slow; anything else a fault. The causes hold the other side's own words.
 */
export function errorOfCall(answer: StatusObject, path: string): Error {
  const refusal = toldRefusal(answer);
  if (refusal !== undefined) return refusal;
  const { code } = answer;
  const cause = new Error(`${path}: ${Status[code] ?? String(code)} ${answer.details}`);
  // CANCELLED that we did not ask for: the other side cut its connections while stopping.
  if (code === Status.UNAVAILABLE || code === Status.CANCELLED)
    return unavailable(`${serviceOf(path)} is not available at the moment.`, cause);
  if (code === Status.DEADLINE_EXCEEDED) return unavailable(`${serviceOf(path)} did not answer in time.`, cause);
  if (code === Status.UNAUTHENTICATED) return new DomainError('UNAUTHENTICATED', 'The call was not authenticated.');
  return new Error(`${path} failed with ${Status[code] ?? String(code)}.`, { cause });
}

function unavailable(message: string, cause: unknown): DomainError {
  return Object.assign(new DomainError('UNAVAILABLE', message), { cause });
}

/** `/tom.task.v1.TaskService/CreateTask` → `TaskService`: no host names, these texts reach clients. */
export function serviceOf(path: string): string {
  return path.split('/')[1]?.split('.').at(-1) ?? 'The service';
}

/** The refusal as it was thrown on the other side; undefined for what did not come from one of ours. */
function toldRefusal(answer: StatusObject): DomainError | undefined {
  const bytes = answer.metadata.get(DETAILS)[0];
  if (!(bytes instanceof Buffer)) return undefined;
  try {
    const { message, errorInfo } = decodeRpcStatus(bytes);
    if (errorInfo?.domain !== DOMAIN || !Object.hasOwn(errorCodes, errorInfo.reason)) return undefined;
    const details: unknown = JSON.parse(errorInfo.metadata[DETAILS_JSON] ?? '{}');
    return new DomainError(errorInfo.reason as ErrorCode, message, details as Record<string, unknown>);
  } catch {
    // Damaged, or somebody else's: the bare status still says what kind of failure it is.
    return undefined;
  }
}
