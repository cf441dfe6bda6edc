import type { Text, UnmetRule } from '@tom/kernel';
import type { Condition, Expression } from './condition.ts';
import type { Facts } from './facts.ts';

/** One rule of a guard: when it is met, what it says, what would satisfy it. */
export interface GuardRule {
  readonly rule: string;
  readonly condition: Condition;
  readonly message: Text;
  readonly hint?: Text;
  /** The present value to show beside the message. */
  readonly value?: Expression;
  readonly fix?: { readonly action: string; readonly params: Readonly<Record<string, unknown>> };
}

export interface GuardVerdict {
  readonly ok: boolean;
  /** Every rule, met or not, in the order given. */
  readonly rules: readonly UnmetRule[];
  readonly unmet: readonly UnmetRule[];
}

/** Judges all rules on the same facts, never stopping at the first; hint and fix come with the unmet ones. */
export function evaluateGuard(rules: readonly GuardRule[], facts: Facts): GuardVerdict {
  const results = rules.map((rule) => judge(rule, facts));
  const unmet = results.filter((result) => !result.met);
  return { ok: unmet.length === 0, rules: results, unmet };
}

function judge(rule: GuardRule, facts: Facts): UnmetRule {
  const met = rule.condition.evaluate(facts);
  return {
    rule: rule.rule,
    met,
    message: rule.message,
    ...(rule.value && { value: rule.value.evaluate(facts) }),
    ...(!met && rule.hint && { hint: rule.hint }),
    ...(!met && rule.fix && { fix: rule.fix }),
  };
}
