import { DomainError, isUuid, type Violation } from '@tom/kernel';

const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const MAX_PAGE = 200;
const DEFAULT_PAGE = 50;

/** Collects everything that is wrong with a request; `done` refuses it with all of that at once. */
export interface Checks {
  refuse(path: string, message: string, expected: string): void;
  /** A text that must be there. */
  required(path: string, value: string | undefined, maxLength: number): void;
  /** A text that may be absent or empty. */
  text(path: string, value: string | undefined, maxLength: number): void;
  /** One of the configured codes; absent is fine unless it is required. */
  code(path: string, value: string | undefined, codes: { has(code: string): boolean; keys(): Iterable<string> }, required?: boolean): void;
  id(path: string, value: string | undefined, required?: boolean): void;
  instant(path: string, value: string | undefined, required?: boolean): void;
  /** The size of a page; absent (0) is the default. */
  pageSize(value: number): number;
  done(): void;
}

export function createChecks(): Checks {
  const violations: Violation[] = [];
  const refuse: Checks['refuse'] = (path, message, expected) => void violations.push({ path, message, expected });

  function text(path: string, value: string | undefined, maxLength: number): void {
    if (!value) return;
    const expected = `at most ${maxLength} characters of Unicode text`;
    if ([...value].length > maxLength) refuse(path, 'is too long', expected);
    else if (value.includes('\u0000') || /[\uD800-\uDFFF]/u.test(value)) refuse(path, 'has characters that are no text', expected);
  }

  return {
    refuse,
    text,
    required(path, value, maxLength) {
      if (!value?.trim()) refuse(path, 'is missing', `1 to ${maxLength} characters`);
      else text(path, value, maxLength);
    },
    code(path, value, codes, required = false) {
      if (!value) {
        if (required) refuse(path, 'is missing', `one of ${[...codes.keys()].join(', ')}`);
      } else if (!codes.has(value)) refuse(path, 'is not known', `one of ${[...codes.keys()].join(', ')}`);
    },
    id(path, value, required = false) {
      if (!value) {
        if (required) refuse(path, 'is missing', 'a UUID');
      } else if (!isUuid(value)) refuse(path, 'is not an id', 'a UUID');
    },
    instant(path, value, required = false) {
      if (!value) {
        if (required) refuse(path, 'is missing', 'an RFC 3339 instant');
        return;
      }
      const at = RFC3339.test(value) ? new Date(value) : undefined;
      const year = at?.getUTCFullYear() ?? Number.NaN;
      if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) {
        refuse(path, 'is not a usable instant', `an RFC 3339 instant from ${FIRST_YEAR} to ${LAST_YEAR}`);
      }
    },
    pageSize(value) {
      if (value === 0) return DEFAULT_PAGE;
      if (!Number.isInteger(value) || value < 1 || value > MAX_PAGE) refuse('pageSize', 'is out of range', `1 to ${MAX_PAGE}`);
      return value;
    },
    done() {
      if (violations.length > 0) throw DomainError.invalid(violations);
    },
  };
}

/** An id in a path: one that cannot exist does not exist. */
export function pathId(what: string, value: string): string {
  if (!isUuid(value)) throw DomainError.notFound(what);
  return value.toLowerCase();
}
