import { defineTexts, useTexts } from '../i18n/index.ts';

export const spanTexts = defineTexts('span', {
  de: { justNow: '< 1 Min.', minutes: '{{count}} Min.', hours: '{{count}} Std.', days: '{{count}} T.' },
  en: { justNow: '< 1 min', minutes: '{{count}} min', hours: '{{count}} h', days: '{{count}} d' },
});

/** How long something took, in its largest unit. */
export function useSpan(): (seconds: number) => string {
  const say = useTexts(spanTexts);
  return (seconds) => {
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1) return say('justNow');
    if (minutes < 60) return say('minutes', { count: minutes });
    return minutes < 48 * 60 ? say('hours', { count: Math.floor(minutes / 60) }) : say('days', { count: Math.floor(minutes / 1_440) });
  };
}
