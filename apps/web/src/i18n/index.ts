export {
  businessTimeZone,
  dayNumber,
  formatDate,
  formatDay,
  formatFull,
  formatNumber,
  formatShortDay,
  formatTime,
  inSentence,
  instantOf,
  instantOfField,
  partsOf,
  setTimeZone,
} from './format.ts';
export { defineTexts, language, setLanguage, useLanguage, useSystemText, useTexts, type Language, type Say, type Texts } from './i18n.ts';
