import { dayNumber, defineTexts, formatShortDay, formatTime, useTexts, type Say } from '../i18n/index.ts';

export const agoTexts = defineTexts('ago', {
  de: { now: 'jetzt', today: 'heute {{time}}', yesterday: 'gestern', days: 'vor {{count}} T.', date: '{{day}}', never: 'Noch keine' },
  en: { now: 'now', today: 'today {{time}}', yesterday: 'yesterday', days: '{{count}} d ago', date: '{{day}}', never: 'None yet' },
});

type AgoKeys = typeof agoTexts extends { readonly de: Readonly<Record<infer K extends string, string>> } ? K : never;

/** How long ago something was, in as few words as say it. */
export function agoInWords(at: Date, now: Date, say: Say<AgoKeys>): string {
  const days = dayNumber(now) - dayNumber(at);
  if (now.getTime() - at.getTime() < 60_000) return say('now');
  if (days <= 0) return say('today', { time: formatTime(at) });
  if (days === 1) return say('yesterday');
  return days < 14 ? say('days', { count: days }) : say('date', { day: formatShortDay(at) });
}

export function useAgo(): (at: Date, now: Date) => string {
  const say = useTexts(agoTexts);
  return (at, now) => agoInWords(at, now, say);
}
