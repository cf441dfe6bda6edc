import { describe, expect, it } from 'vitest';
import { allOf, compileCondition, renamed, waysOf, type Known } from './index.ts';

const schema = { a: 'string', n: 'int', b: 'bool', e: { o: 'string?' }, d: 'double', l: 'list<string>' } as const;
const waysFor = (condition: string, known: Known = {}) => {
  const alternatives = compileCondition(condition, schema).alternatives();
  if (!alternatives) throw new Error('Too many alternatives');
  return waysOf(alternatives, known);
};

describe('what can be true', () => {
  it.each([
    "a == 'x' && a != 'x'",
    "!(a == 'x' || a != 'x')",
    'b && !b',
    'n > 2 && n < 3',
    '2 >= n && -1 + n > 5 && !(-1 + n > 5)',
    "(a == 'x' ? b : false) && !b",
    "a in ['x', 'y'] && !(a in ['y', 'x', 'z'])",
    "'x' in l && !('x' in l)",
  ])('is never: %s', (condition) => {
    expect(waysFor(condition).ways).toEqual([]);
  });

  it.each(["a == 'x' || a == 'y'", 'n > 2 && n < 4', 'd > 2.0 && d < 3.0', "has(e.o) && e.o == 'x'", "a in ['x'] ? b : !b"])('may be: %s', (condition) => {
    expect(waysFor(condition).ways.length).toBeGreaterThan(0);
  });

  it('is told with what it still depends on', () => {
    const known = { values: { a: ['x'], 'e.o': ['p', 'q'] }, present: new Set(['e.o']) };
    expect(waysFor("a == 'x'", known).ways).toEqual([{ open: new Set(), unclear: false }]);
    expect(waysFor("a == 'x' && has(e.o) && e.o == 'p'", known).ways).toEqual([{ open: new Set(['e.o']), unclear: false }]);
    expect(waysFor("a.startsWith('x')", known).ways).toEqual([{ open: new Set(), unclear: true }]);
  });

  it('names the first contradiction and where it stands', () => {
    const found = waysFor("b && a == 'z'", { values: { a: ['x', 'y'] } });
    expect(found).toEqual({ ways: [], contradiction: { offset: 5, reason: "a cannot be 'z' here" } });
  });

  it('has too many alternatives to tell at some point', () => {
    const pair = (index: number) => `(n == ${index} || n == ${index + 100})`;
    const condition = compileCondition(Array.from({ length: 9 }, (_, index) => pair(index)).join(' && '), schema);
    expect(condition.alternatives()).toBeUndefined();
  });

  it('holds for several conditions at once, each over facts of its own where they are renamed', () => {
    const [one, other] = ["a == 'x' && b", "a == 'y' && b"].map((text) => compileCondition(text, schema).alternatives() ?? []) as [never, never];
    expect(waysOf(allOf([one, other]) ?? [], {}).ways).toEqual([]);
    const apart = renamed(other, (path) => (path === 'a' ? 'a2' : undefined));
    expect(waysOf(allOf([one, apart]) ?? [], {}).ways).toEqual([{ open: new Set(['a', 'b', 'a2']), unclear: false }]);
  });
});
