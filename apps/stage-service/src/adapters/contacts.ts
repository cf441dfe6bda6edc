import { Contact as ContactMessage } from '@tom/contracts/tom/stage/v1/stage_service';
import { DomainError } from '@tom/kernel';
import { sql, type Tx } from '@tom/postgres';
import type { Contact } from '../domain/contact.ts';
import { contactMessage } from './messages.ts';
import type { Reader } from './reader.ts';

const columns = `contact_id as "contactId", org_id as "orgId", name, title, email, phone, decides, version, revision,
  created_at as "createdAt", created_by as "createdBy", updated_at as "updatedAt", updated_by as "updatedBy",
  removed_at as "removedAt", erased_at as "erasedAt"`;

const byId = sql(
  'contact.by_id',
  `select ${columns} from contact where contact_id = $1 and removed_at is null and erased_at is null`,
);
const lockById = sql('contact.lock', `select ${columns} from contact where contact_id = $1 and erased_at is null for update`);
const lockByOrg = sql(
  'contact.lock_by_org',
  `select ${columns} from contact where org_id = $1 and erased_at is null order by contact_id for update`,
);

export async function findContact(reader: Reader, contactId: string): Promise<Contact | undefined> {
  const [contact] = await reader.query<Contact>(byId, [contactId]);
  return contact;
}

/** Also one that was removed: its data is still there to be erased. */
export async function lockContact(tx: Tx, contactId: string): Promise<Contact | undefined> {
  const [contact] = await tx.query<Contact>(lockById, [contactId]);
  return contact;
}

/** Locks a contact that is there and of this version. */
export async function lockCurrentContact(tx: Tx, contactId: string, version: number): Promise<Contact> {
  const contact = await lockContact(tx, contactId);
  if (contact === undefined || contact.removedAt !== null) throw DomainError.notFound('This contact');
  if (contact.version !== version) {
    throw new DomainError('STALE_VERSION', 'The contact was changed meanwhile.', {
      current: ContactMessage.toJSON(contactMessage(contact)),
      by: contact.updatedBy,
      at: contact.updatedAt.toISOString(),
    });
  }
  return contact;
}

export function lockContactsOf(tx: Tx, orgId: string): Promise<Contact[]> {
  return tx.query(lockByOrg, [orgId]);
}

const insert = sql(
  'contact.insert',
  `insert into contact (contact_id, org_id, name, title, email, phone, decides, version, revision, created_at, created_by,
     updated_at, updated_by)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
);

export async function insertContact(tx: Tx, contact: Contact): Promise<void> {
  await tx.query(insert, [
    contact.contactId,
    contact.orgId,
    contact.name,
    contact.title,
    contact.email,
    contact.phone,
    contact.decides,
    contact.version,
    contact.revision,
    contact.createdAt,
    contact.createdBy,
    contact.updatedAt,
    contact.updatedBy,
  ]);
}

const update = sql(
  'contact.update',
  `update contact set name = $2, title = $3, email = $4, phone = $5, decides = $6, version = $7, revision = $8,
     updated_at = $9, updated_by = $10, removed_at = $11, erased_at = $12
   where contact_id = $1`,
);

export async function updateContact(tx: Tx, contact: Contact): Promise<void> {
  await tx.query(update, [
    contact.contactId,
    contact.name,
    contact.title,
    contact.email,
    contact.phone,
    contact.decides,
    contact.version,
    contact.revision,
    contact.updatedAt,
    contact.updatedBy,
    contact.removedAt,
    contact.erasedAt,
  ]);
}

const page = sql(
  'contact.page',
  `select ${columns} from contact
   where org_id = $1 and contact_id > $2 and removed_at is null and erased_at is null
   order by contact_id limit $3`,
);

/** In the order in which they were added (their ids rise), after the given one: a change of name moves nobody. */
export function listContacts(reader: Reader, orgId: string, after: string, limit: number): Promise<Contact[]> {
  return reader.query(page, [orgId, after, limit]);
}
