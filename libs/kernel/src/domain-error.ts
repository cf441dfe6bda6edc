import type { Text } from './text.ts';

/** One thing wrong with an input: where (`path` as in `contacts[0].email`), what, and what was expected instead. */
export interface Violation {
  readonly path: string;
  readonly message: string;
  readonly expected: string;
}

/** One rule that a request does not meet, in words for people, with a way out where there is one. */
export interface UnmetRule {
  readonly rule: string;
  readonly met: boolean;
  readonly message: Text;
  readonly value?: unknown;
  readonly hint?: Text;
  readonly fix?: { readonly action: string; readonly params: Readonly<Record<string, unknown>> };
}

/** Violations as one text, for where there are no fields to show them at. */
export function violationsInWords(violations: readonly Violation[]): string {
  return violations.map(({ path, message, expected }) => `${path}: ${message}, expected ${expected}`).join('; ');
}

/** How a refusal is answered at an edge; each edge (HTTP, gRPC) maps the kind to its own status. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'stale'
  | 'too_many'
  | 'unavailable';

/** Every refusal that can leave the system: its stable code, and the kind that decides the status. */
export const errorCodes = {
  INVALID: 'invalid',
  UNAUTHENTICATED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
  NOT_FOUND: 'not_found',
  RULES_UNMET: 'conflict',
  STAGE_CHANGED: 'conflict',
  TASK_CLAIMED_BY: 'conflict',
  CASE_CLAIMED_BY: 'conflict',
  STATE_REFUSED: 'conflict',
  CASE_OPEN_EXISTS: 'conflict',
  EXTERNAL_REF_TAKEN: 'conflict',
  IDEMPOTENCY_KEY_REUSED: 'conflict',
  STALE_VERSION: 'stale',
  TOO_MANY_REQUESTS: 'too_many',
  UNAVAILABLE: 'unavailable',
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCodes;

/**
 * An expected refusal. `message` is one English sentence fit for a client; `details` are the members that the
 * contract names for the code (`violations`, `unmet`, `by`, `at`, `state`, `current`, …), JSON values only.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get kind(): ErrorKind {
    return errorCodes[this.code];
  }

  /** Input that cannot be used; every violation at once. */
  static invalid(violations: readonly Violation[]): DomainError {
    const first = violations[0];
    return new DomainError('INVALID', first ? `${first.path}: ${first.message}` : 'The input is invalid.', { violations });
  }

  /** Something that does not exist, or no longer. */
  static notFound(what: string): DomainError {
    return new DomainError('NOT_FOUND', `${what} does not exist.`);
  }

  /** The rules refuse it; every unmet rule is named. */
  static rulesUnmet(message: string, unmet: readonly UnmetRule[]): DomainError {
    return new DomainError('RULES_UNMET', message, { unmet });
  }

  /** It does not fit the present state. */
  static stateRefused(message: string, state: string): DomainError {
    return new DomainError('STATE_REFUSED', message, { state });
  }
}

/** Whether a caught value is an expected refusal (and not a fault). */
export function isDomainError(value: unknown): value is DomainError {
  return value instanceof DomainError;
}
