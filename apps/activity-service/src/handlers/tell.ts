import type { Catalog } from '@tom/catalog';
import type { BatchContext, Envelope } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { entryOf } from '../adapters/entries/entry-of.ts';
import { insertEntries } from '../adapters/timeline-table.ts';

/** Puts what happened on the timeline, in one statement for all. */
export async function tellAll(tx: Tx, catalog: Catalog, envelopes: readonly Envelope[]): Promise<void> {
  await insertEntries(
    tx,
    envelopes.map((envelope) => entryOf(envelope, catalog)).filter((entry) => entry !== undefined),
  );
}

/** For events that do nothing here but appear on the timeline. */
export const tell = (catalog: Catalog) => async <T>({ tx, items }: BatchContext<T>): Promise<void> =>
  tellAll(tx, catalog, items.map((item) => item.envelope));
