import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../../api/index.ts';
import { rowsOf, summaryOf } from './rows.ts';

let next = 0;
const entry = (at: string, en: string, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  entryId: `e${(next += 1)}`,
  kind: 'TASK',
  at: `2026-11-${at}.000Z`,
  actor: 'template:qualify_company',
  title: { de: en, en },
  source: { type: 'task', id: 't' },
  ...more,
});
const drawn = (entries: readonly TimelineEntry[], ...opened: readonly string[]) =>
  rowsOf(entries, new Set(opened)).map((row) => (row.kind === 'day' ? 'day' : row.kind === 'fold' ? `${row.entries.length} of ${row.key}${row.open ? ', open' : ''}` : row.entry.title.en));

describe('the lines of a timeline', () => {
  it('begin a day where the business time zone does', () => {
    expect(drawn([entry('26T08:00:00', 'A', { kind: 'STAGE' }), entry('25T23:30:00', 'B', { kind: 'STAGE' }), entry('25T20:00:00', 'C', { kind: 'STAGE' })])).toEqual(['day', 'A', 'B', 'day', 'C']);
  });

  it('fold what one cause led to into one, where its newest entry stands', () => {
    const entries = [
      entry('26T08:00:03', 'Task created: A', { group: 'g' }),
      entry('26T08:00:02', 'Call', { kind: 'ACTIVITY', actor: 'user:ida' }),
      entry('26T08:00:01', 'Task created: B', { group: 'g' }),
      entry('26T08:00:00', 'Case opened: Q', { kind: 'CASE', group: 'g' }),
      entry('26T07:00:00', 'Task created: C', { group: 'other' }),
    ];
    expect(drawn(entries)).toEqual(['day', '3 of group g', 'Call', 'Task created: C']);
    expect(drawn(entries, 'group g')).toEqual(['day', '3 of group g, open', 'Task created: A', 'Call', 'Task created: B', 'Case opened: Q', 'Task created: C']);
    expect(summaryOf(entries.filter(({ group }) => group === 'g'), 'en')).toEqual([
      { words: 'Case opened: Q', count: 1 },
      { words: 'Task created', count: 2 },
    ]);
  });

  it('fold what somebody did to several tasks at one moment, but never what people said', () => {
    const at = '26T08:00:00';
    const ida = { actor: 'user:ida' };
    expect(
      drawn([
        entry(at, 'Task cancelled: A', ida),
        entry(at, 'Task cancelled: B', ida),
        entry(at, 'Task completed: C', ida),
        entry(at, 'Note', { kind: 'ACTIVITY', group: 'g' }),
        entry(at, 'Note', { kind: 'NOTE', group: 'g' }),
      ]),
    ).toEqual(['day', `2 of moment 2026-11-${at}.000Z user:ida Task cancelled`, 'Task completed: C', 'Note', 'Note']);
  });
});
