import type { StageExplanation, Transition } from '../../api/index.ts';

/** What a stage says to a company that is about to be moved there. */
export type Verdict =
  | { readonly kind: 'unknown' | 'here' | 'impossible' }
  | { readonly kind: 'allowed'; readonly needsReason: boolean }
  | { readonly kind: 'open'; readonly count: number };

/** `explained` is undefined for as long as it has not been answered. */
export function verdictOf(explained: StageExplanation | undefined, to: string): Verdict {
  if (!explained) return { kind: 'unknown' };
  if (explained.currentStage === to) return { kind: 'here' };
  const transition = explained.transitions.find((each) => each.to === to);
  return transition ? verdictOn(transition) : { kind: 'impossible' };
}

export function verdictOn({ allowed, unmet, needsReason }: Transition): Verdict {
  return allowed || unmet.length === 0 ? { kind: 'allowed', needsReason } : { kind: 'open', count: unmet.length };
}
