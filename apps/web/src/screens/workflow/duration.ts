import { defineTexts, formatNumber, useTexts } from '../../i18n/index.ts';

export const durationTexts = defineTexts('workflow-duration', {
  de: { minutes: '{{value}} Min.', hours: '{{value}} Std.', days: '{{value}} T.', none: '–' },
  en: { minutes: '{{value}} min', hours: '{{value}} h', days: '{{value}} d', none: '–' },
});

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** A median wait in one short number, such as 0,6 T. */
export function useDuration(): (seconds: number | undefined) => string {
  const say = useTexts(durationTexts);
  return (seconds) => {
    if (seconds === undefined) return say('none');
    if (seconds < HOUR) return say('minutes', { value: formatNumber(Math.round(seconds / 60)) });
    if (seconds < DAY / 2) return say('hours', { value: formatNumber(seconds / HOUR, { maximumFractionDigits: 1 }) });
    return say('days', { value: formatNumber(seconds / DAY, { maximumFractionDigits: 1 }) });
  };
}
