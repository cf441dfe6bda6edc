import { Modal, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMe, useMeta, usersQuery } from '../../api/index.ts';
import { useDraft } from '../../app/drafts.ts';
import { useKeys } from '../../app/keys.ts';
import { formatTime, useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, problemInWords } from '../../parts/index.ts';
import { DuplicateHint, useDuplicates } from './duplicate-hint.tsx';
import { blank, type FieldName, type Typed } from './new-company.ts';
import { texts } from './texts.ts';
import { useCreate, type Creation } from './use-create.ts';
import classes from './create-company.module.css';

/** The form for a new company: only the name is a must. What is typed stays on the device until the server has it. */
export function CreateCompany({ onClose }: { readonly onClose: () => void }) {
  const say = useTexts(texts);
  const draft = useDraft<Typed>('company.new', blank);
  const typed = { ...blank, ...draft.value };
  const duplicates = useDuplicates(typed);
  const creation = useCreate(draft.clear);
  const submit = () => {
    if (!creation.busy && typed.name.trim() !== '') void creation.create(typed, duplicates.length > 0);
  };
  useKeys([{ key: 'mod+Enter', run: submit }]);
  return (
    <Modal opened onClose={onClose} title={say('newCompany')} size={560} centered>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {draft.restored && draft.at && (
          <p className={classes['draft']} role="status">
            {say('draftBack', { time: formatTime(draft.at) })}
            <button type="button" className={classes['link']} onClick={draft.clear}>{say('discard')}</button>
          </p>
        )}
        <Fields typed={typed} creation={creation} change={(name, value) => draft.change({ ...typed, [name]: value })} hint={<DuplicateHint found={duplicates} />} />
        <div className={classes['foot']}>
          {creation.failed !== undefined && <p role="alert" className="red grow">{say('notSaved')} {problemInWords(creation.failed)}</p>}
          <Button className="push" onClick={onClose}>{say('dismiss')}</Button>
          <Button type="submit" look="primary" busy={creation.busy} disabled={typed.name.trim() === ''}>
            {say(duplicates.length > 0 ? 'createAnyway' : creation.failed === undefined ? 'create' : 'again')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface FieldsProps {
  readonly typed: Typed;
  readonly creation: Creation;
  readonly change: (name: FieldName, value: string) => void;
  /** What stands below the name. */
  readonly hint: ReactNode;
}

function Fields({ typed, creation: { wrong, takenBy }, change, hint }: FieldsProps) {
  const say = useTexts(texts);
  const text = useSystemText();
  const me = useMe();
  const { orgKinds, orgStatuses } = useMeta();
  const users = useQuery(usersQuery).data?.items ?? [];
  const codes = (list: readonly { readonly code: string; readonly label: { readonly de: string; readonly en: string } }[]) => list.map(({ code, label }) => ({ value: code, label: text(label) }));
  const field = (name: FieldName, label: string, maxLength: number, more: Readonly<Record<string, unknown>> = {}) => (
    <TextInput label={label} value={typed[name]} maxLength={maxLength} error={wrong[name]} onChange={(event) => change(name, event.currentTarget.value)} autoComplete="off" {...more} />
  );
  const choice = (name: FieldName, label: string, data: readonly { value: string; label: string }[], fallback: string) => (
    <Select label={label} data={[...data]} value={typed[name] || fallback || null} error={wrong[name]} onChange={(value) => change(name, value ?? '')} allowDeselect={false} checkIconPosition="right" />
  );
  const taken = takenBy && (
    <>
      {say('refTaken')} <Link to="/companies/$orgId" params={{ orgId: takenBy }} className={classes['link']}>{say('openCompany')}</Link>
    </>
  );
  return (
    <div className={classes['fields']}>
      <div className={classes['whole']}>
        {field('name', say('name'), 300, { required: true, 'data-autofocus': true })}
        {hint}
      </div>
      {choice('orgKind', say('kind'), codes(orgKinds), 'customer')}
      {choice('status', say('status'), codes(orgStatuses), 'lead')}
      {field('phone', say('phone'), 60, { type: 'tel' })}
      {field('website', say('website'), 300, { inputMode: 'url' })}
      {field('street', say('street'), 200)}
      <div className={classes['place']}>
        {field('postalCode', say('postalCode'), 20)}
        {field('city', say('city'), 100)}
      </div>
      {field('country', say('country'), 100)}
      {field('industry', say('industry'), 200)}
      {field('externalRef', say('externalRef'), 200, taken ? { error: taken } : {})}
      <Select
        label={say('owner')}
        data={[{ value: me.id, label: say('me', { id: me.id }) }, ...users.filter(({ id }) => id !== me.id).map(({ id, name }) => ({ value: id, label: name ? `${id} · ${name}` : id }))]}
        value={typed.accountOwner || null}
        error={wrong.accountOwner}
        onChange={(value) => change('accountOwner', value ?? '')}
        searchable
        clearable
      />
    </div>
  );
}
