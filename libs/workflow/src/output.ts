import { DomainError, type UnmetRule } from '@tom/kernel';
import { enterPhase, mustBeWorkable, next, type Actor, type CaseDecision, type CaseItem } from './case.ts';
import type { Output } from './requirement.ts';
import type { LeadingEngine } from './template.ts';

const FULFIL_HINT = { de: 'Liefern Sie dieses Ergebnis.', en: 'Supply this output.' };

/**
 * What the leading engine still owes before the case may leave these phases: their mandatory outputs, and whatever a
 * return named. The statements that answer the same for many cases say it in SQL (case-table.ts, case-query.ts).
 */
export function missingOutputs(
  item: Pick<CaseItem, 'engine' | 'phase'>,
  outputs: readonly Output[],
  phases: readonly (string | undefined)[] = [item.phase],
): readonly Output[] {
  return outputs.filter(
    (output) =>
      output.engine === item.engine &&
      output.fulfilledAt === undefined &&
      (output.demanded || (output.mandatory && phases.includes(output.phase))),
  );
}

/** Each missing output as the rule that it leaves unmet. */
export function unmetOutputs(missing: readonly Output[]): readonly UnmetRule[] {
  return missing.map((output) => ({
    rule: output.key,
    met: false,
    message: { de: output.descriptionDe, en: output.descriptionEn },
    hint: FULFIL_HINT,
    fix: { action: 'FULFIL_REQUIREMENT', params: { caseId: output.caseId, requirementId: output.requirementId } },
  }));
}

/** The gate of a phase: everything that it owes is there, else every missing output is named. */
export function mustHaveOutputs(missing: readonly Output[]): void {
  if (missing.length === 0) return;
  throw DomainError.rulesUnmet('Mandatory outputs are missing.', unmetOutputs(missing));
}

/**
 * What an outcome needs by its template and the case does not have. More than one engine may have brought an output of
 * that name; the leading one's is what to fulfil.
 */
export function missingForOutcome(
  item: Pick<CaseItem, 'engine'>,
  outputs: readonly Output[],
  requires: readonly string[],
): readonly Output[] {
  return requires.flatMap((key) => {
    const named = outputs.filter((output) => output.key === key);
    if (named.some((output) => output.fulfilledAt !== undefined)) return [];
    const wanted = named.find((output) => output.engine === item.engine) ?? named[0];
    return wanted ? [wanted] : [];
  });
}

export interface OutputDecision extends CaseDecision {
  /** The outputs that differ now. */
  readonly outputs: readonly Output[];
}

/** Says what an output is. Saying it again replaces it; the same by the same person changes nothing. */
export function fulfil(item: CaseItem, output: Output, value: string, actor: Actor, now: Date): OutputDecision {
  mustBeWorkable(item, actor);
  if (output.engine !== item.engine) {
    throw DomainError.stateRefused('The output belongs to an engine that does not lead the case now.', item.status);
  }
  if (output.fulfilledValue === value && output.fulfilledBy === actor.id) return { next: item, events: [], outputs: [] };
  const fulfilled = { ...output, demanded: false, fulfilledValue: value, fulfilledBy: actor.id, fulfilledAt: now };
  const told = next(item, {});
  return { next: told, events: [{ kind: 'fulfilled', item: told, output: fulfilled }], outputs: [fulfilled] };
}

/** Goes on to a later phase, once everything before it is there: skipping a phase skips none of its outputs. */
export function advance(
  item: CaseItem,
  phase: string,
  engine: Pick<LeadingEngine, 'phases'>,
  outputs: readonly Output[],
  actor: Actor,
): CaseDecision {
  mustBeWorkable(item, actor);
  if (phase === item.phase) return { next: item, events: [] };
  const phases = engine.phases.map((known) => known.phase);
  const from = item.phase === undefined ? 0 : phases.indexOf(item.phase);
  const to = phases.indexOf(phase);
  if (to < from) {
    throw DomainError.rulesUnmet('A case only goes on to a later phase.', [
      {
        rule: 'PHASE_AHEAD',
        met: false,
        message: { de: 'Ein Fall geht nur in eine spätere Phase weiter.', en: 'A case only goes on to a later phase.' },
        hint: { de: 'Zurück geht ein Fall mit einer Rückgabe.', en: 'A case goes back by being returned.' },
      },
    ]);
  }
  mustHaveOutputs(missingOutputs(item, outputs, phases.slice(from, to)));
  return enterPhase(item, phase);
}
