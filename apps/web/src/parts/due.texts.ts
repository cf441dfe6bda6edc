import { defineTexts } from '../i18n/index.ts';

export const dueTexts = defineTexts('due', {
  de: {
    minutesOver: '{{count}} Min. überfällig',
    hoursOver: '{{count}} Std. überfällig',
    daysOver: '{{count}} T. überfällig',
    today: 'heute',
    todayAt: 'heute {{time}}',
    tomorrow: 'morgen',
    tomorrowAt: 'morgen {{time}}',
    dayAt: '{{day}} {{time}}',
    none: 'ohne Termin',
  },
  en: {
    minutesOver: '{{count}} min overdue',
    hoursOver: '{{count}} h overdue',
    daysOver: '{{count}} d overdue',
    today: 'today',
    todayAt: 'today {{time}}',
    tomorrow: 'tomorrow',
    tomorrowAt: 'tomorrow {{time}}',
    dayAt: '{{day}} {{time}}',
    none: 'no date',
  },
});
