import { DomainError } from '@tom/kernel';
import {
  addNote,
  type CaseDecision,
  type CaseItem,
  type CaseNoteItem,
  type CasePlace as Place,
  escalate,
  followedBy,
  mustBeWorkable,
  next,
  type Output,
  type Return,
  returnedTooOften,
  returnTarget,
  type Transfer,
} from '@tom/workflow';
import { bullets, placedAt, placeOf, type TransferOrigin } from './hand-over.ts';

/** How the keys of outputs begin that a return made. */
const RETURNED_KEY = 'returned_';

export interface ReturnDecision extends CaseDecision {
  readonly returned: Return;
  readonly note: CaseNoteItem;
  /** Outputs that are wanted once more, and new ones. */
  readonly outputs: readonly Output[];
}

/**
 * Gives the case back to where it came from. Outputs named by their id are wanted once more; other words become a new
 * mandatory output there, unless an earlier return said the same.
 */
export function returnCase(
  item: CaseItem,
  chain: readonly Transfer[],
  outputs: readonly Output[],
  command: { readonly reason: string; readonly missing: readonly string[]; readonly newIds: () => string },
  { id, noteId, actor, now }: TransferOrigin,
): ReturnDecision {
  mustBeWorkable(item, actor);
  const target = returnTarget(chain);
  if (!target) throw nothingToReturn();
  const { reason, missing } = command;
  const wanted = wantedAgain(item, target, outputs, missing, command.newIds);
  const given = next(item, { ...placedAt(target), outputsDemanded: true, returnCount: item.returnCount + 1 });
  const { caseId } = item;
  const link: Return = {
    kind: 'return',
    id,
    caseId,
    revision: given.revision,
    from: placeOf(item),
    to: target,
    at: now,
    by: actor.id,
    reason,
    missing,
  };
  const body = [reason, bullets(wanted.map((output) => output.descriptionDe))].join('\n\n');
  const note = { noteId, caseId, noteType: 'return', body, createdAt: now, createdBy: actor.id };
  const told: CaseDecision = { next: given, events: [{ kind: 'returned', item: given, returned: link }] };
  const noted = followedBy(told, (current) => addNote(current, note));
  const tooOften = returnedTooOften(given) && !returnedTooOften(item);
  const decision = tooOften ? followedBy(noted, (current) => escalate(current, 'RETURNED_TOO_OFTEN')) : noted;
  return { ...decision, returned: link, note, outputs: wanted };
}

/** What a return may name by its id: the outputs of the engine that it goes back to. */
export function outputsAt(target: Place, outputs: readonly Output[]): readonly Output[] {
  return outputs.filter((output) => output.engine === target.engine);
}

function wantedAgain(
  item: CaseItem,
  target: Place,
  outputs: readonly Output[],
  missing: readonly string[],
  newId: () => string,
): readonly Output[] {
  const there = outputsAt(target, outputs);
  const phase = target.phase ?? '';
  let position = Math.max(-1, ...outputs.map((output) => output.position));
  let returned = outputs.filter((output) => output.key.startsWith(RETURNED_KEY)).length;
  const wanted = new Map<string, Output>();
  for (const entry of missing) {
    const known =
      there.find((output) => output.requirementId === entry) ??
      [...there, ...wanted.values()].find((output) => output.key.startsWith(RETURNED_KEY) && output.descriptionDe === entry);
    const output = known ?? {
      requirementId: newId(),
      caseId: item.caseId,
      engine: target.engine,
      phase,
      position: (position += 1),
      key: `${RETURNED_KEY}${(returned += 1)}`,
      outputType: 'information',
      // A person's words: they are the same in every language.
      descriptionDe: entry,
      descriptionEn: entry,
      mandatory: true,
    };
    const unfulfilled = { fulfilledValue: undefined, fulfilledBy: undefined, fulfilledAt: undefined };
    wanted.set(output.requirementId, { ...output, ...unfulfilled, demanded: true });
  }
  return [...wanted.values()];
}

function nothingToReturn(): DomainError {
  return DomainError.rulesUnmet('The case was not handed over: there is nobody to return it to.', [
    {
      rule: 'HANDED_OVER',
      met: false,
      message: {
        de: 'Der Fall wurde nicht übergeben: Es gibt niemanden, an den er zurückgehen kann.',
        en: 'The case was not handed over: there is nobody to return it to.',
      },
    },
  ]);
}
