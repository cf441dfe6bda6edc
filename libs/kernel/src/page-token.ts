import { createHash } from 'node:crypto';
import { DomainError } from './domain-error.ts';

type Key = string | number | null;

/**
 * An opaque token for the page after the row with these sort keys. `scope` is whatever selects the list (its filter):
 * a token used with another filter is refused.
 */
export function encodePageToken(scope: unknown, keys: readonly Key[]): string {
  return Buffer.from(JSON.stringify([contentHash(scope).slice(0, 12), ...keys])).toString('base64url');
}

/** The sort keys of a token, or undefined without one. Throws INVALID naming pageToken when it is not one of this list's. */
export function decodePageToken(scope: unknown, token: string | undefined): readonly Key[] | undefined {
  if (token === undefined || token === '') return undefined;
  const parsed = parse(token);
  if (!parsed || parsed[0] !== contentHash(scope).slice(0, 12)) {
    throw DomainError.invalid([
      { path: 'pageToken', message: 'is not a token of this list', expected: 'the nextPageToken of the page before, with the same filter' },
    ]);
  }
  return parsed.slice(1);
}

function parse(token: string): Key[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  const isKey = (key: unknown) => key === null || typeof key === 'string' || typeof key === 'number';
  return Array.isArray(value) && value.length > 1 && value.every(isKey) ? (value as Key[]) : undefined;
}

/** A hash of a JSON value in which the order of fields does not matter; absent and undefined fields are the same. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(sorted(value)) ?? '').digest('base64url');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
