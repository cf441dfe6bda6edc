import type { Case } from '../../api/index.ts';

export type Output = Case['phases'][number]['outputs'][number];

/** The outputs of the phase that the case is in. */
export function currentOutputs(item: Case): readonly Output[] {
  return item.phases.find(({ phase }) => phase === item.phase)?.outputs ?? [];
}

/** What the gate would name: mandatory outputs of the current phase without a value. */
export function missingOutputs(item: Case): readonly Output[] {
  return currentOutputs(item).filter(({ mandatory, fulfilled }) => mandatory && !fulfilled);
}

/** The phase after the current one; undefined in the last. */
export function nextPhase(item: Case): Case['phases'][number] | undefined {
  const at = item.phases.findIndex(({ phase }) => phase === item.phase);
  return at < 0 ? undefined : item.phases[at + 1];
}
