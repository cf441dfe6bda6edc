import type { Text } from '@tom/kernel';
import type { Evaluation, Facts, Obstacle } from '@tom/workflow';

/** An event as it was kept: codes and times. */
export interface Seen {
  readonly eventId: string;
  readonly type: string;
  readonly orgId: string;
  readonly caseId?: string | undefined;
  readonly aggregateId: string;
  readonly at: Date;
  readonly correlationId: string;
  readonly causationId?: string | undefined;
  readonly codes: Facts;
}

/** What a template or rule saw, as it was kept. */
export type Look = Evaluation & { readonly at: Date };

/** How a step came about; `workflow_service.proto` says what each means. */
export type Cause = 'RULE' | 'PERSON' | 'ACTIVITY' | 'INBOUND' | 'EVENT' | 'UNKNOWN';

export interface Step {
  readonly kind: Cause;
  readonly text: Text;
  readonly at?: Date | undefined;
  readonly actor?: string | undefined;
  readonly activityId?: string | undefined;
  readonly event?: Seen | undefined;
  readonly look?: KnownLook | undefined;
  readonly action: Action;
}

/** At least the names; what was judged only when it was kept. */
export type KnownLook = Pick<Look, 'template' | 'templateVersion' | 'rule' | 'at'> & Partial<Look>;

/** What was done, to which task, case or company; otherwise the type of the event that came of it. */
export interface Action {
  readonly kind: string;
  readonly id: string;
}

/** What was done, in both languages, as the end of a sentence. */
const doings: Readonly<Record<string, Text>> = {
  CREATE_TASK: { de: 'die Aufgabe angelegt', en: 'created the task' },
  OPEN_CASE: { de: 'den Fall eröffnet', en: 'opened the case' },
  REQUEST_TRANSITION: { de: 'die Stufe des Unternehmens geändert', en: 'moved the company to its stage' },
  OrgStageChanged: { de: 'die Stufe des Unternehmens geändert', en: 'moved the company to its stage' },
  TimerDue: { de: 'gewartet, bis die Frist um war', en: 'waited until the time was over' },
};

/** The words for a step. */
export function wordsFor(kind: Cause, action: Action, look?: Pick<Look, 'template' | 'templateVersion' | 'rule'>): Text {
  const done = doings[action.kind] ?? { de: `${action.kind} bewirkt`, en: `caused ${action.kind}` };
  switch (kind) {
    case 'RULE': {
      const { template = '', templateVersion = 0, rule = '' } = look ?? {};
      return {
        de: `Die Regel ${rule} der Vorlage ${template} (Version ${templateVersion}) hat ${done.de}.`,
        en: `The rule ${rule} of the template ${template} (version ${templateVersion}) ${done.en}.`,
      };
    }
    case 'PERSON':
      return { de: `Eine Person hat ${done.de}.`, en: `A person ${done.en}.` };
    case 'ACTIVITY':
      return { de: `Eine Aktivität hat ${done.de}.`, en: `An activity ${done.en}.` };
    case 'INBOUND':
      return { de: `Eine Meldung von außen hat ${done.de}.`, en: `A message from outside ${done.en}.` };
    case 'EVENT':
      return { de: `Ein anderes Ereignis hat ${done.de}.`, en: `Another event ${done.en}.` };
    case 'UNKNOWN':
      return { de: 'Was davor war, ist nicht mehr bekannt.', en: 'What was before is not known any more.' };
  }
}

const obstacles: Readonly<Record<Obstacle, Text>> = {
  ORG_KIND: {
    de: 'Die Vorlage gilt nicht für diese Art von Unternehmen.',
    en: 'The template is not meant for this kind of company.',
  },
  SUPERSEDED: {
    de: 'Das Unternehmen war schon in einer späteren Stufe.',
    en: 'The company had moved on to a later stage already.',
  },
  CASE_CLOSED: { de: 'Der Fall war schon geschlossen.', en: 'The case was closed already.' },
  CASE_CHANGED: {
    de: 'Was das Ereignis vom Fall meldete, galt nicht mehr.',
    en: 'What the event told of the case was not so any more.',
  },
  OUTPUTS_MISSING: {
    de: 'In der Phase des Falls fehlten Pflichtergebnisse.',
    en: 'Mandatory outputs of the phase of the case were missing.',
  },
  BUDGET_SPENT: {
    de: 'Die Regeln der Vorlage haben hier schon so oft gehandelt, dass sie angehalten wurden.',
    en: 'The rules of the template acted here so often that they were stopped.',
  },
  TOO_DEEP: {
    de: 'Die Kette der Ursachen war so lang, dass sie angehalten wurde.',
    en: 'The chain of causes was so long that it was stopped.',
  },
};

export function wordsForObstacle(obstacle: Obstacle): Text {
  return obstacles[obstacle];
}

/** Facts that name a person or company: never shown with what a condition read. */
const PERSONAL: ReadonlySet<string> = new Set([
  'org.name',
  'event.org_name',
  'event.created_by',
  'event.claimed_by',
  'event.completed_by',
  'event.released_by',
  'case.owner',
]);

/** The values of a condition without those that name somebody. */
export function withoutPersons(values: Facts): Facts {
  return Object.fromEntries(Object.entries(values).filter(([path]) => !PERSONAL.has(path)));
}
