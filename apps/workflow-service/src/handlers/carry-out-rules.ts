import type { Template, TemplateRule } from '@tom/catalog';
import type { Tx } from '@tom/postgres';
import {
  type CaseItem,
  type Obstacle,
  openingRules,
  type Place,
  ruleEffects,
  type RuleEffects,
  untouched,
  withStatus,
} from '@tom/workflow';
import {
  byTemplate,
  cancelTasksOfTypesDraft,
  caseDrafts,
  ruleTasksDraft,
  transitionDraft,
} from '../adapters/case-messages.ts';
import { lockOpenCases, updateCases, workFactsOf } from '../adapters/case-table.ts';
import { insertNote } from '../adapters/note-table.ts';
import { askedFor, projectTasks } from '../adapters/work-projection.ts';
import type { HandlerDeps } from './deps.ts';
import type { Occasion } from './occasion.ts';
import { startTemplates } from './start-templates.ts';

/** A rule that fired, and where. */
export interface FiredRule {
  readonly occasion: Occasion;
  readonly template: Template;
  readonly rule: TemplateRule;
  readonly place: Place;
}

/**
 * Does what rules ask for, one after the other, so that a rule sees what the one before it did to the case. Answers the
 * rules of which an action met an obstacle; what else they ask for is done.
 */
export async function carryOutRules<R extends FiredRule>(
  deps: HandlerDeps,
  tx: Tx,
  now: Date,
  fired: readonly R[],
): Promise<readonly (readonly [R, Obstacle])[]> {
  const caseIds = [...new Set(fired.flatMap(({ place }) => (place.item ? [place.item.caseId] : [])))];
  const cases = new Map((await lockOpenCases(tx, caseIds)).map((item) => [item.caseId, item]));
  const work = await workFactsOf(tx, [...cases.keys()]);
  const { stages } = deps.catalog;
  const rules = {
    ...openingRules(deps.catalog, now),
    reasonFor: (from: string, to: string) => stages.find(from, to)?.defaultReason,
  };
  const changed = new Map<string, CaseItem>();
  const obstacles: (readonly [R, Obstacle])[] = [];
  for (const each of fired) {
    const { occasion, template, rule, place } = each;
    // A case that was closed is looked at as it is: only rules on its closing get here.
    const item = place.item && (cases.get(place.item.caseId) ?? place.item);
    const facts = (item && work.get(item.caseId)) ?? untouched;
    const { envelope } = occasion;
    const at = { eventId: envelope.id, actor: envelope.actor, now, outputsMissing: facts.outputsMissing };
    const effects = ruleEffects(rules, template, rule, { org: place.org, item }, at);
    if (effects.obstacle) obstacles.push([each, effects.obstacle]);
    const decision = effects.decision && withStatus(effects.decision, facts, now);
    if (decision && decision.next !== item) {
      cases.set(decision.next.caseId, decision.next);
      changed.set(decision.next.caseId, decision.next);
    }
    tell(each, { ...effects, decision });
    for (const note of effects.notes) await insertNote(tx, note);
    await projectTasks(tx, effects.tasks.map(({ task }) => askedFor(task, place.org.orgId, item?.caseId)));
    await startTemplates(deps, tx, now, startsOf(deps, each, effects));
  }
  await updateCases(tx, [...changed.values()]);
  return obstacles;
}

function tell({ occasion, template, rule, place }: FiredRule, effects: RuleEffects): void {
  const attribution = byTemplate(template, rule.key);
  const { org, item } = place;
  const where = { orgId: org.orgId, caseId: item?.caseId };
  const events = (effects.decision?.events ?? []).map((event) =>
    event.kind === 'escalated' && effects.escalation ? { ...event, reason: effects.escalation } : event,
  );
  occasion.emit(...caseDrafts(events, attribution));
  if (effects.tasks.length > 0) occasion.emit(ruleTasksDraft(effects.tasks, where, template, rule.key));
  if (item) occasion.emit(...effects.cancels.map((cancel) => cancelTasksOfTypesDraft(item, cancel, attribution)));
  occasion.emit(...effects.transitions.map((wanted) => transitionDraft(wanted, where, attribution)));
}

/** The template that a rule starts is the current one; it joins a case that is open already. */
function startsOf({ templates }: HandlerDeps, { occasion, place }: FiredRule, effects: RuleEffects) {
  return effects.starts.flatMap(({ key }) => {
    const template = templates.currentOf(key);
    if (!template?.orgKinds.has(place.org.orgKind)) return [];
    return [{ envelope: occasion.envelope, emit: occasion.emit, org: place.org, template }];
  });
}
