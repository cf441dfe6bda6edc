import { DomainError } from '@tom/kernel';
import type { Origin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { lockContactsOf, updateContact } from '../adapters/contacts.ts';
import { eraseTraces } from '../adapters/erasure.ts';
import { contactErased, orgErased } from '../adapters/messages.ts';
import { lockOrg, updateOrg } from '../adapters/orgs.ts';
import type { Deps } from '../deps.ts';
import { eraseContact } from '../domain/contact.ts';
import { eraseOrg as eraseOrgRow, type Org } from '../domain/org.ts';

/** Clears a company with its contacts and everything derived from it here; erased twice is erased once. */
export async function eraseOrg(
  deps: Deps,
  tx: Tx,
  command: { readonly orgId: string; readonly by: string },
  origin: Origin,
): Promise<Org> {
  const org = await lockOrg(tx, command.orgId);
  if (org === undefined) throw DomainError.notFound('This company');
  if (org.erasedAt !== null) return org;
  const by = { id: command.by, now: deps.clock.now() };
  const next = eraseOrgRow(org, by);
  const contacts = (await lockContactsOf(tx, org.orgId)).map((contact) => eraseContact(contact, by));
  await updateOrg(tx, next);
  for (const contact of contacts) await updateContact(tx, contact);
  await eraseTraces(tx, org.orgId, org.externalRef);
  await deps.outbox.append(tx, origin, [...contacts.map(contactErased), orgErased(next)]);
  return next;
}
