import type { Catalog } from '@tom/catalog';
import { messageTypes } from '@tom/contracts';
import type { Clock } from '@tom/kernel';
import type { Envelope } from '@tom/messaging';
import type { Database } from '@tom/postgres';
import { activityIdsOf, holdActivities } from '../adapters/activity-history.ts';
import type { Entry } from '../adapters/entries/entry.ts';
import { entryOf } from '../adapters/entries/entry-of.ts';
import type { HistoryOwners } from '../adapters/history-owners.ts';
import { rememberOrg } from '../adapters/known-org-table.ts';
import { holdOrg, type RebuildCounts } from '../adapters/rebuild-table.ts';
import { entryIdsOf, removeEntries, restoreEntries } from '../adapters/timeline-table.ts';

/** What a rebuild works with. */
export interface RebuildParts {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly owners: HistoryOwners;
}

const CHUNK = 200;

/**
 * Builds one company's timeline from the owners' histories, while events arrive and people write. Every entry that is
 * there at the beginning comes from an event that stood in a history before; so one of them that no history tells of
 * does not belong and goes. What is told meanwhile is not among them and stays.
 */
export async function rebuildCompany(parts: RebuildParts, orgId: string): Promise<RebuildCounts> {
  const { database, catalog, clock, owners } = parts;
  const strays = new Set(await entryIdsOf(database, orgId));
  const counts = { added: 0, changed: 0 };

  function count(told: readonly Entry[], restored: { readonly added: number; readonly changed: number }): void {
    for (const { entry_id: id } of told) strays.delete(id);
    counts.added += restored.added;
    counts.changed += restored.changed;
  }

  let known = false;
  for await (const envelopes of owners.historyOf(orgId)) {
    const told = envelopes.map((envelope) => tell(envelope, catalog)).filter((entry) => entry !== undefined);
    // The row is what an erasure locks, so it has to be there before texts are written.
    if (!known && told.length > 0) await rememberOrg(database, orgId, clock.now());
    known ||= told.length > 0;
    count(told, await restoreTold(database, orgId, told));
  }
  const activityIds = await activityIdsOf(database, orgId);
  for (let at = 0; at < activityIds.length; at += CHUNK) {
    await database.transaction(async (tx) => {
      await holdOrg(tx, orgId);
      const histories = await holdActivities(tx, activityIds.slice(at, at + CHUNK));
      const told = histories.map((history) => tellActivity(history, catalog)).filter((entry) => entry !== undefined);
      const restored = await restoreEntries(tx, told);
      tx.afterCommit(() => count(told, restored));
    });
  }
  return { ...counts, removed: await removeEntries(database, orgId, [...strays]) };
}

async function restoreTold(database: Database, orgId: string, told: readonly Entry[]) {
  if (told.length === 0) return { added: 0, changed: 0 };
  return database.transaction(async (tx) => {
    await holdOrg(tx, orgId);
    return restoreEntries(tx, told);
  });
}

/** The owner keeps the data as it was encoded, less what was erased since. */
function tell(envelope: Envelope, catalog: Catalog): Entry | undefined {
  const type = messageTypes.get(envelope.type);
  return type && entryOf({ ...envelope, data: type.restore(envelope.data) }, catalog);
}

/** One entry: who logged it and what caused that, from its first event; the rest as its last event left it. */
function tellActivity(history: readonly Envelope[], catalog: Catalog): Entry | undefined {
  const entries = history.map((envelope) => tell(envelope, catalog)).filter((entry) => entry !== undefined);
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) return undefined;
  const { at, title_de, title_en, name, detail, case_id } = last;
  return { ...first, at, title_de, title_en, name, detail, case_id };
}
