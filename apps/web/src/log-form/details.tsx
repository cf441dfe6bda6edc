import IconArrowDownLeft from '@tabler/icons-react/icons/IconArrowDownLeft';
import IconArrowUpRight from '@tabler/icons-react/icons/IconArrowUpRight';
import { lazy, Suspense, useState } from 'react';
import { useMeta, type Contact } from '../api/index.ts';
import { formatTime, useSystemText, useTexts } from '../i18n/index.ts';
import { useNow } from '../parts/index.ts';
import { smallIcon } from '../parts/icon.ts';
import type { ActivityBody, ActivityType, LogEntry } from './entry.ts';
import classes from './log-form.module.css';
import { logTexts } from './texts.ts';

const DetailFields = lazy(async () => ({ default: (await import('./detail-fields.tsx')).DetailFields }));

export interface DetailsProps {
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
  if (opened) {
    return (
      <Suspense>
        <DetailFields entry={entry} body={body} type={type} contacts={contacts} change={change} />
      </Suspense>
    );
  }
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
