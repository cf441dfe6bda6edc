import { waysOf, type Condition, type Known } from '@tom/rules';
import type { Catalog } from './catalog.ts';
import type { Problem } from './catalog-error.ts';
import type { EventTypeName } from './event-types.ts';
import { knownAt, likelyAt, type Looker } from './known-facts.ts';
import type { YamlPath } from './read-yaml.ts';
import type { Template } from './template.ts';
import { findingAt } from './finding.ts';

interface Asked {
  readonly path: YamlPath;
  readonly what: string;
  readonly looker: Looker;
  readonly event: EventTypeName;
  readonly condition: Condition;
}

/** Conditions that nothing can ever make true: of the trigger and of each rule. What is only likely is a warning. */
export function deadRules(template: Template, catalog: Catalog): readonly Problem[] {
  const looker = template.case ? 'case' : 'company';
  const asked: Asked[] = template.rules.map(({ key, on, condition }, index) => {
    return { path: ['rules', index, 'condition'], what: `The rule ${key}`, looker, event: on, condition };
  });
  const { trigger } = template;
  if (trigger) {
    const { event, condition } = trigger;
    asked.unshift({ path: ['trigger', 'condition'], what: 'The trigger', looker: 'trigger', event, condition });
  }
  return asked.flatMap((one) => dead(template, one, catalog));
}

function dead(template: Template, { path, what, looker, event, condition }: Asked, catalog: Catalog): readonly Problem[] {
  const expected = what === 'The trigger' ? 'a condition that can be true; a template without a trigger is started by hand' : 'a condition that can be true';
  const proven = contradictionOf(condition, knownAt(template, looker, event, catalog));
  if (proven) return [findingAt(template, path, `${what} can never fire: ${proven.reason}.`, expected, { offset: proven.offset })];
  const likely = contradictionOf(condition, likelyAt(template, looker, event, catalog));
  if (!likely) return [];
  const message = `${what} will hardly ever fire: ${likely.reason}.`;
  return [findingAt(template, path, message, expected, { offset: likely.offset, severity: 'warning' })];
}

function contradictionOf(condition: Condition, known: Known) {
  const alternatives = condition.alternatives();
  if (!alternatives) return undefined;
  const found = waysOf(alternatives, known);
  return 'contradiction' in found ? found.contradiction : undefined;
}
