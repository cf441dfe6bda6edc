import { defineTexts } from '../../i18n/index.ts';

export const texts = defineTexts('workflows', {
  de: {
    title: 'Workflows',
    facts_one: '{{count}} Vorlage',
    facts_other: '{{count}} Vorlagen',
    part: 'Die Liste der Vorlagen',
    nothing: 'Noch keine Vorlage. Vorlagen kommen aus der Konfiguration des Systems.',
    template: 'Vorlage',
    version: 'Version',
    since: 'seit {{day}}',
    running: 'Laufende Fälle',
    runningOn: 'v{{version}}: {{count}}',
    engine: 'Bereich',
  },
  en: {
    title: 'Workflows',
    facts_one: '{{count}} template',
    facts_other: '{{count}} templates',
    part: 'The list of templates',
    nothing: 'No template yet. Templates come from the configuration of the system.',
    template: 'Template',
    version: 'Version',
    since: 'since {{day}}',
    running: 'Running cases',
    runningOn: 'v{{version}}: {{count}}',
    engine: 'Area',
  },
});
