import { expect, it } from 'vitest';
import { becomesPossible } from './becomes-possible.ts';

const text = { de: '', en: '' };
const open = (rule: string) => ({ rule, met: false, message: text });
const change = (to: string, rule: string, after = true) => ({ to, rule, message: text, before: !after, after });

it('a stage becomes possible when the last of its open rules is met, and only by rules of its own', () => {
  const transitions = [
    { to: 'QUALIFIED_LEAD', unmet: [open('CONTACT'), open('NEXT_STEP')] },
    { to: 'DORMANT', unmet: [open('NEXT_STEP')] },
    { to: 'DISQUALIFIED', unmet: [] },
  ];
  expect(becomesPossible(transitions, [])).toEqual([]);
  expect(becomesPossible(transitions, [change('QUALIFIED_LEAD', 'CONTACT'), change('QUALIFIED_LEAD', 'NEXT_STEP')])).toEqual(['QUALIFIED_LEAD']);
  expect(becomesPossible(transitions, [change('QUALIFIED_LEAD', 'CONTACT'), change('QUALIFIED_LEAD', 'NEXT_STEP', false), change('DORMANT', 'NEXT_STEP')])).toEqual(['DORMANT']);
});
