import type { Stages } from '@tom/catalog';
import { OrgStageChanged, type TransitionStage } from '@tom/contracts/messages';
import { ids } from '@tom/kernel';
import type { BatchContext, Envelope } from '@tom/messaging';
import { groupCommit, type Tx } from '@tom/postgres';
import { evaluateGuard } from '@tom/rules';
import type { OutgoingCall } from '@tom/runtime';
import { closedBy, notAllowed, outcomesOfOtherRows, stageFacts } from '@tom/workflow';
import { gatherFacts, sectionsReadBy, type AskedCompany, type GatheredFacts } from '../adapters/gather-facts.ts';
import { causeOf, orgStageChanged, transitionRefused } from '../adapters/messages.ts';
import { findOrg, lockOrgs } from '../adapters/orgs.ts';
import { writeMoves } from '../adapters/write-move.ts';
import type { Deps } from '../deps.ts';
import type { Org } from '../domain/org.ts';
import { moveStage, type StageChange } from '../domain/stage.ts';

/**
 * The facts that the commanded row is judged on. Commands that are gathered at the same time share one call per owner:
 * many companies are created at once, and each brings such a command.
 */
export function gatherForTransition(
  deps: Deps,
  read: (orgId: string) => Promise<Org | undefined> = (orgId) => findOrg(deps.database, orgId),
): (envelope: Envelope<TransitionStage>) => Promise<GatheredFacts> {
  const { catalog, owners } = deps;
  const ask = groupCommit<{ company: AskedCompany; call: OutgoingCall }, GatheredFacts>({
    execute: async (items) => {
      const [first] = items;
      if (first === undefined) return [];
      try {
        return await gatherFacts(owners, first.call, items.map(({ company }) => company));
      } catch (error) {
        // Each on its own would only find the same owner away.
        return items.map(() => (error instanceof Error ? error : new Error(String(error))));
      }
    },
  });
  return async ({ data, correlationId, traceparent }) => {
    const row = catalog.stages.find(data.fromStage, data.toStage);
    const org = await read(data.orgId);
    // Refused or done without facts; the transaction says which.
    if (row === undefined || org === undefined || org.currentStage !== data.fromStage) return {};
    const sections = sectionsReadBy([row]).add('cases');
    return ask({
      company: { orgId: org.orgId, stageSince: org.stageSince, sections },
      call: { correlationId, ...(traceparent === undefined ? {} : { traceparent }) },
    });
  };
}

/** Moves companies on behalf of templates, in sets: locks all, judges each in order, writes all. */
export function onTransitionStage(deps: Deps) {
  return async ({ tx, now, items }: BatchContext<TransitionStage, GatheredFacts>): Promise<void> => {
    const orgs = await lockOrgs(tx, items.map(({ envelope }) => envelope.data.orgId));
    const touched = new Set<string>();
    const changes: StageChange[] = [];
    for (const item of items) {
      const org = orgs.get(item.envelope.data.orgId);
      if (org === undefined) throw new Error(`There is no company ${item.envelope.data.orgId}`);
      const moved = move(deps, org, item, now);
      if (moved === undefined) continue;
      orgs.set(org.orgId, moved.next);
      touched.add(org.orgId);
      if (moved.change) changes.push(moved.change);
    }
    await save(tx, deps.catalog.stages, orgs, touched, changes);
  };
}

async function save(
  tx: Tx,
  stages: Stages,
  orgs: ReadonlyMap<string, Org>,
  touched: ReadonlySet<string>,
  changes: readonly StageChange[],
): Promise<void> {
  const moved = [...orgs.values()].filter((org) => touched.has(org.orgId));
  if (moved.length > 0) await writeMoves(tx, stages, moved, changes);
}

type Item = BatchContext<TransitionStage, GatheredFacts>['items'][number];

/** Already there: nothing. Come too late, or refused by the rules: told as such. Else moved. */
function move(deps: Deps, org: Org, item: Item, now: Date): { readonly next: Org; readonly change?: StageChange } | undefined {
  const { envelope, facts: gathered, emit } = item;
  const { data } = envelope;
  const { stages } = deps.catalog;
  if (org.currentStage === data.toStage) return undefined;
  const cause = { actor: envelope.actor, ...causeOf(envelope) };
  const refuse = (code: 'STAGE_CHANGED' | 'RULES_UNMET', unmet: Parameters<typeof transitionRefused>[3]) => {
    const next = { ...org, revision: org.revision + 1 };
    emit({ ...transitionRefused(next, data, code, unmet), ...cause });
    return { next };
  };
  if (org.currentStage !== data.fromStage) return refuse('STAGE_CHANGED', []);
  const row = stages.find(data.fromStage, data.toStage);
  if (row === undefined) return refuse('RULES_UNMET', [notAllowed(data.fromStage, data.toStage)]);
  if (gathered.cases === undefined) {
    // The company came back to the stage after its facts were gathered: too late for what the command had seen.
    return refuse('STAGE_CHANGED', []);
  }
  const reasonCode = data.reasonCode ?? row.defaultReason ?? null;
  const facts = stageFacts(org, { reasonCode, reasonNote: data.reasonNote }, gathered);
  const verdict = evaluateGuard(row.guard, facts);
  if (!verdict.ok) return refuse('RULES_UNMET', verdict.unmet);
  const closes = closedBy(gathered.cases, row, { caseId: data.caseId }, outcomesOfOtherRows(stages.transitions, row));
  const moved = moveStage(
    org,
    { stage: row.to, status: stages.stages.get(row.to)?.status ?? org.status },
    {
      eventId: ids.causedMessage(envelope.id, OrgStageChanged.typeName, org.orgId, 0),
      toStage: row.to,
      reasonCode,
      reasonNote: data.reasonNote ?? null,
      duplicateOfOrgId: null,
      actor: envelope.actor,
      caseId: closes?.caseId ?? data.caseId ?? null,
      outcomeCode: closes?.outcomeCode ?? null,
      facts,
      stagesVersion: stages.version,
      template: envelope.template ?? null,
      templateVersion: envelope.templateVersion ?? null,
      rule: envelope.rule ?? null,
    },
    now,
  );
  emit(orgStageChanged(moved.next, moved.change, { fromStageSince: org.stageSince }));
  return moved;
}
