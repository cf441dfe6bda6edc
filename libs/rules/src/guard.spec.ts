import { describe, expect, it } from 'vitest';
import { compileCondition, compileExpression, evaluateGuard, type FactSchema, type GuardRule } from './index.ts';

const schema = { calls: 'int', steps: 'int' } as const satisfies FactSchema;
const text = (words: string) => ({ de: `${words} (de)`, en: words });

const contactLogged: GuardRule = {
  rule: 'CONTACT_LOGGED',
  condition: compileCondition('calls > 0', schema),
  message: text('A contact is logged.'),
  hint: text('Log a call.'),
  value: compileExpression('calls', schema),
  fix: { action: 'LOG_ACTIVITY', params: { activityTypes: ['CALL'] } },
};
const nextStep: GuardRule = {
  rule: 'NEXT_STEP',
  condition: compileCondition('steps > 0', schema),
  message: text('There is a next step.'),
};

describe('a guard', () => {
  it('names every unmet rule, not the first, with value, hint and fix', () => {
    const verdict = evaluateGuard([contactLogged, nextStep], { calls: 0, steps: 0 });
    expect(verdict.ok).toBe(false);
    expect(verdict.unmet).toEqual([
      {
        rule: 'CONTACT_LOGGED',
        met: false,
        message: contactLogged.message,
        value: 0,
        hint: contactLogged.hint,
        fix: contactLogged.fix,
      },
      { rule: 'NEXT_STEP', met: false, message: nextStep.message },
    ]);
    expect(verdict.rules).toEqual(verdict.unmet);
  });

  it('lists met rules too, without hint and fix', () => {
    const verdict = evaluateGuard([contactLogged, nextStep], { calls: 2, steps: 0 });
    expect(verdict.rules[0]).toEqual({ rule: 'CONTACT_LOGGED', met: true, message: contactLogged.message, value: 2 });
    expect(verdict.unmet.map((rule) => rule.rule)).toEqual(['NEXT_STEP']);
  });

  it('is met when all rules are, and when there are none', () => {
    expect(evaluateGuard([contactLogged, nextStep], { calls: 1, steps: 1 })).toMatchObject({ ok: true, unmet: [] });
    expect(evaluateGuard([], {})).toEqual({ ok: true, rules: [], unmet: [] });
  });
});
