import type { Text } from '@tom/kernel';

// What the rules here need to know of the configuration, in their own words; what @tom/catalog reads fits it.

/** Facts that conditions and texts read, by name. */
export type Facts = Readonly<Record<string, unknown>>;

/** One part of a condition, what it read, and its result; null when it could not be judged. */
export interface ConditionPart {
  readonly source: string;
  readonly value: Facts;
  readonly result: boolean | null;
}

/** A condition that can say which of its parts was false. */
export interface Condition {
  readonly source: string;
  /** Every fact that it reads, as dotted paths. */
  readonly paths: readonly string[];
  explain(facts: Facts): { readonly result: boolean; readonly parts: readonly ConditionPart[] };
}

export interface TextTemplate {
  render(facts: Facts): string;
}

export interface RequestedStage {
  readonly to: string;
  readonly reason?: string;
}

/** A time span; working days end at the end of business. */
export interface Delay {
  readonly unit: 'working_days' | 'days' | 'hours' | 'minutes' | 'seconds';
  readonly amount: number;
}

/** Work that a template or rule asks for. */
export interface WorkOfTemplate {
  readonly taskType: string;
  readonly title: TextTemplate;
  readonly description?: TextTemplate;
  readonly queue: string;
  readonly role: string;
  readonly dueInWorkingDays: number;
  readonly priority: string;
}

/** What a rule may do. */
export type RuleAction =
  | ({ readonly kind: 'request_transition' } & RequestedStage)
  | { readonly kind: 'create_task'; readonly task: WorkOfTemplate & { readonly toActor: boolean } }
  | { readonly kind: 'cancel_tasks'; readonly types: readonly string[] | undefined }
  | { readonly kind: 'move_phase'; readonly to: string }
  | { readonly kind: 'add_note'; readonly body: TextTemplate }
  | { readonly kind: 'set_priority'; readonly to: string }
  | { readonly kind: 'escalate'; readonly reason: string }
  | { readonly kind: 'start_template'; readonly key: string };

export interface RuleOfTemplate {
  readonly key: string;
  readonly on: string;
  readonly condition: Condition;
  readonly after?: Delay;
  readonly restartsOn: readonly string[];
  readonly actions: readonly RuleAction[];
}

export interface WantedOutput {
  readonly key: string;
  readonly type: string;
  readonly description: Text;
  readonly mandatory: boolean;
}

/** A workflow template as far as cases are opened and moved by it. */
export interface CaseTemplate {
  readonly key: string;
  readonly version: number;
  readonly orgKinds: ReadonlySet<string>;
  readonly trigger?: { readonly event: string; readonly condition: Condition };
  readonly case?: {
    readonly caseType: string;
    readonly engine: string;
    readonly phase: string;
    readonly role: string;
    readonly queue: string;
    readonly title: TextTemplate;
    readonly description?: TextTemplate;
    readonly priority: string;
  };
  readonly transition?: RequestedStage;
  readonly tasks: readonly (WorkOfTemplate & { readonly key: string })[];
  readonly requiredOutputs: readonly (WantedOutput & { readonly phase: string })[];
  readonly rules: readonly RuleOfTemplate[];
}

/** Who leads a case, and what its phases have to bring. */
export interface LeadingEngine {
  readonly engine: string;
  readonly role: string;
  readonly queue: string;
  readonly phases: readonly { readonly phase: string; readonly outputs: readonly WantedOutput[] }[];
}

/** The table of stages as far as templates ask for moves. */
export interface StageTable {
  readonly stages: ReadonlyMap<string, { readonly status: string }>;
  readonly transitions: readonly { readonly from: string; readonly to: string; readonly setBy: string }[];
  find(from: string, to: string): { readonly reasons: readonly { readonly code: string }[] } | undefined;
}
