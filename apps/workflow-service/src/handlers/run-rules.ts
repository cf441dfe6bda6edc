import type { EventTypeName, Template, TemplateRule } from '@tom/catalog';
import { ids } from '@tom/kernel';
import type { BatchItem, Envelope } from '@tom/messaging';
import type { Facts } from '@tom/rules';
import type { Tx } from '@tom/postgres';
import { byTemplate, transitionDraft } from '../adapters/case-messages.ts';
import { caseById, openCasesOfOrgs } from '../adapters/case-table.ts';
import { knownOrgs } from '../adapters/org-projection.ts';
import type { CaseItem } from '../domain/case.ts';
import { factsAt, lookAtRule, type Evaluation, type Obstacle } from '../domain/look.ts';
import type { HandlerDeps } from './deps.ts';

/** An event as rules of the case see it. */
export interface CaseOccasion {
  readonly type: EventTypeName;
  readonly envelope: Envelope<unknown>;
  readonly emit: BatchItem<unknown>['emit'];
  readonly caseId: string;
  readonly fields: Facts;
  /** Whether what the event tells is still so; a rule acts on what is, not on what was. */
  readonly holds?: (item: CaseItem) => boolean;
}

/**
 * Lets the rules of the case's own template version look at an event, and carries out what those that fire ask for. Few
 * cases have rules on an event, so these run one by one.
 */
export async function runRules(
  deps: HandlerDeps,
  tx: Tx,
  occasions: readonly CaseOccasion[],
): Promise<readonly Evaluation[]> {
  const evaluations: Evaluation[] = [];
  for (const occasion of occasions.filter(({ type }) => deps.templates.anyRuleOn(type)))
    evaluations.push(...(await runRulesOn(deps, tx, occasion)));
  return evaluations;
}

async function runRulesOn(
  { templates, catalog }: HandlerDeps,
  tx: Tx,
  occasion: CaseOccasion,
): Promise<readonly Evaluation[]> {
  const { envelope, type, fields, emit } = occasion;
  const item = await caseById(tx, occasion.caseId);
  if (!item) return [];
  const template = (await templates.ofCases(tx, [item]))(item);
  const rules = template?.rules.filter((rule) => rule.on === type) ?? [];
  if (!template || rules.length === 0) return [];
  const org = (await knownOrgs(tx, [item.orgId])).get(item.orgId);
  if (!org) return [];
  const facts = factsAt({ type, fields }, org, await openCasesOfOrgs(tx, [item.orgId]), item);
  const obstacle = obstacleFor(occasion, item);
  return rules.map((rule) => {
    const seen = lookAtRule(template, rule, envelope.id, item, facts);
    if (!seen.fired || obstacle) return { ...seen, fired: false, ...(seen.fired && obstacle ? { obstacle } : {}) };
    emit(...actionsOf(template, rule, item, org.currentStage));
    return seen;
  });

  function actionsOf(from: Template, rule: TemplateRule, target: CaseItem, currentStage: string) {
    return rule.actions.flatMap((action, index) => {
      if (action.to === currentStage) return [];
      const commandId = ids.ruleAction(envelope.id, target.caseId, rule.key, index);
      const reason = action.reason ?? catalog.stages.find(currentStage, action.to)?.defaultReason;
      const wanted = { commandId, from: currentStage, to: action.to, reason };
      return [transitionDraft(wanted, target, byTemplate(from, rule.key))];
    });
  }
}

function obstacleFor({ holds, type }: CaseOccasion, item: CaseItem): Obstacle | undefined {
  if (item.closedAt && type !== 'CaseClosed') return 'CASE_CLOSED';
  return holds && !holds(item) ? 'CASE_CHANGED' : undefined;
}
