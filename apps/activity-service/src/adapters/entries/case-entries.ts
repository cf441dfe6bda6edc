import {
  CaseClaimed,
  CaseClosed,
  CaseEscalated,
  CaseHandedOver,
  CaseNoteAdded,
  CaseOpened,
  CasePhaseChanged,
  CaseReleased,
  CaseRequirementFulfilled,
  CaseReturned,
  CaseStatusChanged,
} from '@tom/contracts/messages';
import type { Catalog } from '@tom/catalog';
import type { Text } from '@tom/kernel';
import { labelOf, teller, titled, type Teller, type Told } from './entry.ts';

interface CaseOfEvent {
  readonly caseId: string;
  readonly caseType: string;
  readonly engine: string;
}

function ofCase(kind: 'CASE' | 'HANDOVER', { caseId }: CaseOfEvent, title: Text, detail?: string): Told {
  return { kind, title, detail, source: { type: 'case', id: caseId }, caseId };
}

/** Why a case needs attention. */
const ESCALATIONS: ReadonlyMap<string, { readonly label: Text }> = new Map([
  ['DUE_DATE_PASSED', { label: { de: 'Frist abgelaufen', en: 'due date passed' } }],
  ['RETURNED_TOO_OFTEN', { label: { de: 'mehr als zweimal zurückgegeben', en: 'returned more than twice' } }],
  ['RULE', { label: { de: 'durch eine Regel', en: 'by a rule' } }],
]);

const typeLabel = (catalog: Catalog, { caseType }: CaseOfEvent): Text => labelOf(catalog.codes.caseTypes, caseType);

/** Cases, their notes, and their hand-overs. */
export const caseTellers: readonly Teller[] = [
  teller(
    CaseOpened,
    ({ case: opened }, catalog) =>
      ofCase('CASE', opened, titled('Fall eröffnet', 'Case opened', typeLabel(catalog, opened))),
  ),
  teller(
    CaseClaimed,
    ({ case: claimed }, catalog) =>
      ofCase('CASE', claimed, titled('Fall übernommen', 'Case claimed', typeLabel(catalog, claimed))),
  ),
  teller(
    CaseReleased,
    ({ case: released }, catalog) =>
      ofCase('CASE', released, titled('Fall freigegeben', 'Case released', typeLabel(catalog, released))),
  ),
  teller(CaseClosed, ({ case: closed }, catalog) => {
    const title = titled('Fall geschlossen', 'Case closed', typeLabel(catalog, closed));
    const outcome = closed.outcomeCode === undefined
      ? undefined
      : labelOf(catalog.codes.outcomeCodes, closed.outcomeCode);
    const withOutcome = outcome ? { de: `${title.de} · ${outcome.de}`, en: `${title.en} · ${outcome.en}` } : title;
    return ofCase('CASE', closed, withOutcome, closed.outcomeNote);
  }),
  teller(
    CaseEscalated,
    ({ case: escalated, reason }) =>
      ofCase('CASE', escalated, titled('Fall eskaliert', 'Case escalated', labelOf(ESCALATIONS, reason))),
  ),
  teller(CaseStatusChanged, ({ case: changed, previousStatus }, catalog) => {
    // CaseEscalated tells this, with its reason; only what a block had hidden has no other word.
    if (changed.status === 'ESCALATED' && previousStatus !== 'BLOCKED') return undefined;
    return ofCase('CASE', changed, titled('Fallstatus', 'Case status', labelOf(catalog.codes.caseStatuses, changed.status)));
  }),
  teller(CaseRequirementFulfilled, ({ case: item, key, description }, catalog) => {
    const outputs = catalog.engines.get(item.engine)?.phases.flatMap((phase) => phase.outputs) ?? [];
    const known = outputs.find((output) => output.key === key)?.description;
    const told = { de: 'Ergebnis geliefert', en: 'Output supplied' };
    if (known) return ofCase('CASE', item, titled(told.de, told.en, known));
    // Of a template, or in the words of whoever returned the case: those go when people's words are erased.
    return { ...ofCase('CASE', item, told), name: description?.de };
  }),
  teller(CasePhaseChanged, ({ case: moved }, catalog) => {
    const phases = [...catalog.engines.values()].flatMap((engine) => engine.phases);
    const phase = phases.find((candidate) => candidate.phase === moved.phase);
    return ofCase(
      'CASE',
      moved,
      titled('Neue Phase', 'New phase', phase?.label ?? { de: moved.phase ?? '–', en: moved.phase ?? '–' }),
    );
  }),
  teller(
    CaseHandedOver,
    ({ case: handedOver, goal }, catalog) =>
      ofCase(
        'HANDOVER',
        handedOver,
        titled('Übergabe an', 'Handed over to', labelOf(catalog.engines, handedOver.engine)),
        goal,
      ),
  ),
  teller(
    CaseReturned,
    ({ case: returned, reason }, catalog) =>
      ofCase(
        'HANDOVER',
        returned,
        titled('Zurückgegeben an', 'Returned to', labelOf(catalog.engines, returned.engine)),
        reason || undefined,
      ),
  ),
  teller(CaseNoteAdded, ({ note }, catalog) => ({
    kind: 'NOTE',
    title: labelOf(catalog.codes.noteTypes, note.noteType),
    detail: note.body,
    source: { type: 'note', id: note.noteId },
    caseId: note.caseId,
  })),
];
