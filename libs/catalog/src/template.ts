import type { Condition, TemplateText } from '@tom/rules';
import type { RequiredOutput } from './catalog.ts';
import type { EventTypeName } from './event-types.ts';
import type { Problem } from './catalog-error.ts';
import type { Position, YamlPath } from './read-yaml.ts';

/** A workflow template: checked as a whole, ready to be run. */
export interface Template {
  readonly key: string;
  readonly version: number;
  readonly description: string;
  /** The kinds of company that it looks at; starting by hand does not get past this. */
  readonly orgKinds: ReadonlySet<string>;
  readonly trigger?: { readonly event: EventTypeName; readonly condition: Condition };
  /** Absent: rules only; then tasks, requiredOutputs and completion are empty and there is no trigger. */
  readonly case?: TemplateCase;
  /** The stage that the company moves to when the case is opened. */
  readonly transition?: RequestedTransition;
  readonly tasks: readonly TemplateTask[];
  readonly requiredOutputs: readonly TemplateOutput[];
  readonly rules: readonly TemplateRule[];
  readonly completion: readonly TemplateCompletion[];
  /** Nothing starts by it any more, and its rules look at no company; its running cases go on. */
  readonly retired: boolean;
  /** SHA-256 (hex) of the content; comments and layout do not count. */
  readonly contentHash: string;
  readonly file: string;
  /** The YAML as written. */
  readonly source: string;
  /** Where a part stands in the source, e.g. `['tasks', 0]`. */
  range(path: YamlPath): { readonly start: Position; readonly end: Position };
  /** A problem with a part of it, told where that stands in the file; `offset` points into an expression. */
  problem(path: YamlPath, message: string, expected: string, at?: { readonly offset?: number; readonly atKey?: boolean }): Problem;
}

export interface TemplateCase {
  readonly caseType: string;
  readonly engine: string;
  readonly phase: string;
  readonly role: string;
  readonly queue: string;
  /** Shows facts of templateTextSchema. */
  readonly title: TemplateText;
  readonly description?: TemplateText;
  readonly priority: string;
}

export interface RequestedTransition {
  readonly to: string;
  readonly reason?: string;
}

export interface TemplateTask {
  readonly key: string;
  readonly taskType: string;
  readonly title: TemplateText;
  readonly description?: TemplateText;
  readonly queue: string;
  readonly role: string;
  readonly dueInWorkingDays: number;
  readonly priority: string;
}

/** An output that this template asks for beside those of the engine. */
export interface TemplateOutput extends RequiredOutput {
  readonly phase: string;
}

export interface TemplateRule {
  readonly key: string;
  readonly on: EventTypeName;
  /** Over the facts of templateFactSchema(on, whether there is a case). */
  readonly condition: Condition;
  /** How long it waits after the event; then the condition is judged anew, on the facts of that time. */
  readonly after?: TemplateDelay;
  /** Events of the case that make the waiting begin anew. */
  readonly restartsOn: readonly EventTypeName[];
  readonly actions: readonly TemplateAction[];
}

/** A time span; working days end at the end of business. */
export interface TemplateDelay {
  readonly unit: 'working_days' | 'days' | 'hours' | 'minutes' | 'seconds';
  readonly amount: number;
}

/** A task that a rule creates. */
export interface RuleTask extends Omit<TemplateTask, 'key'> {
  /** Given to the person behind the event, if it was one. */
  readonly toActor: boolean;
}

/** What a rule may do. */
export type TemplateAction =
  | ({ readonly kind: 'request_transition' } & RequestedTransition)
  | { readonly kind: 'create_task'; readonly task: RuleTask }
  | { readonly kind: 'cancel_tasks'; readonly types: readonly string[] | undefined }
  | { readonly kind: 'move_phase'; readonly to: string }
  | { readonly kind: 'add_note'; readonly body: TemplateText }
  | { readonly kind: 'set_priority'; readonly to: string }
  | { readonly kind: 'escalate'; readonly reason: string }
  | { readonly kind: 'start_template'; readonly key: string };

export interface TemplateCompletion {
  readonly outcome: string;
  /** Absent: the company stays where it is. */
  readonly stage?: string;
  /** Coming from one of these stages, a move to `stage` means this outcome before any other (stages.yaml). */
  readonly usualFrom?: readonly string[];
  /** Keys of outputs that the outcome needs beside the stage's guard. */
  readonly requires: readonly string[];
}

/** The outcome that a move of the company means for an open case of this template; undefined: it goes on. */
export function outcomeOf(template: Template, fromStage: string, toStage: string): string | undefined {
  const leading = template.completion.filter((completion) => completion.stage === toStage);
  const usual = leading.find((completion) => completion.usualFrom?.includes(fromStage));
  return (usual ?? leading.find((completion) => completion.usualFrom === undefined) ?? leading[0])?.outcome;
}
