import type { Catalog } from '@tom/catalog';
import type { ContactErased, ContactRemoved } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { removeContacts } from '../adapters/known-contact-table.ts';
import { tellAll } from './tell.ts';

/** Removed or erased: new activities cannot name the contact any more. */
export const onContactRemoved =
  (catalog: Catalog) =>
  async <T extends ContactRemoved | ContactErased>({ tx, items }: BatchContext<T>): Promise<void> => {
    await removeContacts(
      tx,
      items.map(({ envelope: { data } }) => ({ contact_id: data.contactId, org_id: data.orgId })),
    );
    await tellAll(tx, catalog, items.map((item) => item.envelope));
  };
