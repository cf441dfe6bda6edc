import type { Transition } from '../api/index.ts';
import type { ChangedRule } from './preview.ts';

/** The stages whose every open rule would be met, and so could be gone to. */
export function becomesPossible(transitions: readonly Pick<Transition, 'to' | 'unmet'>[], changed: readonly ChangedRule[]): readonly string[] {
  const met = (to: string, rule: string) => changed.some((each) => each.to === to && each.rule === rule && each.after);
  return transitions.filter(({ to, unmet }) => unmet.length > 0 && unmet.every(({ rule }) => met(to, rule))).map(({ to }) => to);
}
