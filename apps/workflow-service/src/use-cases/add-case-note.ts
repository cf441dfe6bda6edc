import { newId } from '@tom/kernel';
import type { Tx } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import { addNote, type CaseNoteItem, mustBeOpen, wasErased } from '@tom/workflow';
import { insertNote } from '../adapters/note-table.ts';
import type { Deps } from '../deps.ts';
import { changeCase } from './change-case.ts';

/** Adds a remark to an open case; none to one of a company whose data was erased. */
export async function addCaseNote(
  deps: Deps,
  tx: Tx,
  call: CallContext,
  { erased, ...command }: { readonly caseId: string; readonly noteType: string; readonly body: string; readonly erased: boolean },
): Promise<CaseNoteItem> {
  const note: CaseNoteItem = { ...command, noteId: newId(), createdAt: deps.clock.now(), createdBy: call.caller.id };
  await changeCase(deps, tx, call, {
    caseId: command.caseId,
    right: 'write_notes',
    rule: (item) => {
      mustBeOpen(item);
      if (erased) throw wasErased();
      return addNote(item, note);
    },
  });
  await insertNote(tx, note);
  return note;
}
