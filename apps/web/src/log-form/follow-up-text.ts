import { instantOf, partsOf } from '../i18n/index.ts';
import { inWorkingDays, isWorkingTime, usualStart, weekdayOf, type WorkingHours } from './working-hours.ts';

/** What a typed follow-up means. `outside`: it lies outside of working hours, which may be wanted. */
export type FollowUp =
  | { readonly kind: 'at'; readonly at: Date; readonly outside: boolean }
  | { readonly kind: 'past'; readonly at: Date }
  | { readonly kind: 'unknown' };

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Whether the same day of the next week, or year, is meant when this one is over. */
  readonly repeats?: 'week' | 'year';
}

const MINUTE_MS = 60_000;
const WEEKDAYS = ['mo(?:n(?:tag|day)?)?', 'di(?:enstag)?|tue?s?(?:day)?', 'mi(?:ttwoch)?|wed?(?:nesday)?', 'do(?:nnerstag)?|thu?r?s?(?:day)?', 'fr(?:i(?:day)?|eitag)?', 'sa(?:mstag|t(?:urday)?)?|sonnabend', 'so(?:nntag)?|su(?:n(?:day)?)?'].map(whole);
const MONTHS = ['jan(?:uar|uary)?', 'feb(?:ruar|ruary)?', 'm(?:ä|ae)rz|mar(?:ch)?|mär', 'apr(?:il)?', 'mai|may', 'jun[ie]?', 'jul[iy]?', 'aug(?:ust)?', 'sep(?:t(?:ember)?)?', 'o[kc]t(?:ober)?', 'nov(?:ember)?', 'de[zc](?:ember)?'].map(whole);
const NUMBERS: Readonly<Record<string, number>> = { ein: 1, eine: 1, einem: 1, einer: 1, a: 1, an: 1, one: 1, zwei: 2, two: 2, drei: 3, three: 3, vier: 4, four: 4, fünf: 5, five: 5, sechs: 6, six: 6 };
const TIMES_OF_DAY: readonly (readonly [RegExp, number])[] = [
  [whole('früh|vormittags?|morgens|morning'), 9],
  [whole('mittags?|noon|midday'), 12],
  [whole('nachmittags?|afternoon'), 14],
  [whole('abends?|evening'), 17],
];
const SOON_MINUTES = 60;

function whole(alternatives: string): RegExp {
  return new RegExp(`^(?:${alternatives})$`);
}

/**
 * Reads when somebody wants to be reminded, in German or English, in the business time zone: "1h", "morgen 9",
 * "do 14:30", "in 3 tagen", "27.11. 10:00", "next week". Undefined for a blank text. A day without a time means the usual
 * one; an hour before work begins means the afternoon where that lies in working hours ("do 3" is three o'clock p.m.).
 */
export function readFollowUp(text: string, now: Date, hours: WorkingHours): FollowUp | undefined {
  const words = normalise(text);
  if (words.length === 0) return undefined;
  const at = relative(words, now, hours) ?? absolute(words, now, hours);
  if (!at || Number.isNaN(at.getTime())) return { kind: 'unknown' };
  return at <= now ? { kind: 'past', at } : { kind: 'at', at, outside: !isWorkingTime(at, hours) };
}

const FILLERS = whole('um|at|on|am|den|der|the|of|gegen|ca|uhr|o’clock|o\'clock');

function normalise(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replaceAll('day after tomorrow', 'übermorgen')
    .replaceAll(/\b(?:half an hour|(?:einer )?halben? stunde)\b/g, '30min')
    .replaceAll(/(\d)\s*uhr\s*(\d{2})\b/g, '$1:$2')
    .replaceAll(/(\d)\s+(am|pm|a\.m\.|p\.m\.)(?=\s|$)/g, '$1$2')
    .replaceAll(/[;!?]/g, ' ')
    .replaceAll(/,(?!\d)/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !FILLERS.test(word));
}

// ——— from now on: "1h", "in 3 tagen 9:00", "90 min", "1h30" ———

const UNITS: readonly (readonly [RegExp, 'minute' | 'hour' | 'workday' | 'day' | 'week' | 'month'])[] = [
  [whole('m|min(?:ute)?[ns]?|minuten'), 'minute'],
  [whole('h|st(?:d|unden?)|hours?|hrs?'), 'hour'],
  [whole('(?:werk|arbeits)tage?n?|workdays?'), 'workday'],
  [whole('t|d|tage?n?|days?'), 'day'],
  [whole('w|wochen?|weeks?'), 'week'],
  [whole('monate?n?|months?'), 'month'],
];

