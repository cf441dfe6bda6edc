import type { Origin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { lockCurrentContact, updateContact } from '../adapters/contacts.ts';
import { contactRemoved } from '../adapters/messages.ts';
import type { Deps } from '../deps.ts';
import { removeContact } from '../domain/contact.ts';

/** Takes a contact off its company; it can still be erased afterwards. */
export async function deleteContact(
  deps: Deps,
  tx: Tx,
  command: { readonly contactId: string; readonly version: number; readonly by: string },
  origin: Origin,
): Promise<void> {
  const contact = await lockCurrentContact(tx, command.contactId, command.version);
  const next = removeContact(contact, { id: command.by, now: deps.clock.now() });
  await updateContact(tx, next);
  await deps.outbox.append(tx, origin, [contactRemoved(next)]);
}
