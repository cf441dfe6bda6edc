import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../../api/index.ts';
import { withFirstPage, withOlderPage, type Feed } from './feed.ts';

const entry = (minute: number, id = `e${minute}`) => ({ entryId: id, at: `2026-11-26T09:${String(minute).padStart(2, '0')}:00.000Z`, title: { de: '', en: '' } }) as TimelineEntry;
const feed = (minutes: readonly number[], nextPageToken?: string): Feed => ({ items: minutes.map((minute) => entry(minute)), nextPageToken });
const ids = ({ items }: Feed) => items.map(({ entryId }) => entryId).join(' ');

describe('a timeline that is read page by page', () => {
  const known = withOlderPage(feed([9, 8, 7], 'a'), feed([6, 5, 4], 'b'));

  it('goes on where the last page ended, each entry once', () => {
    expect(ids(known)).toBe('e9 e8 e7 e6 e5 e4');
    expect(known.nextPageToken).toBe('b');
    expect(ids(withOlderPage(known, feed([4, 3])))).toBe('e9 e8 e7 e6 e5 e4 e3');
  });

  it('takes in what is new at the top and keeps what was read below', () => {
    const next = withFirstPage(known, feed([11, 10, 9], 'c'));
    expect(ids(next)).toBe('e11 e10 e9 e8 e7 e6 e5 e4');
    expect(next.nextPageToken).toBe('b');
  });

  it('loses what is gone from the first page', () => {
    expect(ids(withFirstPage(known, feed([9, 7, 6], 'c')))).toBe('e9 e7 e6 e5 e4');
  });

  it('begins anew when there is a gap, when what is below has changed, and when all fits on one page', () => {
    expect(withFirstPage(known, feed([30, 29, 28], 'c'))).toEqual(feed([30, 29, 28], 'c'));
    expect(withFirstPage({ ...known, outdated: true }, feed([9, 8, 7], 'a'))).toEqual(feed([9, 8, 7], 'a'));
    expect(withFirstPage(known, feed([9, 8]))).toEqual({ items: feed([9, 8]).items, nextPageToken: undefined });
  });

  it('tells entries of one instant apart by their id', () => {
    const first: Feed = { items: [entry(9, 'z'), entry(9, 'y')], nextPageToken: 'c' };
    const before: Feed = { items: [entry(9, 'y'), entry(9, 'x'), entry(8)], nextPageToken: 'b' };
    expect(ids(withFirstPage(before, first))).toBe('z y x e8');
  });
});
