import { DomainError } from '@tom/kernel';
import type { Origin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { lockContact, updateContact } from '../adapters/contacts.ts';
import { eraseContactTraces } from '../adapters/erasure.ts';
import { contactErased } from '../adapters/messages.ts';
import type { Deps } from '../deps.ts';
import { eraseContact as eraseContactRow } from '../domain/contact.ts';

/** Clears a person's data for good, also of a contact that was removed before. */
export async function eraseContact(
  deps: Deps,
  tx: Tx,
  command: { readonly contactId: string; readonly by: string },
  origin: Origin,
): Promise<void> {
  const contact = await lockContact(tx, command.contactId);
  if (contact === undefined) throw DomainError.notFound('This contact');
  const next = eraseContactRow(contact, { id: command.by, now: deps.clock.now() });
  await updateContact(tx, next);
  await eraseContactTraces(tx, next.contactId);
  await deps.outbox.append(tx, origin, [contactErased(next)]);
}
