import type { Violation } from '@tom/kernel';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What is said of a code that is not there; of itself zod tells that from an unknown one by the input, which issues lack. */
export const MISSING = 'is missing';

/** What zod found wrong, in the words of the contract: every field that is unknown, missing or unusable. */
export function violationsOf(error: z.ZodError, prefix = ''): Violation[] {
  return error.issues.flatMap((issue) => violations(issue, prefix));
}

function violations(issue: Issue, prefix: string): Violation[] {
  const path = prefix || pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const parent = pathOf(issue.path);
    return issue.keys.map((key) => ({
      path: parent ? `${parent}.${key}` : key,
      message: 'is not known here',
      expected: 'only documented fields',
    }));
  }
  if (issue.code === 'invalid_union') {
    const first = issue.errors.flat()[0];
    if (first) return violations({ ...first, path: [...issue.path, ...first.path] } as Issue, prefix);
  }
  return [{ path, ...wordsOf(issue) }];
}

function wordsOf(issue: Issue): { message: string; expected: string } {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('undefined')
        ? { message: MISSING, expected: article(issue.expected) }
        : { message: 'has the wrong type', expected: article(issue.expected) };
    case 'invalid_value':
      return {
        message: issue.message === MISSING ? MISSING : 'is not one of the allowed values',
        expected: `one of ${issue.values.map(String).join(', ')}`,
      };
    case 'too_big':
      return { message: 'is too large', expected: `at most ${issue.maximum}${unitOf(issue.origin)}` };
    case 'too_small':
      return { message: 'is too small or empty', expected: `at least ${issue.minimum}${unitOf(issue.origin)}` };
    case 'invalid_format':
      return { message: 'cannot be read', expected: formats[issue.format] ?? issue.format };
    case 'custom':
      return { message: issue.message, expected: String(issue.params?.['expected'] ?? 'another value') };
    default:
      return { message: issue.message, expected: 'another value' };
  }
}

const formats: Readonly<Record<string, string>> = {
  datetime: 'an instant as in RFC 3339, e.g. 2026-03-02T09:00:00.000Z',
  uuid: 'a UUID',
  guid: 'a UUID',
};

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function pathOf(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) text += typeof part === 'number' ? `[${part}]` : text ? `.${String(part)}` : String(part);
  return text;
}
