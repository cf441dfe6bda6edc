import { DomainError } from '@tom/kernel';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { advance, type CaseItem } from '@tom/workflow';
import { outputsOfCases } from '../adapters/requirement-table.ts';
import type { Deps } from '../deps.ts';
import { actorOf, changeCase } from './change-case.ts';

/** Moves the case to a later phase of the engine that leads it. */
export async function advanceCase(
  deps: Deps,
  tx: Tx,
  call: CallContext,
  { caseId, phase }: { readonly caseId: string; readonly phase: string },
): Promise<CaseItem> {
  const phasesOf = (item: CaseItem) => deps.catalog.engines.get(item.engine)?.phases ?? [];
  return changeCase(deps, tx, call, {
    caseId,
    right: 'work_cases',
    check: (item) => {
      const phases = phasesOf(item).map((known) => known.phase);
      if (phases.includes(phase)) return;
      const expected = `a phase of ${item.engine}: ${phases.join(', ')}`;
      throw DomainError.invalid([{ path: 'phase', message: 'is no phase of the engine that leads', expected }]);
    },
    rule: async (item) => {
      const outputs = await outputsOfCases(tx, [caseId]);
      return advance(item, phase, { phases: phasesOf(item) }, outputs, actorOf(deps, call, item));
    },
  });
}
