import { status as Status, Metadata, type ServiceError } from '@grpc/grpc-js';
import { DomainError, errorCodes, type ErrorCode, type ErrorKind, type Violation } from '@tom/kernel';
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

/** What a call is answered with when it fails. */
export interface StatusAnswer {
  readonly code: Status;
  readonly details: string;
  readonly metadata?: Metadata;
}

/** The status of a refusal, with its code and details for our own clients and field violations for anybody's. */
export function statusOfRefusal(refusal: DomainError): StatusAnswer {
  const code = ALREADY_EXISTS.has(refusal.code) ? Status.ALREADY_EXISTS : STATUS_OF_KIND[refusal.kind];
  const hasDetails = Object.keys(refusal.details).length > 0;
  const metadata = new Metadata();
  metadata.set(
    DETAILS,
    encodeRpcStatus({
      code,
      message: refusal.message,
      errorInfo: {
        reason: refusal.code,
        domain: DOMAIN,
        metadata: hasDetails ? { [DETAILS_JSON]: JSON.stringify(refusal.details) } : {},
      },
      fieldViolations: fieldViolations(refusal),
    }),
  );
  return { code, details: refusal.message, metadata };
}

function fieldViolations(refusal: DomainError): readonly FieldViolation[] {
  const violations = refusal.details['violations'];
  if (!Array.isArray(violations)) return [];
  return (violations as readonly Violation[]).map(({ path, message, expected }) => ({
    field: path,
    description: expected ? `${message} (expected ${expected})` : message,
  }));
}

/**
 * The error that a failed call stands for: the other side's refusal as it was thrown there; UNAVAILABLE when the other
 * side is away or too slow; anything else a fault whose cause is the original. `target` is the RPC's path.
 */
export function errorOfCall(error: ServiceError, target: string): Error {
  const refusal = toldRefusal(error);
  if (refusal !== undefined) return refusal;
  if (error.code === Status.UNAVAILABLE)
    return unavailable(`${serviceOf(target)} is not available at the moment.`, error);
  if (error.code === Status.DEADLINE_EXCEEDED)
    return unavailable(`${serviceOf(target)} did not answer in time.`, error);
  if (error.code === Status.UNAUTHENTICATED)
    return new DomainError('UNAUTHENTICATED', 'The call was not authenticated.');
  return new Error(`${target} failed with ${Status[error.code] ?? String(error.code)}.`, { cause: error });
}

function unavailable(message: string, cause: unknown): DomainError {
  return Object.assign(new DomainError('UNAVAILABLE', message), { cause });
}

/** `/tom.task.v1.TaskService/CreateTask` → `TaskService`: no host names, these texts reach clients. */
function serviceOf(path: string): string {
  return path.split('/')[1]?.split('.').at(-1) ?? 'The service';
}

/** The refusal as it was thrown on the other side; undefined for what did not come from one of ours. */
function toldRefusal(error: ServiceError): DomainError | undefined {
  const bytes = error.metadata?.get(DETAILS)[0];
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
