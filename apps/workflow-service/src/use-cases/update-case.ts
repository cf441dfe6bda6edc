import { DomainError } from '@tom/kernel';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { CaseView } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { type CaseEdit, type CaseItem, edit, wasErased } from '@tom/workflow';
import { caseViews } from '../adapters/case-view.ts';
import type { Deps } from '../deps.ts';
import { changeCase } from './change-case.ts';

/** Writes the fields that people edit, if nobody else did since the version that the caller saw. */
export async function updateCase(
  deps: Deps,
  tx: Tx,
  call: CallContext,
  command: { readonly caseId: string; readonly version: number; readonly edit: CaseEdit; readonly erased: boolean },
): Promise<CaseItem> {
  // The refusal shows the case as it is, which has to be read; under the lock it stays that way until the answer.
  let stale: CaseItem | undefined;
  const item = await changeCase(deps, tx, call, {
    caseId: command.caseId,
    right: 'work_cases',
    rule: (current, now) => {
      if (current.version !== command.version) {
        stale = current;
        return { next: current, events: [] };
      }
      if (command.erased) throw wasErased();
      return edit(current, command.edit, call.caller.id, now);
    },
  });
  if (stale) await refuse(deps, tx, stale);
  return item;
}

async function refuse(deps: Deps, tx: Tx, current: CaseItem): Promise<never> {
  const [view] = await caseViews(deps, tx, [current]);
  throw new DomainError('STALE_VERSION', 'Somebody else changed the case in the meantime.', {
    current: view && CaseView.toJSON(view),
    by: current.editedBy,
    at: current.editedAt.toISOString(),
  });
}
