import type { Text } from '@tom/kernel';
import type { Condition, TemplateText } from '@tom/rules';
import type { Catalog, RequiredOutput } from './catalog.ts';
import type { EventTypeName } from './event-types.ts';
import type { Position } from './read-yaml.ts';

/** A workflow template: checked as a whole, ready to be run. */
export interface Template {
  readonly key: string;
  readonly version: number;
  readonly description: Text;
  /** The kinds of company that it looks at; starting by hand does not get past this. */
  readonly orgKinds: ReadonlySet<string>;
  readonly trigger?: { readonly event: EventTypeName; readonly condition: Condition };
  readonly case?: TemplateCase;
  /** The stage that the company moves to when the case is opened. */
  readonly transition?: RequestedTransition;
  readonly tasks: readonly TemplateTask[];
  readonly requiredOutputs: readonly (RequiredOutput & { readonly phase: string })[];
  readonly rules: readonly TemplateRule[];
  readonly completion: readonly TemplateCompletion[];
  /** SHA-256 (hex) of the content; comments and layout do not count. */
  readonly contentHash: string;
  readonly file: string;
  /** The YAML as written. */
  readonly source: string;
  /** Where a part stands in the source, e.g. `['tasks', 0]`. */
  range(path: readonly (string | number)[]): { readonly start: Position; readonly end: Position };
}

export interface TemplateCase {
  readonly caseType: string;
  readonly engine: string;
  readonly phase: string;
  readonly role: string;
  readonly queue: string;
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

export interface TemplateRule {
  readonly key: string;
  readonly on: EventTypeName;
  readonly condition: Condition;
  readonly actions: readonly TemplateAction[];
}

/** What a rule may do. */
export type TemplateAction = { readonly kind: 'request_transition' } & RequestedTransition;

export interface TemplateCompletion {
  readonly outcome: string;
  readonly stage: string;
  /** The outcome that a move of the company to `stage` means when it comes from one of these and names none. */
  readonly usualFrom?: readonly string[];
  /** Keys of outputs that the outcome needs beside the stage's guard. */
  readonly requires: readonly string[];
}

/** Reads and checks one template; throws CatalogError with every problem and its place. */
export function readTemplate(text: string, file: string, catalog: Catalog): Template {
  throw new Error(text + file + catalog.stages.version);
}

/** All templates of a folder (`*.yaml`), every problem of every file at once. */
export function readTemplates(folder: string, catalog: Catalog): readonly Template[] {
  throw new Error(folder + catalog.stages.version);
}

/** The outcome that a move of the company from one stage to another means for a case of this template. */
export function outcomeOf(template: Template, fromStage: string, toStage: string): string | undefined {
  const leading = template.completion.filter((completion) => completion.stage === toStage);
  const usual = leading.find((completion) => completion.usualFrom?.includes(fromStage));
  return (usual ?? leading.find((completion) => completion.usualFrom === undefined))?.outcome;
}
