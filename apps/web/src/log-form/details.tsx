import IconArrowDownLeft from '@tabler/icons-react/icons/IconArrowDownLeft';
import IconArrowUpRight from '@tabler/icons-react/icons/IconArrowUpRight';
import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMeta, type Contact } from '../api/index.ts';
import { formatTime, instantOf, partsOf, useSystemText, useTexts } from '../i18n/index.ts';
import { useNow } from '../parts/index.ts';
import { smallIcon } from '../parts/icon.ts';
import type { ActivityBody, ActivityType, LogEntry } from './entry.ts';
import classes from './log-form.module.css';
import { logTexts } from './texts.ts';

interface DetailsProps {
  readonly entry: LogEntry;
  readonly body: ActivityBody;
  readonly type: ActivityType | undefined;
  readonly contacts: readonly Contact[];
  change(next: Partial<LogEntry>): void;
}

/** In which direction, with whom, when, how long: one line that is right as it stands for most calls. */
export function Details({ entry, body, type, contacts, change }: DetailsProps) {
  const say = useTexts(logTexts);
  const text = useSystemText();
  const { directions } = useMeta();
  const now = useNow();
  const [opened, setOpened] = useState(false);
  if (opened) return <DetailFields entry={entry} body={body} type={type} contacts={contacts} change={change} />;
  const parts = [
    type?.directed && (
      <>
        {body.direction === 'INBOUND' ? <IconArrowDownLeft {...smallIcon} /> : <IconArrowUpRight {...smallIcon} />} {text(directions.find(({ code }) => code === body.direction)?.label)}
      </>
    ),
    contacts.find(({ contactId }) => contactId === body.contactId)?.name ?? say('noContact'),
    `${body.occurredAt ? '' : `${say('now')}, `}${formatTime(body.occurredAt ? new Date(body.occurredAt) : now)}`,
    body.durationMinutes !== undefined && say('minutes', { count: body.durationMinutes }),
  ].filter(Boolean);
  return (
    <div className={classes['facts']}>
      {parts.map((part, index) => (
        <span key={index}>
          {index > 0 && <span className="dim">· </span>}
          {part}
        </span>
      ))}
      <button type="button" className={`${classes['link'] ?? ''} push`} onClick={() => setOpened(true)}>{say('change')}</button>
    </div>
  );
}

function DetailFields({ entry, body, type, contacts, change }: DetailsProps) {
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
