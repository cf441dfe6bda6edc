import { DomainError, isUuid, type Violation } from '@tom/kernel';

const LONE_SURROGATE = /\p{Surrogate}/u;
const YEARS = { from: '1900-01-01T00:00:00.000Z', to: '2201-01-01T00:00:00.000Z' };

/** Collects what is wrong with a request, so that everything is said at once. */
export interface Checks {
  text(path: string, value: string | undefined, options?: { max?: number; required?: boolean }): void;
  code(path: string, value: string | undefined, allowed: Iterable<string>): void;
  codes(path: string, values: readonly string[], allowed: Iterable<string>): void;
  instant(path: string, value: string | undefined): void;
  id(path: string, value: string | undefined): void;
  fail(path: string, message: string, expected: string): void;
  /** Throws INVALID with all violations, if there are any. */
  done(): void;
}

export function checks(): Checks {
  const violations: Violation[] = [];
  const fail = (path: string, message: string, expected: string): void =>
    void violations.push({ path, message, expected });
  const code: Checks['code'] = (path, value, allowed) => {
    const known = [...allowed];
    if (value !== undefined && !known.includes(value)) fail(path, 'is not known', `one of ${known.join(', ')}`);
  };
  return {
    fail,
    code,
    text: (path, value, { max = 500, required = false } = {}) => {
      if (value === undefined || (value === '' && required)) {
        if (required) fail(path, 'is missing', `a text of 1 to ${max} characters`);
      } else if (value.trim() === '') fail(path, 'is empty', `a text of 1 to ${max} characters`);
      else if ([...value].length > max) fail(path, 'is too long', `at most ${max} characters`);
      else if (value.includes('\u0000') || LONE_SURROGATE.test(value))
        fail(path, 'has characters that are none', 'Unicode text without NUL');
    },
    codes: (path, values, allowed) => values.forEach((value) => code(path, value, allowed)),
    instant: (path, value) => {
      if (value === undefined) return;
      const parsed = new Date(value);
      const iso = Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString();
      if (iso === undefined || iso < YEARS.from || iso >= YEARS.to)
        fail(path, 'is no usable instant', 'an RFC 3339 instant between 1900 and 2200');
    },
    id: (path, value) => {
      if (value !== undefined && !isUuid(value)) fail(path, 'does not exist', 'an id');
    },
    done: () => {
      if (violations.length > 0) throw DomainError.invalid(violations);
    },
  };
}

/** The size of a page: 1 to 200, 50 when none is given. */
export function pageSizeOf(check: Checks, pageSize: number): number {
  if (pageSize < 0 || pageSize > 200) check.fail('pageSize', 'is out of range', '1 to 200');
  return pageSize === 0 ? 50 : pageSize;
}
