import { DomainError, isUuid, type Violation } from '@tom/kernel';

/** Longest texts, in characters. */
export const lengths = { name: 300, note: 10_000, other: 500 } as const;

/** Checks the fields of one request; `done` throws with everything that was wrong. Paths are the API's. */
export interface Input {
  text(path: string, value: string | undefined, options: { readonly max: number; readonly required?: boolean }): void;
  /** One of the choices, when given. */
  choice(path: string, value: string | undefined, choices: Iterable<string>, options?: { readonly required?: boolean }): void;
  uuid(path: string, value: string | undefined): void;
  instant(path: string, value: string | undefined): void;
  refuse(path: string, message: string, expected: string): void;
  done(): void;
}

export function checkInput(): Input {
  const violations: Violation[] = [];
  const refuse = (path: string, message: string, expected: string) => void violations.push({ path, message, expected });
  const missing = (path: string, expected: string, required: boolean | undefined) => {
    if (required) refuse(path, 'is missing', expected);
  };
  return {
    refuse,
    text(path, value, { max, required }) {
      const expected = `a text of 1 to ${max} characters`;
      if (value === undefined) missing(path, expected, required);
      else if (value.trim() === '') refuse(path, required ? 'is missing' : 'is empty', expected);
      else if (value.length > max) refuse(path, `has ${value.length} characters`, expected);
      else if (/[\0\p{Surrogate}]/u.test(value)) refuse(path, 'has a character that cannot be stored', 'Unicode text without NUL');
    },
    choice(path, value, choices, options) {
      const known = [...choices];
      const expected = `one of ${known.join(', ')}`;
      if (value === undefined || value === '') missing(path, expected, options?.required ?? value === '');
      else if (!known.includes(value)) refuse(path, 'is unknown', expected);
    },
    uuid(path, value) {
      if (value !== undefined && !isUuid(value)) refuse(path, 'is no id', 'a UUID');
    },
    instant(path, value) {
      if (value === undefined) return;
      const year = new Date(value).getUTCFullYear();
      if (!(year >= 1900 && year <= 2200)) refuse(path, 'is no usable time', 'an RFC 3339 instant from 1900 to 2200');
    },
    done() {
      if (violations.length > 0) throw DomainError.invalid(violations);
    },
  };
}

/** An id from the path: one that cannot exist is as unknown as one that does not. */
export function pathId(id: string, what: string): string {
  if (!isUuid(id)) throw DomainError.notFound(what);
  return id.toLowerCase();
}

/** The size of a page; 0 is the default. */
export function pageSizeOf(input: Input, size: number): number {
  if (size < 0 || size > 200) input.refuse('pageSize', `is ${size}`, 'a number from 1 to 200');
  return size === 0 ? 50 : size;
}

/**
 * The names in an update mask as the API knows them (`postal_code` → `postalCode`); unknown ones are refused. Parts of an
 * object are named one by one (`address.city`), or the object as a whole.
 */
export function maskOf(input: Input, mask: readonly string[] | undefined, known: ReadonlySet<string>): ReadonlySet<string> {
  const names = (mask ?? []).map((path) => path.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
  for (const name of names) if (!known.has(name)) input.refuse(name, 'cannot be written', `one of ${[...known].join(', ')}`);
  return new Set(names);
}
