import { waysOf } from '@tom/rules';
import type { Catalog } from './catalog.ts';
import type { Problem } from './catalog-error.ts';
import { findingAt } from './finding.ts';
import { knownAt } from './known-facts.ts';
import type { StageTransition } from './stages.ts';
import type { Template } from './template.ts';

/**
 * Outcomes to which no row of stages.yaml leads from any stage in which the company can be while such a case is open. A
 * template that moves the company on opening leaves no doubt where that begins; one that does not may be started by hand
 * anywhere, so that only its trigger tells, and that is a warning.
 */
export function unreachableOutcomes(template: Template, catalog: Catalog): readonly Problem[] {
  if (!template.case) return [];
  const starts = template.transition ? [template.transition.to] : triggeredIn(template, catalog);
  if (starts.length === 0) return [];
  const { stages } = catalog;
  const ending = new Set(template.completion.map(({ stage }) => stage));
  const open = new Set(starts);
  // The set grows while it is gone through; a move to a stage of an outcome ends the case.
  for (const stage of open) {
    for (const row of stages.from(stage)) if (!ending.has(row.to) && isPassable(row)) open.add(row.to);
  }
  const leads = (to: string): boolean => [...open].some((from) => isPassable(stages.find(from, to)));
  return template.completion.flatMap(({ outcome, stage }, index) => {
    if (stage === undefined || leads(stage)) return [];
    const message = `${outcome} can never be reached: while the case is open the company is in ${[...open].join(', ')}, and no transition with an open case leads from there to ${stage}.`;
    const reachable = [...stages.stages.keys()].filter(leads);
    const path = ['completion', index, 'stage'];
    const severity = template.transition ? {} : ({ severity: 'warning' } as const);
    return [findingAt(template, path, message, `one of ${reachable.join(', ')}`, severity)];
  });
}

/** Whether a guard leaves a chance while a case is open: one that asks for none does not. */
function isPassable(row: StageTransition | undefined): boolean {
  if (!row) return false;
  return row.guard.every(({ condition }) => {
    const alternatives = condition.alternatives();
    return !alternatives || waysOf(alternatives, { least: { 'cases.open': 1 } }).ways.length > 0;
  });
}

/** The stages of which the trigger would open the case; none when it does not look at stages, for then it may be any. */
function triggeredIn(template: Template, catalog: Catalog): readonly string[] {
  const { trigger } = template;
  const asks = trigger?.condition.paths.some((path) => path === 'event.to_stage' || path === 'org.current_stage');
  const alternatives = asks ? trigger?.condition.alternatives() : undefined;
  if (!trigger || !alternatives || trigger.event !== 'OrgStageChanged') return [];
  const known = knownAt(template, 'trigger', trigger.event, catalog);
  return [...catalog.stages.stages.keys()].filter((stage) => {
    const values = { ...known.values, 'event.to_stage': [stage] };
    return waysOf(alternatives, { ...known, values }).ways.length > 0;
  });
}
