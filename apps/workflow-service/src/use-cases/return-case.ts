import { DomainError, isUuid, newId } from '@tom/kernel';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { type CaseItem, returnTarget, wasErased } from '@tom/workflow';
import { insertNote } from '../adapters/note-table.ts';
import { outputsOfCases, saveOutputs } from '../adapters/requirement-table.ts';
import { chainsOf, storeReturn } from '../adapters/transfer-tables.ts';
import type { Deps } from '../deps.ts';
import { outputsAt, returnCase } from '../domain/return-case.ts';
import { actorOf, changeCase } from './change-case.ts';

export interface ReturnCase {
  readonly caseId: string;
  readonly reason: string;
  readonly missing: readonly string[];
  readonly erased: boolean;
}

/** Gives the case back to the sender of the latest hand-over that was not returned, naming what is missing. */
export async function returnToSender(deps: Deps, tx: Tx, call: CallContext, command: ReturnCase): Promise<CaseItem> {
  const { caseId, reason, missing, erased } = command;
  return changeCase(deps, tx, call, {
    caseId,
    right: 'work_cases',
    check: (item) => mustNameOutputs(tx, item.caseId, missing),
    rule: async (item, now) => {
      const chain = (await chainsOf(tx, [item.caseId])).get(item.caseId) ?? [];
      const outputs = await outputsOfCases(tx, [item.caseId]);
      const origin = { id: newId(), noteId: newId(), actor: actorOf(deps, call, item), now };
      const decision = returnCase(item, chain, outputs, { reason, missing, newIds: newId }, origin);
      if (erased) throw wasErased();
      await saveOutputs(tx, decision.outputs);
      await storeReturn(tx, decision.returned);
      await insertNote(tx, decision.note);
      return decision;
    },
  });
}

/** An id names an output of where the case goes back to; where it goes nowhere, one of the case's own. */
async function mustNameOutputs(tx: Tx, caseId: string, missing: readonly string[]): Promise<void> {
  if (!missing.some(isUuid)) return;
  const outputs = await outputsOfCases(tx, [caseId]);
  const target = returnTarget((await chainsOf(tx, [caseId])).get(caseId) ?? []);
  const known = new Set((target ? outputsAt(target, outputs) : outputs).map((output) => output.requirementId));
  const violations = missing.flatMap((entry, index) =>
    isUuid(entry) && !known.has(entry)
      ? [
          {
            path: `missing[${index}]`,
            message: 'is no output of where the case goes back to',
            expected: 'the id of an output there, or other words',
          },
        ]
      : [],
  );
  if (violations.length > 0) throw DomainError.invalid(violations);
}
