import type { Origin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { lockCurrentContact, updateContact as writeContact } from '../adapters/contacts.ts';
import { contactUpdated } from '../adapters/messages.ts';
import type { Deps } from '../deps.ts';
import { changeContact, type Contact, type ContactFields } from '../domain/contact.ts';

export interface UpdateContact {
  readonly contactId: string;
  readonly version: number;
  readonly change: Partial<ContactFields>;
  readonly by: string;
}

/** Changes a contact of the version that the person saw. */
export async function updateContact(deps: Deps, tx: Tx, command: UpdateContact, origin: Origin): Promise<Contact> {
  const contact = await lockCurrentContact(tx, command.contactId, command.version);
  const { next, changed } = changeContact(contact, command.change, { id: command.by, now: deps.clock.now() });
  if (next === contact) return contact;
  await writeContact(tx, next);
  await deps.outbox.append(tx, origin, [contactUpdated(next, changed)]);
  return next;
}
