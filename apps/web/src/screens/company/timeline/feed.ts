import type { TimelineEntry } from '../../../api/index.ts';

/** What is known of a timeline: from the newest entry down to where nobody has looked yet. */
export interface Feed {
  readonly items: readonly TimelineEntry[];
  readonly nextPageToken?: string | undefined;
  /** Entries further down may have changed: what follows the first page is to be forgotten. */
  readonly outdated?: boolean;
}

/**
 * The first page, read anew, over what was known: it decides about the time that it spans, what is older stays, so that
 * a new entry costs one page however far somebody has scrolled. Without an overlap there is a gap: then it begins anew.
 */
export function withFirstPage(known: Feed | undefined, first: Feed): Feed {
  const last = first.items.at(-1);
  if (!known || known.outdated || !last || first.nextPageToken === undefined) return { items: first.items, nextPageToken: first.nextPageToken };
  const fresh = new Set(first.items.map(({ entryId }) => entryId));
  if (!known.items.some(({ entryId }) => fresh.has(entryId))) return { items: first.items, nextPageToken: first.nextPageToken };
  const older = known.items.filter((entry) => isAfter(last, entry));
  if (older.length === 0) return { items: first.items, nextPageToken: first.nextPageToken };
  return { items: [...first.items, ...older], nextPageToken: known.nextPageToken };
}

/** The next page below what is known. */
export function withOlderPage(known: Feed, older: Feed): Feed {
  const ids = new Set(known.items.map(({ entryId }) => entryId));
  return { items: [...known.items, ...older.items.filter(({ entryId }) => !ids.has(entryId))], nextPageToken: older.nextPageToken };
}

/** Newest first, by when it happened and then by id. */
function isAfter(a: TimelineEntry, b: TimelineEntry): boolean {
  return a.at === b.at ? a.entryId > b.entryId : a.at > b.at;
}
