import { defineTexts } from '../i18n/index.ts';

export const guardTexts = defineTexts('guards', {
  de: {
    met: '{{met}} von {{count}} erfüllt',
    isMet: 'erfüllt',
    isOpen: 'offen',
    none: 'Keine Bedingungen.',
    present: 'Zurzeit',
  },
  en: {
    met: '{{met}} of {{count}} met',
    isMet: 'met',
    isOpen: 'open',
    none: 'No conditions.',
    present: 'At present',
  },
});
