import { formatNumber, useTexts } from '../../i18n/index.ts';
import { texts } from './texts.ts';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** A time span in its largest unit, with one decimal where that still says something. */
export function useDuration(): (seconds: number) => string {
  const say = useTexts(texts);
  const number = (value: number) => formatNumber(value, { maximumFractionDigits: value < 20 ? 1 : 0 });
  return (seconds) => {
    if (seconds < MINUTE) return say('seconds', { count: formatNumber(Math.ceil(seconds)) });
    if (seconds < HOUR) return say('minutes', { count: formatNumber(Math.round(seconds / MINUTE)) });
    if (seconds < DAY) return say('hours', { count: number(seconds / HOUR) });
    return say('days', { count: number(seconds / DAY) });
  };
}
