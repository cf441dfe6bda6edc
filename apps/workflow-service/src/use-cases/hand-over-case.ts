import { DomainError, newId } from '@tom/kernel';
import { requestOrigin } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { type CaseItem, requirementsOf, untouched, wasErased, withStatus } from '@tom/workflow';
import { caseDrafts } from '../adapters/case-messages.ts';
import { lockOpenCases, updateCases, workFactsOf } from '../adapters/case-table.ts';
import { insertNote } from '../adapters/note-table.ts';
import { insertRequirements, outputsOfCases } from '../adapters/requirement-table.ts';
import { storeHandOver } from '../adapters/transfer-tables.ts';
import type { Deps } from '../deps.ts';
import { demandOutputs, handOver } from '../domain/hand-over.ts';
import { actorOf, changeCase } from './change-case.ts';

export interface HandOverCase {
  readonly caseId: string;
  readonly engine: string;
  readonly role: string;
  readonly queue: string;
  readonly goal: string;
  readonly context: string;
  readonly openPoints: readonly string[];
  readonly recommendation: string;
  readonly erased: boolean;
}

/** Gives the case to another engine, in its first phase, with all that this engine will have to bring. */
export async function handOverCase(deps: Deps, tx: Tx, call: CallContext, command: HandOverCase): Promise<CaseItem> {
  const { caseId: asked, engine, role, queue, erased, ...words } = command;
  const target = deps.catalog.engines.get(engine);
  return changeCase(deps, tx, call, {
    caseId: asked,
    right: 'work_cases',
    check: (item) => {
      if (item.engine !== engine) return;
      const expected = `another engine than ${engine}`;
      throw DomainError.invalid([{ path: 'engine', message: 'leads the case already', expected }]);
    },
    rule: async (item, now) => {
      const { caseId } = item;
      const outputs = await outputsOfCases(tx, [caseId]);
      const to = { engine, role, queue, phase: target?.phases[0]?.phase };
      const origin = { id: newId(), noteId: newId(), actor: actorOf(deps, call, item), now };
      const decision = handOver(item, outputs, to, words, origin);
      if (erased) throw wasErased();
      await insertRequirements(tx, requirementsOf({ caseId, engine }, target));
      await storeHandOver(tx, decision.handOver);
      await insertNote(tx, decision.note);
      return decision;
    },
  });
}

/**
 * Remembers that a hand-over was refused for want of outputs, in a transaction of its own, for the refused one left
 * nothing. Should they have arrived in between, nothing is demanded.
 */
export async function rememberRefusedHandOver(
  { outbox, clock }: Deps,
  tx: Tx,
  call: CallContext,
  caseId: string,
): Promise<void> {
  const [item] = await lockOpenCases(tx, [caseId]);
  if (!item) return;
  const work = (await workFactsOf(tx, [item.caseId])).get(item.caseId) ?? untouched;
  const { next, events } = withStatus({ next: demandOutputs(item), events: [] }, work, clock.now());
  if (events.length === 0) return;
  await updateCases(tx, [next]);
  await outbox.append(tx, requestOrigin(call), caseDrafts(events));
}
