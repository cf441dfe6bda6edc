import { DomainError, isUuid, type Violation } from '@tom/kernel';

/** Longest texts, in characters. */
export const lengths = { name: 300, note: 10_000, other: 500 } as const;

/** Checks the fields of one request or message; `done` throws with everything that was wrong. Paths are the API's. */
export interface Input {
  text(path: string, value: string | undefined, options: { readonly max: number; readonly required?: boolean }): void;
  /** One of the choices, when given. */
  choice(path: string, value: string | undefined, choices: Iterable<string>, options?: { readonly required?: boolean }): void;
  uuid(path: string, value: string | undefined): void;
  instant(path: string, value: string | undefined): void;
  refuse(path: string, message: string, expected: string): void;
  /** What was wrong so far. */
  readonly violations: readonly Violation[];
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
    violations,
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
