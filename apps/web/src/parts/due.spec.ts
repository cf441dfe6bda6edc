import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { setLanguage } from '../i18n/index.ts';
import { dueInWords } from './due.tsx';
import { dueTexts } from './due.texts.ts';

const say = (key: string, values = {}) => i18next.t(key, { ns: dueTexts.namespace, ...values });
/** Thursday, 26 November 2026, 10:00 in Berlin. */
const now = new Date('2026-11-26T09:00:00.000Z');
const words = (dueAt: string | undefined, dueIsEndOfDay = false) => dueInWords({ dueAt, dueIsEndOfDay }, now, say);

beforeAll(() => setLanguage('de'));

describe('when something is due, in words', () => {
  it('is overdue from its instant on: by minutes, by hours, by days', () => {
    expect(words('2026-11-26T09:00:00.000Z')).toEqual({ words: '1 Min. überfällig', urgency: 'over' });
    expect(words('2026-11-26T08:15:00.000Z')).toEqual({ words: '45 Min. überfällig', urgency: 'over' });
    expect(words('2026-11-26T07:00:00.000Z')).toEqual({ words: '2 Std. überfällig', urgency: 'over' });
    expect(words('2026-11-25T21:30:00.000Z')).toEqual({ words: '11 Std. überfällig', urgency: 'over' });
    expect(words('2026-11-23T17:00:00.000Z', true)).toEqual({ words: '3 T. überfällig', urgency: 'over' });
  });

  it('shows the time of what was agreed, none of what is due at the end of a day', () => {
    expect(words('2026-11-26T13:00:00.000Z')).toEqual({ words: 'heute 14:00', urgency: 'today' });
    expect(words('2026-11-26T17:00:00.000Z', true)).toEqual({ words: 'heute', urgency: 'today' });
    expect(words('2026-11-27T08:00:00.000Z')).toEqual({ words: 'morgen 9:00', urgency: 'future' });
    expect(words('2026-11-27T17:00:00.000Z', true)).toEqual({ words: 'morgen', urgency: 'future' });
    expect(words('2026-12-01T17:00:00.000Z', true)).toEqual({ words: 'Di 01.12.', urgency: 'future' });
  });

  it('counts days in the business time zone, wherever it is asked', () => {
    expect(words('2026-11-26T23:30:00.000Z').words).toBe('morgen 0:30');
  });

  it('has words for no date at all', () => {
    expect(words(undefined)).toEqual({ words: 'ohne Termin', urgency: 'none' });
  });
});
