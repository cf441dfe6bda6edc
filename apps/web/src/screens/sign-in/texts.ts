import { defineTexts } from '../../i18n/index.ts';

export const texts = defineTexts('sign-in', {
  de: {
    title: 'Anmelden',
    demo: 'Demo-Betrieb: Person wählen oder Ziffer drücken.',
    oidc: 'Mit Firmenkonto anmelden',
    oidcHint: 'Die Anmeldung öffnet sich beim Anmeldedienst des Unternehmens.',
    none: 'Hier kann sich gerade niemand anmelden: Weder ein Anmeldedienst noch Demo-Personen sind eingerichtet.',
    failed: 'Die Anmeldung ist nicht gelungen: {{reason}}',
    part: 'Die Anmeldung',
    language: 'Sprache',
    dark: 'Dunkles Design',
    light: 'Helles Design',
    ready: 'System bereit',
  },
  en: {
    title: 'Sign in',
    demo: 'Demonstration: choose a person or press a digit.',
    oidc: 'Sign in with company account',
    oidcHint: 'Signing in opens at the company’s identity provider.',
    none: 'Nobody can sign in here: neither an identity provider nor demo users are configured.',
    failed: 'Signing in has failed: {{reason}}',
    part: 'Sign-in',
    language: 'Language',
    dark: 'Dark theme',
    light: 'Light theme',
    ready: 'System ready',
  },
});

/** What people of a role do, by its code; for roles of somebody's own configuration there is none. */
export const roleTexts = defineTexts('role-work', {
  de: {
    inside_sales: 'Qualifiziert Unternehmen am Telefon',
    ops: 'Prüft Stammdaten, bereitet Fälle auf',
    outside_sales: 'Übernimmt qualifizierte Leads',
    customer_inbound: 'Nimmt Anfragen an',
    order_admin: 'Wickelt Aufträge ab',
    manager: 'Alle Queues, Kennzahlen',
    administrator: 'Vorlagen und Konfiguration',
  },
  en: {
    inside_sales: 'Qualifies companies on the telephone',
    ops: 'Checks master data, prepares cases',
    outside_sales: 'Takes over qualified leads',
    customer_inbound: 'Receives requests',
    order_admin: 'Handles orders',
    manager: 'All queues, figures',
    administrator: 'Templates and configuration',
  },
});