function relative(words: readonly string[], now: Date, hours: WorkingHours): Date | undefined {
  const led = words[0] === 'in' || words[0] === '+';
  const text = (led ? words.slice(1) : words).join(' ').replace(/^\+/, '').replace('working day', 'workday');
  const mixed = /^(\d{1,2})\s?(?:h|std)\s?(\d{1,2})\s?(?:m|min)?$/.exec(text);
  if (mixed) return new Date(now.getTime() + (Number(mixed[1]) * 60 + Number(mixed[2])) * MINUTE_MS);
  const match = /^(\d{1,3}(?:[.,]\d{1,2})?|\p{L}+)\s?([\p{L}]+)\.?(?:\s(.+))?$/u.exec(text);
  const amount = match && (NUMBERS[match[1] ?? ''] ?? Number(match[1]?.replace(',', '.')));
  const unit = UNITS.find(([pattern]) => pattern.test(match?.[2] ?? ''))?.[1];
  if (!match || !unit || amount === null || Number.isNaN(amount)) return undefined;
  const clock = match[3] === undefined ? undefined : timeOf(match[3].split(' '), hours);
  if (unit === 'minute' || unit === 'hour') return match[3] === undefined ? new Date(now.getTime() + amount * (unit === 'hour' ? 60 : 1) * MINUTE_MS) : undefined;
  if (!Number.isInteger(amount) || (match[3] !== undefined && clock === undefined)) return undefined;
  const at = clock ?? usualStart(hours);
  const [year, month, day] = partsOf(now);
  if (unit === 'month') return instantOf(year, month + amount, Math.min(day, daysIn(year, month + amount)), 0, at);
  if (unit === 'workday') {
    const [y, m, d] = partsOf(inWorkingDays(now, amount, hours));
    return instantOf(y, m, d, 0, at);
  }
  return instantOf(year, month, day + amount * (unit === 'week' ? 7 : 1), 0, at);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

// ——— a day, a time, or both: "morgen 9", "do", "14:30", "27.11. 10:00" ———

function absolute(words: readonly string[], now: Date, hours: WorkingHours): Date | undefined {
  for (let length = Math.min(words.length, 3); length >= 1; length -= 1) {
    const day = dayOf(words.slice(0, length), now);
    if (!day) continue;
    const rest = words.slice(length);
    const clock = rest.length === 0 ? undefined : timeOf(rest, hours);
    if (rest.length > 0 && clock === undefined) continue;
    return onDay(day, clock, now, hours);
  }
  const clock = timeOf(words, hours);
  if (clock === undefined) return undefined;
  const [year, month, day] = partsOf(now);
  const today = instantOf(year, month, day, 0, clock);
  return today > now ? today : instantOf(year, month, day + 1, 0, clock);
}

function onDay({ year, month, day, repeats }: Day, clock: number | undefined, now: Date, hours: WorkingHours): Date {
  const [thisYear, thisMonth, today] = partsOf(now);
  const isToday = year === thisYear && month === thisMonth && day === today;
  const at = instantOf(year, month, day, 0, clock ?? usualStart(hours));
  // "Today" without a time is soon; the weekday of today without one is a week from now.
  if (isToday && clock === undefined && repeats !== 'week') return at > now ? at : new Date(Math.ceil((now.getTime() + SOON_MINUTES * MINUTE_MS) / (15 * MINUTE_MS)) * 15 * MINUTE_MS);
  if (repeats === 'week' && isToday && (clock === undefined || at <= now)) return instantOf(year, month, day + 7, 0, clock ?? usualStart(hours));
  if (repeats === 'year' && at <= now) return instantOf(year + 1, month, day, 0, clock ?? usualStart(hours));
  return at;
}

function dayOf(words: readonly string[], now: Date): Day | undefined {
  const [year, month, day] = partsOf(now);
  const [first = '', second = '', third = ''] = words;
  const ahead = (days: number): Day => ({ year, month, day: day + days });
  const weekday = weekdayOf(year, month, day);
  if (words.length === 1) {
    if (first === 'heute' || first === 'today') return ahead(0);
    if (first === 'morgen' || first === 'tomorrow' || first === 'tmr') return ahead(1);
    if (first === 'übermorgen' || first === 'uebermorgen') return ahead(2);
    const named = WEEKDAYS.findIndex((pattern) => pattern.test(first.replace(/\.$/, '')));
    if (named >= 0) return normal({ ...ahead((named + 1 - weekday + 7) % 7), repeats: 'week' });
    return written(first, year);
  }
  const next = /^(?:nächste[nrs]?|naechste[nrs]?|kommende[nrs]?|next)$/.test(first);
  if (words.length === 2 && next) {
    if (/^(?:woche|week)$/.test(second)) return ahead(8 - weekday);
    if (/^(?:monat|month)$/.test(second)) return { year, month: month + 1, day: 1 };
    const named = WEEKDAYS.findIndex((pattern) => pattern.test(second));
    if (named >= 0) return ahead(((named + 1 - weekday + 6) % 7) + 1);
  }
  // A weekday before a date says nothing more: "do 26.11."
  if (WEEKDAYS.some((pattern) => pattern.test(first.replace(/\.$/, '')))) return words.length > 1 ? explicit(words.slice(1), now) : undefined;
  return named(first, second, third, words.length, year);
}

function explicit(words: readonly string[], now: Date): Day | undefined {
  const [year] = partsOf(now);
  const [first = '', second = '', third = ''] = words;
  return words.length === 1 ? written(first, year) : named(first, second, third, words.length, year);
}

/** A day number may run over its month; here it is brought back, so that days can be compared. */
function normal({ year, month, day, ...rest }: Day): Day {
  const at = new Date(Date.UTC(year, month - 1, day));
  return { ...rest, year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** 27.11., 27.11.26, 27/11/2026, 2026-11-27. */
function written(word: string, thisYear: number): Day | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(word);
  if (iso) return valid(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const short = /^(\d{1,2})[./](\d{1,2})(?:\.|[./](\d{2}|\d{4}))?$/.exec(word);
  if (!short) return undefined;
  const year = short[3] === undefined ? undefined : Number(short[3]) % 2_000 + 2_000;
  return valid(year ?? thisYear, Number(short[2]), Number(short[1]), year === undefined);
}

/** 27. November, 27 nov 2026, November 27. */
function named(first: string, second: string, third: string, count: number, thisYear: number): Day | undefined {
  const monthOf = (word: string) => MONTHS.findIndex((pattern) => pattern.test(word.replace(/\.$/, ''))) + 1;
  const numberOf = (word: string) => Number(/^(\d{1,2})(?:\.|st|nd|rd|th)?$/.exec(word)?.[1]);
  const [day, month] = monthOf(second) > 0 ? [numberOf(first), monthOf(second)] : [numberOf(second), monthOf(first)];
  if (!day || !month) return undefined;
  if (count === 2) return valid(thisYear, month, day, true);
  return /^\d{4}$/.test(third) ? valid(Number(third), month, day) : undefined;
}

function valid(year: number, month: number, day: number, withoutYear = false): Day | undefined {
  if (month < 1 || month > 12 || day < 1 || day > (withoutYear && month === 2 ? 29 : daysIn(year, month))) return undefined;
  return { year, month, day, ...(withoutYear ? { repeats: 'year' as const } : {}) };
}

/** Minutes since midnight: 9, 9:00, 14.30, 14h, 2pm, 2:30pm, halb drei, mittags. */
function timeOf(words: readonly string[], { start, end }: WorkingHours): number | undefined {
  if (words.length === 2 && (words[0] === 'halb' || (words[0] === 'half' && words[1] === 'past'))) return halfBefore(words[1] ?? '', start, end);
  if (words.length !== 1) return words[0] === 'in' ? timeOf(words.slice(1), { start, end, days: [] }) : undefined;
  const [word = ''] = words;
  const spoken = TIMES_OF_DAY.find(([pattern]) => pattern.test(word));
  if (spoken) return spoken[1] * 60;
  const match = /^(\d{1,2})(?:[:.](\d{2}))?(h|am|pm|a\.m\.|p\.m\.)?$/.exec(word) ?? /^(\d{2})(\d{2})()$/.exec(word);
  if (!match) return undefined;
  const [, hourText = '', minuteText = '0', half = ''] = match;
  const minute = Number(minuteText);
  const hour = Number(hourText);
  if (minute > 59 || hour > 23) return undefined;
  if (half.startsWith('a') || half.startsWith('p')) return hour < 1 || hour > 12 ? undefined : ((hour % 12) + (half.startsWith('p') ? 12 : 0)) * 60 + minute;
  return inWorkingHalf(hour * 60 + minute, hourText.startsWith('0'), start, end);
}

function halfBefore(word: string, start: number, end: number): number | undefined {
  const names = ['eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun', 'zehn', 'elf', 'zwölf'];
  const hour = names.indexOf(word) + 1 || Number(/^\d{1,2}$/.exec(word)?.[0]);
  return hour >= 1 && hour <= 12 ? inWorkingHalf(hour * 60 - 30, false, start, end) : undefined;
}

/** Nobody calls back at three in the night: the hours before work are those of the afternoon, unless written as 03. */
function inWorkingHalf(clock: number, exact: boolean, start: number, end: number): number {
  const afternoon = clock + 12 * 60;
  return !exact && clock < start && afternoon <= end ? afternoon : clock;
}
