import type { Catalog } from '@tom/catalog';
import { ActivityLogged, ActivityUpdated } from '@tom/contracts/messages';
import type { Envelope } from '@tom/messaging';
import type { Activity } from '../../domain/activity.ts';
import { activityEntry } from './activity-entries.ts';
import { caseTellers } from './case-entries.ts';
import { eventEntry, type Entry, type Teller } from './entry.ts';
import { orgTellers } from './org-entries.ts';
import { taskTellers } from './task-entries.ts';

const tellers = new Map<string, Teller>(
  [...orgTellers, ...taskTellers, ...caseTellers].map((entry) => [entry.typeName, entry]),
);

/** Every type of another owner's event that can add an entry. */
export const toldTypes: ReadonlySet<string> = new Set(tellers.keys());

/** The entry that an event leaves behind, or undefined; nothing but the envelope and the labels decide. */
export function entryOf(envelope: Envelope, catalog: Catalog): Entry | undefined {
  if (envelope.type === ActivityLogged.typeName || envelope.type === ActivityUpdated.typeName) {
    return activityEntry(envelope, (envelope.data as { activity: Activity }).activity, catalog);
  }
  const told = tellers.get(envelope.type)?.tell(envelope.data, catalog);
  return told && eventEntry(envelope, told);
}
