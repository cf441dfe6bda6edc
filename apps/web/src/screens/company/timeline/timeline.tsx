import { Switch } from '@mantine/core';
import IconFilter from '@tabler/icons-react/icons/IconFilter';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { Task, TimelineEntry } from '../../../api/index.ts';
import { dayNumber, formatDay, useTexts } from '../../../i18n/index.ts';
import { Button, Empty, PartFailed, Rows, Segmented, Unfold, useNow } from '../../../parts/index.ts';
import { icon } from '../../../parts/icon.ts';
import { texts } from '../texts.ts';
import { EntryLine, FoldLine } from './entry-line.tsx';
import { Planned } from './planned.tsx';
import { isMachine, rowsOf, type Row } from './rows.ts';
import classes from './timeline.module.css';
import { useTimeline, type Kind } from './use-timeline.ts';
import { WhyNot } from './why-not.tsx';

const filters: Readonly<Record<string, readonly Kind[]>> = {
  all: [],
  contact: ['ACTIVITY'],
  stage: ['STAGE'],
  tasks: ['TASK'],
  cases: ['CASE', 'HANDOVER', 'NOTE'],
};
const AHEAD = 12;

interface TimelineProps {
  readonly orgId: string;
  readonly tasks: readonly Task[];
  readonly kinds: string | undefined;
  /** What scrolls: the page, of which the timeline is a part. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  onKinds(kinds: string | undefined): void;
}

/** Everything that happened with the company, newest first, as far down as somebody wants to see. */
export function Timeline({ orgId, tasks, kinds = 'all', scroller, onKinds }: TimelineProps) {
  const say = useTexts(texts);
  const chosen = kinds in filters ? kinds : 'all';
  const [people, setPeople] = useState(false);
  const { feed, error, retry, older } = useTimeline(orgId, filters[chosen] ?? []);
  const entries = useMemo(() => feed?.items.filter((entry) => !people || !isMachine(entry)) ?? [], [feed, people]);
  return (
    <section className={classes['timeline']} aria-labelledby="timeline">
      <div className={classes['bar']}>
        <h2 id="timeline">{say('timeline')}</h2>
        <div className={classes['filters']}>
          <Segmented
            look="tabs"
            label={say('filterTimeline')}
            choices={[
              { value: 'all', label: say('all') },
              { value: 'contact', label: say('contact') },
              { value: 'stage', label: say('stage') },
              { value: 'tasks', label: say('tasks') },
              { value: 'cases', label: say('cases') },
            ]}
            value={chosen}
            onChange={(value) => onKinds(value === 'all' ? undefined : value)}
          />
        </div>
        <MoreFilters orgId={orgId} people={people} onPeople={setPeople} />
      </div>
      <Planned tasks={chosen === 'all' || chosen === 'tasks' ? tasks : []} />
      {error && !feed && <PartFailed part={say('timelinePart')} error={error} retry={retry} />}
      {!error && !feed && <Rows count={8} height={48} />}
      {feed && entries.length === 0 && !older.more && <Empty icon={IconHistory}>{say('timelineEmpty')}</Empty>}
      {feed && <Lines key={chosen} entries={entries} orgId={orgId} scroller={scroller} older={older} />}
    </section>
  );
}

/** Only what is in sight is drawn; the next page is fetched before the last line comes into sight. */
function Lines({ entries, orgId, scroller, older }: { readonly entries: readonly TimelineEntry[]; readonly orgId: string; readonly scroller: TimelineProps['scroller']; readonly older: ReturnType<typeof useTimeline>['older'] }) {
  const say = useTexts(texts);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(entries, opened), [entries, opened]);
  const list = useRef<HTMLDivElement>(null);
  const offset = useOffset(list, scroller);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by a compiler
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'day' ? 28 : 52),
    getItemKey: (index) => rows[index]?.key ?? index,
    scrollMargin: offset,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const { more, pending, failed, load } = older;
  useEffect(() => {
    if (more && !pending && !failed && lastShown >= rows.length - AHEAD) load();
  });
  const toggle = (key: string) => setOpened((kept) => new Set(kept.has(key) ? [...kept].filter((each) => each !== key) : [...kept, key]));
  return (
    <>
      <div ref={list} role="list" aria-label={say('timeline')} className={classes['list']} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index];
          return (
            row && (
              <div key={key} ref={virtual.measureElement} data-index={index} role="listitem" className={classes['item']} style={{ transform: `translateY(${start - offset}px)` }}>
                <Drawn row={row} orgId={orgId} last={rows[index + 1]?.kind !== 'entry' && rows[index + 1]?.kind !== 'fold'} opened={opened} onToggle={toggle} />
              </div>
            )
          );
        })}
      </div>
      {failed && <PartFailed part={say('timelinePart')} retry={load} />}
      {!more && rows.length > 0 && <p className={classes['end']}>{say('timelineEnd')}</p>}
    </>
  );
}

function Drawn({ row, orgId, last, opened, onToggle }: { readonly row: Row; readonly orgId: string; readonly last: boolean; readonly opened: ReadonlySet<string>; onToggle(key: string): void }) {
  if (row.kind === 'day') return <DayHead at={row.at} />;
  if (row.kind === 'fold') return <FoldLine entries={row.entries} orgId={orgId} open={row.open} last={last} onToggle={() => onToggle(row.key)} />;
  return <EntryLine entry={row.entry} orgId={orgId} last={last} inFold={row.entry.group !== undefined && opened.has(`group ${row.entry.group}`)} />;
}

function DayHead({ at }: { readonly at: Date }) {
  const say = useTexts(texts);
  const now = useNow();
  const ago = dayNumber(now) - dayNumber(at);
  return <h3 className={classes['day']}>{ago <= 0 ? say('today') : ago === 1 ? say('yesterday') : formatDay(at, now)}</h3>;
}

/** What fewer people need: only what people did, and what rules looked at and left alone. */
function MoreFilters({ orgId, people, onPeople }: { readonly orgId: string; readonly people: boolean; onPeople(only: boolean): void }) {
  const say = useTexts(texts);
  const [opened, setOpened] = useState(false);
  const [whyNot, setWhyNot] = useState(false);
  return (
    <Unfold
      opened={opened}
      onClose={() => setOpened(false)}
      label={say('moreFilters')}
      target={
        <Button look="ghost" icon small aria-label={say('moreFilters')} aria-haspopup="dialog" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          <IconFilter {...icon} />
        </Button>
      }
    >
      {whyNot ? (
        <WhyNot orgId={orgId} onBack={() => setWhyNot(false)} />
      ) : (
        <div className="stack">
          <Switch label={say('onlyPeople')} checked={people} onChange={(event) => onPeople(event.currentTarget.checked)} />
          <button type="button" className={classes['link']} onClick={() => setWhyNot(true)}>{say('whyNotTitle')}</button>
        </div>
      )}
    </Unfold>
  );
}

/** How far below the top of what scrolls the list begins; what stands above it grows and shrinks. */
function useOffset(list: RefObject<HTMLDivElement | null>, scroller: TimelineProps['scroller']): number {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const [inner, outer] = [list.current, scroller.current];
    if (!inner || !outer) return undefined;
    const measure = () => setOffset(Math.round(inner.getBoundingClientRect().top - outer.getBoundingClientRect().top + outer.scrollTop));
    measure();
    const observer = new ResizeObserver(measure);
    for (const child of outer.children) observer.observe(child);
    return () => observer.disconnect();
  }, [list, scroller]);
  return offset;
}
