import { DomainError, newId } from '@tom/kernel';
import type { Origin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { insertContact } from '../adapters/contacts.ts';
import { contactAdded } from '../adapters/messages.ts';
import { lockOrg } from '../adapters/orgs.ts';
import type { Deps } from '../deps.ts';
import type { Contact, ContactFields } from '../domain/contact.ts';
import { wasErased } from '../domain/org.ts';

export interface CreateContact extends ContactFields {
  readonly orgId: string;
  readonly by: string;
}

/** Adds a person to a company. The company is locked: nobody may be added while it is erased. */
export async function createContact(deps: Deps, tx: Tx, command: CreateContact, origin: Origin): Promise<Contact> {
  const { by, ...fields } = command;
  const org = await lockOrg(tx, fields.orgId);
  if (org === undefined) throw DomainError.notFound('This company');
  if (org.erasedAt !== null) throw wasErased();
  const now = deps.clock.now();
  const contact: Contact = {
    ...fields,
    contactId: newId(),
    version: 1,
    revision: 1,
    createdAt: now,
    createdBy: by,
    updatedAt: now,
    updatedBy: by,
    removedAt: null,
    erasedAt: null,
  };
  await insertContact(tx, contact);
  await deps.outbox.append(tx, origin, [contactAdded(contact)]);
  return contact;
}
