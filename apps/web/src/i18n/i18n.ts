import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Text } from '../api/index.ts';

export type Language = 'de' | 'en';

/** The words of one screen or part, in both languages. A plural has `_one` and `_other`. */
export interface Texts<K extends string> {
  readonly namespace: string;
  readonly de: Readonly<Record<K, string>>;
  readonly en: Readonly<Record<K, string>>;
}

type Base<K extends string> = K extends `${infer Stem}_${'one' | 'other'}` ? Stem : K;
type Values = Readonly<Record<string, string | number>>;

/** Says the words of a part: by key, with its values; `count` chooses the plural. */
export type Say<K extends string> = (key: Base<K>, values?: Values) => string;

void i18next.use(initReactI18next).init({
  lng: initialLanguage(),
  fallbackLng: 'de',
  resources: {},
  interpolation: { escapeValue: false },
  returnNull: false,
});
i18next.on('languageChanged', setDocumentLanguage);
setDocumentLanguage(i18next.language);

/** Declares the words of a screen or part beside it. A key that one language lacks does not compile. */
export function defineTexts<const K extends string>(
  namespace: string,
  { de, en }: { readonly de: Readonly<Record<K, string>>; readonly en: Readonly<Record<K, string>> },
): Texts<K> {
  i18next.addResourceBundle('de', namespace, de);
  i18next.addResourceBundle('en', namespace, en);
  return { namespace, de, en };
}

export function useTexts<K extends string>({ namespace }: Texts<K>): Say<K> {
  const { t } = useTranslation(namespace);
  return (key, values) => t(key, values ?? {});
}

export function language(): Language {
  return i18next.language === 'en' ? 'en' : 'de';
}

/** The language that everything is said in; a component that uses it is drawn anew when it changes. */
export function useLanguage(): Language {
  return useTranslation().i18n.language === 'en' ? 'en' : 'de';
}

/** A text that the system made, in the language of the person. */
export function useSystemText(): (text: Text | undefined) => string {
  const chosen = useLanguage();
  return (text) => text?.[chosen] ?? '';
}

export function setLanguage(next: Language): void {
  localStorage.setItem('tom.language', next);
  void i18next.changeLanguage(next);
}

/** Before anybody has signed in: what was chosen here last, else what the browser prefers. */
function initialLanguage(): Language {
  const chosen = localStorage.getItem('tom.language') ?? navigator.language;
  return chosen.startsWith('en') ? 'en' : 'de';
}

function setDocumentLanguage(chosen: string): void {
  document.documentElement.lang = chosen;
}
