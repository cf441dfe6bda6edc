import type { TimelineEntry } from '../../../api/index.ts';
import { dayNumber } from '../../../i18n/index.ts';

/** One line of the timeline: the beginning of a day, one entry, or several of one cause as one. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: Date }
  | { readonly kind: 'entry'; readonly key: string; readonly entry: TimelineEntry }
  | { readonly kind: 'fold'; readonly key: string; readonly entries: readonly TimelineEntry[]; readonly open: boolean };

const FOLDED_FROM = 2;

export function isMachine({ actor }: TimelineEntry): boolean {
  return !actor.startsWith('user:');
}

/** What people did and said, as against what followed from it. */
export function isOfPeople(entry: TimelineEntry): boolean {
  return entry.kind === 'ACTIVITY' || entry.kind === 'NOTE' || (entry.kind === 'HANDOVER' && !isMachine(entry));
}

/** Entries by day, newest first; what one cause led to is one line where its newest entry stands, unless opened. */
export function rowsOf(entries: readonly TimelineEntry[], opened: ReadonlySet<string>): readonly Row[] {
  const folds = new Map<string, TimelineEntry[]>();
  for (const entry of entries) {
    const key = foldOf(entry);
    if (key === undefined) continue;
    const fold = folds.get(key);
    if (fold) fold.push(entry);
    else folds.set(key, [entry]);
  }
  const rows: Row[] = [];
  let day: number | undefined;
  for (const entry of entries) {
    const key = foldOf(entry);
    const fold = key === undefined ? undefined : folds.get(key);
    const folded = fold !== undefined && key !== undefined && fold.length >= FOLDED_FROM;
    const isOpen = folded && opened.has(key);
    if (folded && !isOpen && fold[0] !== entry) continue;
    const at = new Date(entry.at);
    if (dayNumber(at) !== day) {
      day = dayNumber(at);
      rows.push({ kind: 'day', key: `day ${day}`, at });
    }
    if (folded && fold[0] === entry) rows.push({ kind: 'fold', key, entries: fold, open: isOpen });
    if (!folded || isOpen) rows.push({ kind: 'entry', key: entry.entryId, entry });
  }
  return rows;
}

/** What belongs together: all that one cause led to, or the same done to several tasks at one moment. */
function foldOf(entry: TimelineEntry): string | undefined {
  if (isOfPeople(entry)) return undefined;
  if (entry.group !== undefined) return `group ${entry.group}`;
  return entry.kind === 'TASK' ? `moment ${entry.at} ${entry.actor} ${stemOf(entry.title.en)}` : undefined;
}

/** "Task created: Call back" begins with what happened. */
export function stemOf(title: string): string {
  const at = title.indexOf(': ');
  return at < 0 ? title : title.slice(0, at);
}

/** What a fold says: what happened once in full, the rest by how often. Oldest first, as it came about. */
export function summaryOf(entries: readonly TimelineEntry[], lang: 'de' | 'en'): readonly { readonly words: string; readonly count: number }[] {
  const titles = entries.map(({ title }) => title[lang]).toReversed();
  const stems = [...new Set(titles.map(stemOf))];
  return stems.map((stem) => {
    const of = titles.filter((title) => stemOf(title) === stem);
    return of.length === 1 ? { words: of[0] ?? stem, count: 1 } : { words: stem, count: of.length };
  });
}
