import { defineTexts } from '../../i18n/index.ts';

export const texts = defineTexts('my-cases', {
  de: { title: 'Meine Fälle', facts_one: '{{count}} offen', facts_other: '{{count}} offen', company: 'Unternehmen', case: 'Fall', phase: 'Phase', status: 'Status', due: 'Fällig', part: 'Die Liste der Fälle', nothing: 'Kein Fall übernommen. Fälle werden auf ihrer Seite übernommen.' },
  en: { title: 'My cases', facts_one: '{{count}} open', facts_other: '{{count}} open', company: 'Company', case: 'Case', phase: 'Phase', status: 'Status', due: 'Due', part: 'The list of cases', nothing: 'No case claimed. Cases are claimed on their own page.' },
});
