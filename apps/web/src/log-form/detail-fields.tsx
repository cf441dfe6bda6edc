import { Select, TextInput } from '@mantine/core';
import { useMeta } from '../api/index.ts';
import { instantOf, partsOf, useSystemText, useTexts } from '../i18n/index.ts';
import type { DetailsProps } from './details.tsx';
import type { LogEntry } from './entry.ts';
import classes from './log-form.module.css';
import { logTexts } from './texts.ts';

/** The same as fields. */
export function DetailFields({ entry, body, type, contacts, change }: DetailsProps) {
  const say = useTexts(logTexts);
  const text = useSystemText();
  const { directions } = useMeta();
  return (
    <div className={classes['details']}>
      {type?.directed && (
        <Select
          label={say('direction')}
          data={directions.map(({ code, label }) => ({ value: code, label: text(label) }))}
          value={body.direction ?? null}
          onChange={(direction) => direction && change({ direction })}
          allowDeselect={false}
        />
      )}
      <Select
        label={say('contact')}
        data={contacts.map(({ contactId, name }) => ({ value: contactId, label: name }))}
        value={body.contactId ?? null}
        placeholder={say('noContact')}
        onChange={(contactId) => change({ contactId })}
        clearable
      />
      <TextInput type="datetime-local" label={say('occurredAt')} value={wallOf(body.occurredAt)} onChange={(event) => change(whenOf(event.currentTarget.value))} />
      <TextInput inputMode="numeric" label={say('duration')} value={entry.minutes ?? ''} onChange={(event) => change({ minutes: event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 4) })} />
    </div>
  );
}

function wallOf(at: string | undefined): string {
  if (at === undefined) return '';
  const [year, month, day, hour, minute] = partsOf(new Date(at)).map((part) => String(part).padStart(2, '0'));
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

function whenOf(wall: string): Pick<LogEntry, 'occurredAt'> {
  const [year, month, day, hour, minute] = wall.split(/[-T:]/).map(Number);
  if (!year || !month || !day) return { occurredAt: '' };
  return { occurredAt: instantOf(year, month, day, hour ?? 0, minute ?? 0).toISOString() };
}
