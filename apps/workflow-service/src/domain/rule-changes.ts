/** What an explanation of a stage says of one transition. */
export interface ExplainedTransition<R extends ExplainedRule> {
  readonly to: string;
  readonly rules: readonly R[];
}

export interface ExplainedRule {
  readonly rule: string;
  readonly met: boolean;
}

/** Rules that guard the same transition before and after, and whose answer differs. */
export function changedRules<R extends ExplainedRule>(
  before: readonly ExplainedTransition<R>[],
  after: readonly ExplainedTransition<R>[],
): readonly { readonly to: string; readonly before: R; readonly after: R }[] {
  return after.flatMap(({ to, rules }) => {
    const known = before.find((transition) => transition.to === to)?.rules ?? [];
    return rules.flatMap((rule) => {
      const old = known.find((one) => one.rule === rule.rule);
      return old === undefined || old.met === rule.met ? [] : [{ to, before: old, after: rule }];
    });
  });
}
