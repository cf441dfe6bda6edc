import {
  type Actor,
  addNote,
  type CaseDecision,
  type CaseItem,
  type CaseNoteItem,
  type CasePlace as Place,
  followedBy,
  type HandOver,
  type HandOverWords,
  missingOutputs,
  mustBeWorkable,
  mustHaveOutputs,
  next,
  type Output,
} from '@tom/workflow';

/** Ids and time of what is about to happen, and who does it. */
export interface TransferOrigin {
  readonly id: string;
  readonly noteId: string;
  readonly actor: Actor;
  readonly now: Date;
}

export interface HandOverDecision extends CaseDecision {
  readonly handOver: HandOver;
  readonly note: CaseNoteItem;
}

/** Gives the case to another engine; nobody owns it until somebody there claims it. */
export function handOver(
  item: CaseItem,
  outputs: readonly Output[],
  to: Place,
  words: HandOverWords,
  { id, noteId, actor, now }: TransferOrigin,
): HandOverDecision {
  mustBeWorkable(item, actor);
  mustHaveOutputs(missingOutputs(item, outputs));
  const given = next(item, { ...placedAt(to), outputsDemanded: false });
  const { caseId } = item;
  const link: HandOver = {
    ...words,
    kind: 'handover',
    id,
    caseId,
    revision: given.revision,
    from: placeOf(item),
    to,
    at: now,
    by: actor.id,
  };
  const note = { noteId, caseId, noteType: 'handover', body: handOverNote(words), createdAt: now, createdBy: actor.id };
  const told: CaseDecision = { next: given, events: [{ kind: 'handed_over', item: given, handOver: link }] };
  return { ...followedBy(told, (current) => addNote(current, note)), handOver: link, note };
}

/** A hand-over was tried and refused: what is missing is demanded from now on. */
export function demandOutputs(item: CaseItem): CaseItem {
  return { ...item, outputsDemanded: true };
}

export function placeOf(item: CaseItem): Place {
  return { engine: item.engine, role: item.ownerRole, queue: item.ownerQueue, phase: item.phase };
}

/** The case at another place: nobody owns it until somebody there claims it. */
export function placedAt(place: Place): Partial<CaseItem> {
  const { engine, role, queue, phase } = place;
  return {
    engine,
    phase,
    ownerRole: role,
    ownerQueue: queue,
    owner: undefined,
    ownedSince: undefined,
    claimedRole: undefined,
  };
}

/** A note is one text, and these are the sender's own words: marks stand where labels would need a language. */
function handOverNote({ goal, context, openPoints, recommendation }: HandOverWords): string {
  return [goal, context, bullets(openPoints), `→ ${recommendation}`].filter((part) => part !== '').join('\n\n');
}

/** A list as a note shows it. */
export const bullets = (lines: readonly string[]): string => lines.map((line) => `– ${line}`).join('\n');
