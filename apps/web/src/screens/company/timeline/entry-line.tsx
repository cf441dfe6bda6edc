import IconArrowsExchange from '@tabler/icons-react/icons/IconArrowsExchange';
import IconBolt from '@tabler/icons-react/icons/IconBolt';
import IconBuilding from '@tabler/icons-react/icons/IconBuilding';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconFolder from '@tabler/icons-react/icons/IconFolder';
import IconMessage from '@tabler/icons-react/icons/IconMessage';
import IconRoute from '@tabler/icons-react/icons/IconRoute';
import type { ReactNode } from 'react';
import { useMeta, type TimelineEntry } from '../../../api/index.ts';
import { formatFull, formatTime, useLanguage, useSystemText, useTexts } from '../../../i18n/index.ts';
import { ActivityIcon } from '../../../parts/index.ts';
import { smallIcon } from '../../../parts/icon.ts';
import { texts } from '../texts.ts';
import { isMachine, isOfPeople, stemOf, summaryOf } from './rows.ts';
import classes from './timeline.module.css';
import { WhyButton } from './why.tsx';

const icons = { NOTE: IconMessage, STAGE: IconRoute, TASK: IconCircleCheck, CASE: IconFolder, HANDOVER: IconArrowsExchange, ORG: IconBuilding } as const;

function EntryIcon({ entry }: { readonly entry: TimelineEntry }) {
  const { activityTypes } = useMeta();
  if (entry.kind === 'ACTIVITY') {
    // The kind of an activity is the first part of its title, in the words of the configuration.
    const type = activityTypes.find(({ label }) => entry.title.de.startsWith(label.de));
    return <ActivityIcon activityType={type?.code ?? 'NOTE'} />;
  }
  const Icon = isMachine(entry) ? IconBolt : icons[entry.kind];
  return <Icon {...smallIcon} />;
}

/** What happened, who did it, when: large for what people did, small for what followed. */
export function EntryLine({ entry, orgId, inFold, last }: { readonly entry: TimelineEntry; readonly orgId: string; readonly inFold: boolean; readonly last: boolean }) {
  const text = useSystemText();
  const loud = isOfPeople(entry);
  const title = text(entry.title);
  const [head, ...rest] = loud ? title.split(' · ') : [];
  const stem = stemOf(title);
  const detail = useDetail(entry);
  return (
    <Line
      loud={loud}
      call={entry.kind === 'ACTIVITY'}
      icon={<EntryIcon entry={entry} />}
      at={entry.at}
      last={last}
      inFold={inFold}
      head={
        <>
          {loud ? (
            <>
              <b>{head}</b>
              {rest.length > 0 && ` · ${rest.join(' · ')}`}
            </>
          ) : stem === title ? (
            title
          ) : (
            <>
              <span className="dim">{stem}:</span> {title.slice(stem.length + 2)}
            </>
          )}
          <By entry={entry} />
        </>
      }
    >
      {detail && <p className={classes['detail']}>{detail}</p>}
      {isMachine(entry) && !inFold && <Cause entries={[entry]} orgId={orgId} />}
    </Line>
  );
}

/** What one cause led to, in one line that can be opened. */
export function FoldLine({ entries, orgId, open, last, onToggle }: { readonly entries: readonly TimelineEntry[]; readonly orgId: string; readonly open: boolean; readonly last: boolean; onToggle(): void }) {
  const say = useTexts(texts);
  const lang = useLanguage();
  const [newest] = entries;
  if (!newest) return null;
  return (
    <Line
      loud={false}
      call={false}
      icon={isMachine(newest) ? <IconBolt {...smallIcon} /> : <IconCircleCheck {...smallIcon} />}
      at={newest.at}
      last={last}
      inFold={false}
      head={
        <>
          {summaryOf(entries, lang)
            .map(({ words, count }) => (count === 1 ? words : say('times', { words, count })))
            .join(', ')}
          <By entry={newest} />{' '}
          <button type="button" className={classes['link']} aria-expanded={open} onClick={onToggle}>{say(open ? 'hide' : 'show')}</button>
        </>
      }
    >
      <Cause entries={entries} orgId={orgId} />
    </Line>
  );
}

interface LineProps {
  readonly loud: boolean;
  readonly call: boolean;
  readonly icon: ReactNode;
  readonly at: string;
  readonly head: ReactNode;
  readonly last: boolean;
  readonly inFold: boolean;
  readonly children: ReactNode;
}

function Line({ loud, call, icon, at, head, last, inFold, children }: LineProps) {
  const names = [classes['line'], !loud && classes['machine'], last && classes['last'], inFold && classes['inFold']];
  return (
    <div className={names.filter(Boolean).join(' ')}>
      <span className={`${classes['icon'] ?? ''} ${call ? classes['call'] : ''}`}>{icon}</span>
      <div className={classes['content']}>
        <div className={classes['head']}>
          <span>{head}</span>
          <time dateTime={at} title={formatFull(new Date(at))}>{formatTime(new Date(at))}</time>
        </div>
        {children}
      </div>
    </div>
  );
}

function By({ entry: { actor } }: { readonly entry: TimelineEntry }) {
  const [kind = '', name = ''] = actor.split(/:(.*)/);
  return kind === 'user' || kind === 'client' ? <span className="dim"> · {name}</span> : null;
}

/** Details that are codes are words of ours, not of people. */
function useDetail({ detail }: TimelineEntry): string | undefined {
  const say = useTexts(texts);
  const known = { CASE_CLOSED: say('becauseCaseClosed'), ACTIVITY_DELETED: say('becauseActivityDeleted'), FOLLOW_UP_CLEARED: say('becauseFollowUpCleared') };
  if (detail === undefined || !/^[A-Z]+(?:_[A-Z]+)+$/.test(detail)) return detail;
  return known[detail as keyof typeof known];
}

/** Which template and rule did it, and the way to why. */
function Cause({ entries, orgId }: { readonly entries: readonly TimelineEntry[]; readonly orgId: string }) {
  const say = useTexts(texts);
  const of = entries.find(({ cause }) => cause?.template !== undefined) ?? entries.find(({ cause }) => cause !== undefined);
  const asked = entries.find(({ source: { type } }) => type === 'case') ?? entries.find(({ source: { type } }) => type === 'task' || type === 'stage');
  if (!of?.cause) return null;
  const { template, version, rule } = of.cause;
  const source = asked?.source.type;
  return (
    <p className={classes['auto']}>
      {template && `${template} v${version ?? ''}`}
      {rule && (
        <>
          {' · '}
          {say('rule')} <span className="mono">{rule}</span>
        </>
      )}
      {asked && (source === 'task' || source === 'case' || source === 'stage') && (
        <>
          {template && ' · '}
          <WhyButton orgId={orgId} source={source} id={asked.source.id} />
        </>
      )}
    </p>
  );
}
