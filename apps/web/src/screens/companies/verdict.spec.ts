import { describe, expect, it } from 'vitest';
import type { StageExplanation, Transition } from '../../api/index.ts';
import { verdictOf } from './verdict.ts';

const rule = { rule: 'NEXT_STEP', met: false, message: { de: 'Ein nächster Schritt ist vereinbart.', en: 'A next step is agreed.' } };
const way = (to: string, given: Partial<Transition> = {}): Transition => ({ to, allowed: true, needsReason: false, reasonCodes: [], rules: [], unmet: [], ...given });
const explained: StageExplanation = {
  currentStage: 'QUALIFYING',
  since: '2026-11-18T08:00:00.000Z',
  path: [],
  transitions: [way('QUALIFIED_LEAD', { allowed: false, rules: [rule], unmet: [rule] }), way('DISQUALIFIED', { needsReason: true }), way('ARCHIVED')],
};

describe('what a column says to a card', () => {
  it.each([
    ['QUALIFYING', { kind: 'here' }],
    ['QUALIFIED_LEAD', { kind: 'open', count: 1 }],
    ['DISQUALIFIED', { kind: 'allowed', needsReason: true }],
    ['ARCHIVED', { kind: 'allowed', needsReason: false }],
    ['CUSTOMER', { kind: 'impossible' }],
  ])('%s', (stage, verdict) => {
    expect(verdictOf(explained, stage)).toEqual(verdict);
  });

  it('is nothing before the server has answered', () => {
    expect(verdictOf(undefined, 'CUSTOMER')).toEqual({ kind: 'unknown' });
  });
});
