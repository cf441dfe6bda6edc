import { DomainError, isUuid } from '@tom/kernel';
import type { Input } from '../adapters/check-input.ts';

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
