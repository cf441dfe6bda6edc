import { Modal, Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, dataOf, ifMatch, overviewQuery, useMeta, type Org } from '../../../api/index.ts';
import { useSystemText, useTexts } from '../../../i18n/index.ts';
import { tell } from '../../../parts/index.ts';
import { texts } from '../texts.ts';
import classes from './edit.module.css';
import { EditForm } from './edit-form.tsx';
import { mergePatchOf, type Fields } from './merge.ts';
import { useRecordEdit } from './use-record-edit.ts';

const WITHIN = { street: 'address', postalCode: 'address', city: 'address', country: 'address' } as const;
const FIELDS = ['name', 'phone', 'website', 'street', 'postalCode', 'city', 'country', 'industry', 'accountOwner', 'externalRef'] as const;

function fieldsOf({ name, orgKind, phone, website, industry, accountOwner, externalRef, address }: Org): Fields {
  const values = { name, orgKind, phone, website, industry, accountOwner, externalRef, ...address };
  return Object.fromEntries([...FIELDS, 'orgKind' as const].map((field) => [field, (values as Partial<Record<string, string | null>>)[field] ?? '']));
}

/** Changes what is known of a company; `focus` is the field that somebody was sent here for. */
export function OrgDialog({ org, focus, onClose }: { readonly org: Org; readonly focus?: string | undefined; onClose(): void }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const { orgKinds } = useMeta();
  const client = useQueryClient();
  const editing = useRecordEdit({
    key: `org.${org.orgId}`,
    record: org,
    fieldsOf,
    send: async (changes, version) => {
      const changed = await dataOf(api.PATCH('/orgs/{orgId}', { params: { path: { orgId: org.orgId }, header: ifMatch(version) }, body: mergePatchOf(changes, WITHIN) }));
      // Whoever opens the form again at once begins with what was just saved.
      client.setQueryData(overviewQuery(org.orgId).queryKey, (shown) => shown && { ...shown, org: changed });
    },
    onSaved: () => {
      tell(say('savedOrg'));
      for (const queryKey of [['org', org.orgId], ['orgs']]) void client.invalidateQueries({ queryKey });
      onClose();
    },
  });
  const begin = FIELDS.find((field) => field === focus) ?? 'name';
  return (
    <Modal opened onClose={onClose} title={say('editOrg')} size="lg">
      <EditForm editing={editing} labelOf={(field) => say(field as 'name')} onClose={onClose}>
        {FIELDS.map((field) => (
          <TextInput
            key={field}
            label={say(field)}
            required={field === 'name'}
            className={field === 'name' ? (classes['whole'] ?? '') : ''}
            value={editing.values[field] ?? ''}
            onChange={(event) => editing.set(field, event.currentTarget.value)}
            {...(field === begin ? { 'data-autofocus': true } : {})}
          />
        ))}
        <Select
          label={say('orgKind')}
          data={orgKinds.map(({ code, label }) => ({ value: code, label: text(label) }))}
          value={editing.values['orgKind'] ?? null}
          onChange={(kind) => kind && editing.set('orgKind', kind)}
          allowDeselect={false}
        />
      </EditForm>
    </Modal>
  );
}
