import { useTexts } from '../../i18n/index.ts';
import { texts } from './texts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type Stay = readonly ['under'] | readonly ['hours' | 'days' | 'months' | 'years', number];

/** How long something has lasted, in the largest unit that still tells it apart. */
export function stayOf(since: Date, now: Date): Stay {
  const ms = Math.max(0, now.getTime() - since.getTime());
  if (ms < HOUR_MS) return ['under'];
  if (ms < DAY_MS) return ['hours', Math.floor(ms / HOUR_MS)];
  const days = Math.floor(ms / DAY_MS);
  if (days < 90) return ['days', days];
  return days < 730 ? ['months', Math.floor(days / 30.44)] : ['years', Math.floor(days / 365.25)];
}

/** How long a company has been in its stage, in words. */
export function useStay(): (since: string, now: Date) => string {
  const say = useTexts(texts);
  return (since, now) => {
    const [unit, count] = stayOf(new Date(since), now);
    return count === undefined ? say(unit) : say(unit, { count });
  };
}
