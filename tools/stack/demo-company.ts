/** A company of the demo with all that happens to it. Days count from the load; telephone numbers and domains are fictitious ones. */
export interface DemoCompany {
  readonly name: string;
  readonly city: string;
  readonly postalCode: string;
  readonly street: string;
  readonly phone: string;
  readonly domain: string;
  readonly industry: string;
  /** Who enters it and works on it. */
  readonly by: 'ida' | 'ingo';
  readonly status?: 'prospect' | 'customer' | 'inactive';
  readonly orgKind?: 'supplier' | 'consultant' | 'engineering_firm';
  readonly contacts?: readonly DemoContact[];
  readonly steps?: readonly DemoStep[];
}

export interface DemoContact {
  readonly name: string;
  readonly title: string;
  /** Absent: an extension of the company's number. */
  readonly phone?: string;
  readonly decides?: string;
}

/** Who does something; absent: who works on the company. */
interface ByWhom {
  readonly by?: DemoPerson;
}

export type DemoPerson = 'ida' | 'ingo' | 'olga' | 'otto' | 'cora' | 'anna' | 'mia';

export type DemoStep = ByWhom & DemoAct;

type DemoAct =
  | {
      readonly kind: 'activity';
      readonly type: 'CALL' | 'EMAIL' | 'MEETING' | 'NOTE' | 'RESEARCH';
      readonly direction?: 'INBOUND' | 'OUTBOUND';
      readonly outcome?: string;
      readonly subject: string;
      readonly notes?: string;
      readonly minutes?: number;
      /** By its place in the list of contacts. */
      readonly contact?: number;
      readonly daysAgo?: number;
      /** In Germany, from 2 (an hour earlier in winter); ten when nothing is said. */
      readonly hour?: number;
      readonly followUpInDays?: number;
      readonly followUpHour?: number;
    }
  | {
      readonly kind: 'task';
      readonly type: string;
      readonly title: string;
      readonly queue: string;
      readonly dueInDays: number;
      readonly hour?: number;
      readonly priority?: string;
      readonly waitingFor?: 'CUSTOMER' | 'SUPPLIER';
      readonly claimedBy?: DemoPerson;
    }
  | { readonly kind: 'done'; readonly type: string; readonly result: string }
  | { readonly kind: 'claim'; readonly type: string }
  | { readonly kind: 'qualify' }
  | {
      readonly kind: 'disqualify' | 'dormant';
      readonly reason: string;
      readonly note?: string;
      readonly followUpInDays?: number;
    }
  | { readonly kind: 'accept' }
  | { readonly kind: 'win' }
  | { readonly kind: 'lose' | 'return'; readonly reason: string }
  | { readonly kind: 'archive' }
  | DemoCaseStep;

/** What happens to the case that a company's own step opened. */
export type DemoCaseStep =
  | { readonly kind: 'case'; readonly type: string; readonly engine: string; readonly title: string; readonly description: string; readonly priority: string }
  | { readonly kind: 'claimCase' }
  /** Outputs of the present phase, by key. */
  | { readonly kind: 'fulfil'; readonly outputs: Readonly<Record<string, string>> }
  | { readonly kind: 'advance'; readonly phase: string }
  | {
      readonly kind: 'handover';
      readonly engine: string;
      readonly role: string;
      readonly queue: string;
      readonly goal: string;
      readonly context: string;
      readonly openPoints: readonly string[];
      readonly recommendation: string;
      /** An output is missing, and this is an attempt. */
      readonly refused?: boolean;
    }
  /** What is missing: outputs by key, or other words. */
  | { readonly kind: 'giveBack'; readonly reason: string; readonly missing: readonly string[] }
  | { readonly kind: 'note'; readonly noteType: string; readonly body: string };

/** The steps that many companies have in common. */
export const call = (
  subject: string,
  outcome: string,
  more: Partial<Extract<DemoStep, { kind: 'activity' }>> = {},
): DemoStep => ({
  kind: 'activity',
  type: 'CALL',
  direction: 'OUTBOUND',
  outcome,
  subject,
  minutes: 8,
  ...more,
});
export const email = (
  subject: string,
  outcome: string,
  more: Partial<Extract<DemoStep, { kind: 'activity' }>> = {},
): DemoStep => ({
  kind: 'activity',
  type: 'EMAIL',
  direction: 'OUTBOUND',
  outcome,
  subject,
  ...more,
});
export const dataChecked: DemoStep = {
  kind: 'done',
  type: 'OPS_DATA_CHECK',
  by: 'olga',
  result: 'Stammdaten geprüft, keine Dublette.',
};
export const contactPoints: DemoStep = {
  kind: 'done',
  type: 'ADD_CONTACT_POINTS',
  by: 'olga',
  result: 'Telefon und Webseite ergänzt.',
};
