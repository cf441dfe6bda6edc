/** A person at a company. */
export interface Contact {
  readonly contactId: string;
  readonly orgId: string;
  /** null once it was erased. */
  readonly name: string | null;
  readonly title: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly decides: string | null;
  readonly version: number;
  readonly revision: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
  readonly removedAt: Date | null;
  readonly erasedAt: Date | null;
}

export const contactFieldNames = ['name', 'title', 'email', 'phone', 'decides'] as const;

/** What people may write. */
export type ContactFields = Pick<Contact, (typeof contactFieldNames)[number]>;

/** The contact with these fields changed, and the names of those that really differ. */
export function changeContact(
  contact: Contact,
  change: Partial<ContactFields>,
  by: { readonly id: string; readonly now: Date },
): { readonly next: Contact; readonly changed: readonly string[] } {
  const changed = contactFieldNames.filter((name) => change[name] !== undefined && change[name] !== contact[name]);
  if (changed.length === 0) return { next: contact, changed };
  const stamp = { version: contact.version + 1, revision: contact.revision + 1, updatedAt: by.now, updatedBy: by.id };
  return { next: { ...contact, ...change, ...stamp }, changed };
}

/** Taken off the company; the data stays until it is erased. */
export function removeContact(contact: Contact, by: { readonly id: string; readonly now: Date }): Contact {
  return { ...contact, revision: contact.revision + 1, updatedAt: by.now, updatedBy: by.id, removedAt: by.now };
}

/** Nothing left that says who it was. */
export function eraseContact(contact: Contact, by: { readonly id: string; readonly now: Date }): Contact {
  return {
    ...contact,
    name: null,
    title: null,
    email: null,
    phone: null,
    decides: null,
    version: contact.version + 1,
    revision: contact.revision + 1,
    updatedAt: by.now,
    updatedBy: by.id,
    erasedAt: by.now,
  };
}
