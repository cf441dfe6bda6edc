import type { TransitionResponse } from '@tom/contracts/tom/stage/v1/stage_service';
import { DomainError, newId } from '@tom/kernel';
import { requestOrigin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import { evaluateGuard } from '@tom/rules';
import type { CallContext } from '@tom/runtime';
import { closedBy, notAllowed, outcomesOfOtherRows, stageFacts } from '@tom/workflow';
import { gatherFacts, sectionsReadBy } from '../adapters/gather-facts.ts';
import { guardOverridden, orgMessage, orgStageChanged } from '../adapters/messages.ts';
import { findOrg, lockOrg } from '../adapters/orgs.ts';
import { lastStageChange } from '../adapters/stage-history.ts';
import { writeMoves } from '../adapters/write-move.ts';
import type { Deps } from '../deps.ts';
import { expectedAfter } from '../domain/consequences.ts';
import { wasErased } from '../domain/org.ts';
import { moveStage, refused, stageChanged } from '../domain/stage.ts';

export interface OverrideStage {
  readonly orgId: string;
  readonly toStage: string;
  readonly reason: string;
}

/**
 * Moves a company past the guard of a row; the table itself holds for administrators too. What was unmet is told by
 * GuardOverridden (one revision before OrgStageChanged); the consequences are those of every move.
 */
export async function overrideStage(
  deps: Deps,
  command: OverrideStage,
  call: CallContext,
  write: (work: (tx: Tx) => Promise<TransitionResponse>) => Promise<TransitionResponse>,
): Promise<TransitionResponse> {
  const { stages } = deps.catalog;
  const seen = await findOrg(deps.database, command.orgId);
  if (seen === undefined) throw DomainError.notFound('This company');
  if (seen.erasedAt !== null) throw wasErased();
  const row = stages.find(seen.currentStage, command.toStage);
  if (row === undefined) {
    throw refused(seen.currentStage, command.toStage, [notAllowed(seen.currentStage, command.toStage)]);
  }
  const asked = { orgId: seen.orgId, stageSince: seen.stageSince, sections: sectionsReadBy([row]).add('cases') };
  const [gathered = {}] = await gatherFacts(deps.owners, call, [asked]);
  const closes = closedBy(gathered.cases ?? [], row, {}, outcomesOfOtherRows(stages.transitions, row));
  return write(async (tx) => {
    const org = await lockOrg(tx, command.orgId);
    if (org === undefined) throw DomainError.notFound('This company');
    if (org.erasedAt !== null) throw wasErased();
    if (org.currentStage !== row.from || org.stageSince.getTime() !== seen.stageSince.getTime()) {
      throw stageChanged(org, await lastStageChange(tx, org.orgId));
    }
    const facts = stageFacts(org, { reasonNote: command.reason }, gathered);
    const { unmet } = evaluateGuard(row.guard, facts);
    const overridden = { ...org, revision: org.revision + 1 };
    const { next, change } = moveStage(
      overridden,
      { stage: row.to, status: stages.stages.get(row.to)?.status ?? org.status },
      {
        eventId: newId(),
        toStage: row.to,
        reasonCode: 'GUARD_OVERRIDDEN',
        reasonNote: command.reason,
        duplicateOfOrgId: null,
        actor: call.caller.actor,
        caseId: closes?.caseId ?? null,
        outcomeCode: closes?.outcomeCode ?? null,
        facts,
        stagesVersion: stages.version,
        template: null,
        templateVersion: null,
        rule: null,
      },
      deps.clock.now(),
    );
    tx.afterCommit(() => deps.countOverride(row.to));
    await Promise.all([
      writeMoves(tx, deps.catalog.stages, [next], [change]),
      deps.outbox.append(tx, requestOrigin(call), [
        guardOverridden(overridden, row.to, command.reason, unmet),
        orgStageChanged(next, change, { fromStageSince: org.stageSince }),
      ]),
    ]);
    return {
      org: orgMessage(next),
      caseId: closes?.caseId,
      expected: expectedAfter(row.to, { closesCase: closes !== undefined, logsActivity: false }),
      unchanged: false,
    };
  });
}
