import { deriveId } from '@tom/kernel';
import { addNote, close, followedBy, type CaseDecision, type CaseItem, type CaseNoteItem } from './case.ts';

/** A stage that was refused to whoever asked for it, and what the company is in instead. */
export interface RefusedStage {
  readonly toStage: string;
  readonly code: string;
  readonly currentStage: string;
}

/** Takes back the case whose opening asked for a stage in vain: closed as CANCELLED, with a note that says why. */
export function undoOpening(
  opened: CaseItem,
  eventId: string,
  { toStage, code, currentStage }: RefusedStage,
  now: Date,
): { readonly decision: CaseDecision; readonly note: CaseNoteItem } {
  const note = {
    noteId: deriveId('case_note', eventId, opened.caseId),
    caseId: opened.caseId,
    noteType: 'system',
    body:
      `Der Wechsel nach ${toStage} kam zu spät oder wurde abgelehnt (${code}, jetzt ${currentStage}); ` +
      'der Fall wurde zurückgenommen.',
    createdAt: now,
    createdBy: 'service:workflow-service',
  };
  return { note, decision: followedBy(addNote(opened, note), (item) => close(item, { code: 'CANCELLED' }, now)) };
}
