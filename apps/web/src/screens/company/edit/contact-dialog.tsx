import { Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ifMatch, newIntention, type Contact } from '../../../api/index.ts';
import { useTexts } from '../../../i18n/index.ts';
import { Button, tell, tellProblem } from '../../../parts/index.ts';
import { texts } from '../texts.ts';
import { EditForm } from './edit-form.tsx';
import { mergePatchOf, type Fields } from './merge.ts';
import { useRecordEdit } from './use-record-edit.ts';

const FIELDS = ['name', 'title', 'phone', 'email', 'decides'] as const;
const labels = { name: 'contactName', title: 'contactTitle', phone: 'phone', email: 'email', decides: 'decides' } as const;

function fieldsOf(contact: Partial<Contact>): Fields {
  return Object.fromEntries(FIELDS.map((field) => [field, contact[field] ?? '']));
}

/** A new person at a company, or one to be changed or removed. */
export function ContactDialog({ orgId, contact, onClose }: { readonly orgId: string; readonly contact: Contact | undefined; onClose(): void }) {
  const say = useTexts(texts);
  const client = useQueryClient();
  const [intention] = useState(newIntention);
  const done = (told: string) => {
    tell(told);
    void client.invalidateQueries({ queryKey: ['org', orgId] });
    onClose();
  };
  const editing = useRecordEdit<Partial<Contact> & { readonly version: number }>({
    key: `contact.${contact?.contactId ?? `new.${orgId}`}`,
    record: contact ?? { version: 0 },
    fieldsOf,
    send: (changes, version) =>
      contact
        ? api.PATCH('/contacts/{contactId}', { params: { path: { contactId: contact.contactId }, header: ifMatch(version) }, body: mergePatchOf(changes) })
        : api.POST('/orgs/{orgId}/contacts', { params: { path: { orgId }, header: { 'Idempotency-Key': intention } }, body: changes as { name: string } }),
    onSaved: () => done(say(contact ? 'savedContact' : 'addedContact')),
  });
  const typeOf = { phone: 'tel', email: 'email' } as const;
  return (
    <Modal opened onClose={onClose} title={say(contact ? 'editContact' : 'addContact')} size="md">
      <EditForm editing={editing} labelOf={(field) => say(labels[field as keyof typeof labels])} onClose={onClose} beside={contact && <RemoveContact contact={contact} onRemoved={() => done(say('removedContact'))} />}>
        {FIELDS.map((field) => (
          <TextInput
            key={field}
            label={say(labels[field])}
            required={field === 'name'}
            type={typeOf[field as keyof typeof typeOf] ?? 'text'}
            value={editing.values[field] ?? ''}
            onChange={(event) => editing.set(field, event.currentTarget.value)}
            {...(field === 'name' ? { 'data-autofocus': true } : {})}
          />
        ))}
      </EditForm>
    </Modal>
  );
}

/** Removing cannot be taken back: it is pressed twice. */
function RemoveContact({ contact: { contactId, version }, onRemoved }: { readonly contact: Contact; onRemoved(): void }) {
  const say = useTexts(texts);
  const [sure, setSure] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.DELETE('/contacts/{contactId}', { params: { path: { contactId }, header: ifMatch(version) } }),
    onSuccess: onRemoved,
    onError: (error) => tellProblem(error),
  });
  return (
    <Button look="danger" busy={remove.isPending} onClick={() => (sure ? remove.mutate() : setSure(true))}>
      {say(sure ? 'removeForSure' : 'remove')}
    </Button>
  );
}
