import { DomainError } from '@tom/kernel';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { type CaseItem, fulfil, wasErased } from '@tom/workflow';
import { outputsOfCases, saveOutputs } from '../adapters/requirement-table.ts';
import type { Deps } from '../deps.ts';
import { actorOf, changeCase } from './change-case.ts';

export interface FulfilRequirement {
  readonly caseId: string;
  readonly requirementId: string;
  readonly value: string;
  readonly erased: boolean;
}

/** Says what an output of the case is. With the last one that was demanded the case is no longer blocked. */
export async function fulfilRequirement(
  deps: Deps,
  tx: Tx,
  call: CallContext,
  { caseId, requirementId, value, erased }: FulfilRequirement,
): Promise<CaseItem> {
  return changeCase(deps, tx, call, {
    caseId,
    right: 'work_cases',
    rule: async (item, now) => {
      const outputs = await outputsOfCases(tx, [caseId]);
      const output = outputs.find((known) => known.requirementId === requirementId.toLowerCase());
      if (!output) throw DomainError.notFound('The required output');
      const decision = fulfil(item, output, value, actorOf(deps, call, item), now);
      if (erased) throw wasErased();
      await saveOutputs(tx, decision.outputs);
      return decision;
    },
  });
}
