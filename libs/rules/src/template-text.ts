import type { FactSchema, Facts } from './facts.ts';

/** A text with `{{ path }}` placeholders, checked against its facts. */
export interface TemplateText {
  readonly source: string;
  /** Every fact that it shows. */
  readonly paths: readonly string[];
  /** A missing fact is shown as nothing. */
  render(facts: Facts): string;
}

export function compileTemplateText(source: string, schema: FactSchema): TemplateText {
  throw new Error(`${source} ${Object.keys(schema)}`);
}
