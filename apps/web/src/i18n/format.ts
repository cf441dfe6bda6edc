import { language } from './i18n.ts';

/** Where the business is: every date and time is shown there, wherever the browser is. */
let timeZone = 'Europe/Berlin';

export function setTimeZone(zone: string): void {
  timeZone = zone;
}

export function businessTimeZone(): string {
  return timeZone;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: Date, options: Intl.DateTimeFormatOptions): string {
  const key = `${language()} ${timeZone} ${JSON.stringify(options)}`;
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(language() === 'de' ? 'de-DE' : 'en-GB', { timeZone, ...options })));
  return made.format(at);
}

/** As in 9:00. */
export function formatTime(at: Date): string {
  return format(at, { hour: 'numeric', minute: '2-digit' });
}

/** As in 18.11.2026. */
export function formatDate(at: Date): string {
  return format(at, { day: '2-digit', month: '2-digit', year: 'numeric' });
}

/** As in Dienstag, 18. November; with the year when it is another one than now. */
export function formatDay(at: Date, now: Date): string {
  const sameYear = format(at, { year: 'numeric' }) === format(now, { year: 'numeric' });
  return format(at, { weekday: 'long', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) });
}

/** The whole of an instant, for a tooltip. */
export function formatFull(at: Date): string {
  return format(at, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' });
}

/** As in Do 27.11. */
export function formatShortDay(at: Date): string {
  return format(at, { weekday: 'short', day: '2-digit', month: '2-digit' }).replace('.,', '').replace(',', '');
}

export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(language() === 'de' ? 'de-DE' : 'en-GB', options).format(value);
}

/** The number of the calendar day in the business time zone: two instants of one day have the same. */
export function dayNumber(at: Date): number {
  const [year, month, day] = partsOf(at);
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** Year, month, day, hour and minute of an instant in the business time zone. */
export function partsOf(at: Date): readonly [number, number, number, number, number] {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(at);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return [read('year'), read('month'), read('day'), read('hour'), read('minute')];
}

/** The instant of a wall clock in the business time zone; days and minutes beyond their range run over. */
export function instantOf(year: number, month: number, day: number, hour: number, minute: number): Date {
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const offset = (at: number) => {
    const [y, mo, d, h, mi] = partsOf(new Date(at));
    return Date.UTC(y, mo - 1, d, h, mi) - at;
  };
  const guess = wall - offset(wall);
  return new Date(wall - offset(guess));
}

/** A label within a sentence: German keeps its capitals, English does not. */
export function inSentence(label: string, lang: 'de' | 'en'): string {
  return lang === 'de' ? label : label.slice(0, 1).toLowerCase() + label.slice(1);
}

/** What a field for date and time holds, as the instant of that wall clock in the business time zone. */
export function instantOfField(text: string): Date | undefined {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(text)?.slice(1).map(Number) ?? [];
  return year === 0 ? undefined : instantOf(year, month, day, hour, minute);
}
