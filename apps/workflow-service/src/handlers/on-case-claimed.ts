import type { CaseClaimed } from '@tom/contracts/messages';
import type { BatchContext } from '@tom/messaging';
import { claimFields } from '@tom/workflow';
import { observe } from '../adapters/observation-tables.ts';
import type { HandlerDeps } from './deps.ts';
import { runRules } from './run-rules.ts';
import { runTriggers } from './start-templates.ts';

/** Rules on a claim, such as: claimed by outside sales → the company is accepted. Void when it was released since. */
export async function onCaseClaimed(deps: HandlerDeps, { tx, now, items }: BatchContext<CaseClaimed>): Promise<void> {
  const occasions = items.map(({ envelope, emit }) => {
    const { case: claimed, claimedByRoles } = envelope.data;
    const fields = claimFields(deps.catalog, claimed, claimedByRoles, envelope.actor);
    return {
      type: 'CaseClaimed' as const,
      envelope,
      emit,
      orgId: claimed.orgId,
      caseId: claimed.caseId,
      fields,
      holds: (item: { owner?: string | undefined }) => item.owner === claimed.owner,
    };
  });
  const evaluations = [...(await runTriggers(deps, tx, now, occasions)), ...(await runRules(deps, tx, now, occasions))];
  const observations = items.map(({ envelope }) => ({
    envelope,
    caseId: envelope.data.case.caseId,
    codes: {
      case_type: envelope.data.case.caseType,
      engine: envelope.data.case.engine,
      roles: envelope.data.claimedByRoles.join(','),
    },
  }));
  observe(tx, now, observations, evaluations);
}
