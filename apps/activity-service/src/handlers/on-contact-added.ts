import type { Catalog } from '@tom/catalog';
import type { ContactAdded } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { addContacts } from '../adapters/known-contact-table.ts';
import { tellAll } from './tell.ts';

/** From now on activities may name this contact. */
export const onContactAdded =
  (catalog: Catalog) => async ({ tx, items }: BatchContext<ContactAdded>): Promise<void> => {
    await addContacts(tx, items.map(({ envelope: { data } }) => ({ contact_id: data.contactId, org_id: data.orgId })));
    await tellAll(tx, catalog, items.map((item) => item.envelope));
  };
