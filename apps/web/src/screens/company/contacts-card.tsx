import IconPlus from '@tabler/icons-react/icons/IconPlus';
import { lazy, Suspense, useState } from 'react';
import { useMe, type Contact } from '../../api/index.ts';
import { useTexts } from '../../i18n/index.ts';
import { Button, Card, PartFailed } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import classes from './cards.module.css';
import { telOf } from './next-task.ts';
import { texts } from './texts.ts';

const ContactDialog = lazy(async () => ({ default: (await import('./edit/contact-dialog.tsx')).ContactDialog }));

/** The people at the company, each with a number to call. */
export function ContactsCard({ orgId, contacts, retry }: { readonly orgId: string; readonly contacts: readonly Contact[] | undefined; retry(): void }) {
  const say = useTexts(texts);
  const { rights } = useMe();
  const [asked, setAsked] = useState<Contact | 'new'>();
  const mayEdit = rights.includes('edit_contacts');
  const add = mayEdit && (
    <Button look="ghost" icon small aria-label={say('addContact')} onClick={() => setAsked('new')}>
      <IconPlus {...icon} />
    </Button>
  );
  return (
    <Card title={<>{say('contacts')} {contacts && <span className="dim fig">{contacts.length}</span>}</>} actions={add}>
      {!contacts && <PartFailed part={say('contactsPart')} retry={retry} />}
      {contacts?.length === 0 && <p className={classes['nothing']}>{say('noContacts')}</p>}
      {contacts?.map((contact) => (
        <div key={contact.contactId} className={classes['person']}>
          <div>
            {mayEdit ? (
              <button type="button" title={say('editContact')} onClick={() => setAsked(contact)}>{contact.name}</button>
            ) : (
              <b>{contact.name}</b>
            )}
            {contact.phone && <a className={classes['link']} href={telOf(contact.phone)}>{contact.phone}</a>}
          </div>
          <div className="dim">
            <span>{[contact.title, contact.decides].filter(Boolean).join(' · ')}</span>
            {contact.email && <a href={`mailto:${contact.email}`}>{contact.email}</a>}
          </div>
        </div>
      ))}
      <Suspense>{asked && <ContactDialog orgId={orgId} contact={asked === 'new' ? undefined : asked} onClose={() => setAsked(undefined)} />}</Suspense>
    </Card>
  );
}
