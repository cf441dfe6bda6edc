import type { Text } from '@tom/kernel';
import type { BusinessCalendar, BusinessHours } from './business-calendar.ts';
import type { Roles } from './roles.ts';
import type { Stages } from './stages.ts';

/** Everything that is configuration and not code, checked as a whole. Maps keep the order of their file. */
export interface Catalog {
  readonly queues: ReadonlyMap<string, Queue>;
  readonly roles: Roles;
  readonly codes: Codes;
  readonly stages: Stages;
  readonly engines: ReadonlyMap<string, Engine>;
  readonly business: Business;
}

/** A code with what people read in its place. */
export interface Code {
  readonly code: string;
  readonly label: Text;
}

export interface Queue {
  readonly queue: string;
  readonly label: Text;
  readonly role: string;
  readonly engine: string;
}

export interface Engine {
  readonly engine: string;
  readonly label: Text;
  readonly role: string;
  readonly queue: string;
  /** In their order; the first one is where a case starts. */
  readonly phases: readonly Phase[];
}

export interface Phase {
  readonly phase: string;
  readonly label: Text;
  readonly outputs: readonly RequiredOutput[];
}

export type OutputType = 'document' | 'information' | 'decision' | 'approval';

/** What has to be there before a case moves on. */
export interface RequiredOutput {
  readonly key: string;
  readonly type: OutputType;
  readonly description: Text;
  readonly mandatory: boolean;
}

export interface Codes {
  readonly orgKinds: ReadonlyMap<string, OrgKind>;
  readonly orgStatuses: ReadonlyMap<string, Code>;
  readonly activityTypes: ReadonlyMap<string, ActivityType>;
  readonly directions: ReadonlyMap<string, Code>;
  readonly taskTypes: ReadonlyMap<string, Code>;
  readonly taskStatuses: ReadonlyMap<string, Code>;
  readonly taskOrigins: ReadonlyMap<string, Code>;
  readonly priorities: ReadonlyMap<string, Priority>;
  readonly waitingFor: ReadonlyMap<string, Code>;
  readonly caseTypes: ReadonlyMap<string, CaseType>;
  readonly caseStatuses: ReadonlyMap<string, Code>;
  readonly outcomeCodes: ReadonlyMap<string, OutcomeCode>;
  readonly noteTypes: ReadonlyMap<string, Code>;
  readonly outputTypes: ReadonlyMap<string, Code>;
}

export interface OrgKind extends Code {
  /** Companies of this kind are qualified and worked as leads. */
  readonly qualified: boolean;
}

export interface ActivityType extends Code {
  /** It happens with the customer, so it counts as a contact. */
  readonly contact: boolean;
  /** Whether a direction makes sense. */
  readonly directed: boolean;
  /** In the order in which a form offers them; empty: the type has none. */
  readonly outcomes: ReadonlyMap<string, ActivityOutcome>;
}

export interface ActivityOutcome extends Code {
  /** From 1, as in a form. */
  readonly order: number;
  /** The fields (camelCase) that a form asks for; the API accepts without. */
  readonly mandatory: readonly string[];
  /** When one usually tries again. */
  readonly usualFollowUp?: { readonly workingDays: number } | { readonly hours: number };
  /** Somebody at the company was reached. */
  readonly reached: boolean;
}

export interface Priority extends Code {
  /** 1 is worked first. */
  readonly rank: number;
}

export interface CaseType extends Code {
  /** The engine in which a case of this type usually starts. */
  readonly engine: string;
}

export interface OutcomeCode extends Code {
  /** Allowed for a case that no template opened. */
  readonly withoutTemplate: boolean;
}

export interface Business extends BusinessHours {
  readonly calendar: BusinessCalendar;
}
