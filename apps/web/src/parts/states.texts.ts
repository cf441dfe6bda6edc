import { defineTexts } from '../i18n/index.ts';

export const stateTexts = defineTexts('states', {
  de: {
    retryIn: 'Erneut versuchen ({{count}})',
    unreachable: '{{part}} ist gerade nicht erreichbar.',
    forbidden: 'Dafür fehlt das Recht.',
    missing: '{{part}} gibt es nicht (mehr).',
    loading: 'wird geladen',
  },
  en: {
    retryIn: 'Try again ({{count}})',
    unreachable: '{{part}} cannot be reached.',
    forbidden: 'This takes a right that is missing.',
    missing: '{{part}} does not exist (any more).',
    loading: 'loading',
  },
});
