import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition, compileExpression, ExpressionError, type FactSchema } from './index.ts';

const schema = {
  org: {
    kind: 'string',
    name: 'string?', score: 'int', ratio: 'double',
    since: 'timestamp',
    tags: 'list<string>',
    sizes: 'list<int>',
    address: { city: 'string?', floor: 'int?' },
  },
  flag: 'bool',
} as const satisfies FactSchema;

const facts = {
  org: {
    kind: 'customer',
    name: 'Kessler & Vogt',
    score: 3,
    ratio: 0.5,
    since: '2026-03-01T08:00:00.000Z',
    tags: ['a', 'b'],
    sizes: [1, 2],
    address: { city: 'Köln' },
  },
  flag: true,
};

const holds = (source: string, given: object = facts) => compileCondition(source, schema).evaluate({ ...given });

function refusal(source: string): ExpressionError {
  try {
    compileCondition(source, schema);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error(`${source} was accepted`);
}

describe('a condition', () => {
  it.each([
    ['org.score == 3', true],
    ['org.score > 2 && org.score < 4', true],
    ['org.score + 1 == 4', true],
    ['org.score >= 3.0', true],
    ['org.ratio * 2.0 == 1.0', true],
    ["org.kind in ['customer', 'supplier']", true],
    ["'c' in org.tags", false],
    ["org.tags.exists(t, t == 'b')", true],
    ['org.tags.all(t, size(t) == 1)', true],
    ['org.sizes.exists(s, s == org.score - 1)', true],
    ["org.since < timestamp('2026-03-01T08:00:00.001Z')", true],
    ["timestamp('2026-03-02T08:00:00Z') - org.since == duration('24h')", true],
    ["re2(org.kind, '^cust')", true],
    ["re2(org.kind, '^ust')", false],
    ["flag ? org.kind == 'customer' : false", true],
    ["has(org.name) && org.name.startsWith('Kessler')", true],
    ['org.score / 2 == 1', true],
  ])('%s is %s', (source, expected) => {
    expect(holds(source)).toBe(expected);
  });

  it('counts an int given as a JavaScript number or as a BigInt as a CEL int', () => {
    const condition = compileCondition('org.score == 3', schema);
    expect(condition.evaluate({ org: { score: 3 } })).toBe(true);
    expect(condition.evaluate({ org: { score: 3n } })).toBe(true);
  });

  it('answers false through has() wherever on the way something is missing', () => {
    const condition = compileCondition("has(org.address.city) && org.address.city == 'Köln'", schema);
    expect(condition.evaluate(facts)).toBe(true);
    expect(condition.evaluate({ org: { address: {} } })).toBe(false);
    expect(condition.evaluate({ org: { address: null } })).toBe(false);
    expect(condition.evaluate({ org: {} })).toBe(false);
    expect(condition.evaluate({})).toBe(false);
    expect(condition.evaluate({ org: { address: { city: null } } })).toBe(false);
  });

  it.each([
    "!has(org.name) || org.name == 'x'",
    "has(org.name) ? org.name == 'x' : true",
    "!has(org.name) ? true : org.name == 'x'",
    "(has(org.name) && flag) && org.name == 'x'",
    "!(has(org.name) && flag) || org.name == 'x'",
    'flag && has(org.name) && org.tags.exists(t, t == org.name)',
  ])('knows that the fact is there in %s', (source) => {
    expect(() => holds(source, { org: { tags: ['x'] }, flag: true })).not.toThrow();
  });

  it.each([
    ["org.name == 'x'", 0],
    ["has(org.name) || org.name == 'x'", 17],
    ["flag && org.address.city == 'x'", 8],
    ["has(org.address.floor) && org.address.city == 'x'", 26],
    ["org.name == 'x' && has(org.name)", 0],
    ["org.tags.exists(t, has(org.name)) && org.name == 'x'", 37],
    ["!(has(org.name) || flag) || org.name == 'x'", 28],
  ])('refuses to read what may be missing: %s', (source, offset) => {
    const error = refusal(source);
    expect(error.message).toMatch(/^org\.(name|address\.city) may be missing\.$/);
    expect(error.offset).toBe(offset);
    expect(error.expected).toContain('has(');
  });

  it('never looks at inherited properties or at facts that are not declared', () => {
    expect(() => compileCondition('org.score == 3', schema).evaluate({ org: Object.create({ score: 3 }) as object })).toThrow(
      'Fact org.score is missing.',
    );
    const polluted = JSON.parse('{"org":{"score":3,"__proto__":{"score":4}},"__proto__":{"flag":false}}') as Record<string, unknown>;
    expect(compileCondition('org.score == 3', schema).evaluate(polluted)).toBe(true);
  });

  it.each([
    ['org.score == 3', { org: { score: '3' } }, 'Fact org.score must be int, is string.'],
    ['org.score == 3', { org: { score: 3.5 } }, 'Fact org.score must be int, is number.'],
    ['org.score == 3', { org: { score: 2 ** 53 } }, 'Fact org.score must be int, is number.'],
    ['org.score == 3', {}, 'Fact org.score is missing.'],
    ["'a' in org.tags", { org: { tags: 'a' } }, 'Fact org.tags must be list<string>, is string.'],
    ["'a' in org.tags", { org: { tags: ['a', 1] } }, 'Fact org.tags[1] must be string, is number.'],
    [
      "org.since == timestamp('2026-01-01T00:00:00Z')",
      { org: { since: 'soon' } },
      'Fact org.since must be timestamp, is string.',
    ],
    ['flag', { flag: 1 }, 'Fact flag must be bool, is number.'],
  ])('calls facts that do not fit a fault: %s with %j', (source, given, message) => {
    expect(() => holds(source, given)).toThrow(message);
    expect(() => holds(source, given)).not.toThrow(ExpressionError);
  });
});

describe('the check', () => {
  it.each([
    ['', 0, 'Unexpected token: EOF.', 'a CEL expression over the declared facts'],
    ['org.score >', 11, 'Unexpected token: EOF.', 'a CEL expression over the declared facts'],
    ['org.score = 3', 10, 'Unexpected character: =.', 'a CEL expression over the declared facts'],
    ['nope == 1', 0, 'There is no fact nope.', 'one of org, flag'],
    ['flag && org.nope == 1', 12, 'There is no fact org.nope.', 'one of org.kind, org.name, org.score'],
    ['has(org.nope)', 8, 'There is no fact org.nope.', 'one of org.kind'],
    ['org.address.nope == 1', 12, 'There is no fact org.address.nope.', 'one of org.address.city, org.address.floor'],
    ['org.score.nope == 1', 10, 'There is no fact org.score.nope.', 'nothing after org.score'],
    ['org == org', 0, 'org is a group of facts.', 'one of org.kind'],
    ['has(org.address)', 4, 'org.address is a group of facts.', 'one of org.address.city'],
    ['has(flag)', 0, 'has() asks for one fact.', 'has(org.kind)'],
    ['org.score', 0, 'The condition gives int.', 'a condition that gives bool'],
    ["org.score == 'x'", 0, 'no such overload: int == string.', "2 for int, 2.0 for double, 'x' for string"],
    ['org.ratio == 1', 0, 'no such overload: double == int.', '2.0 for double'],
    ["org.kind == 'a' && org.score", 0, 'Logical operator requires bool operands', 'bool on both sides'],
    ["org.kind.matches('(a+)+$')", 9, 'matches() is not available.', "re2(text, 'pattern')"],
    ["matches(org.kind, 'a')", 0, 'matches() is not available.', "re2(text, 'pattern')"],
    ['re2(org.kind, org.kind)', 14, 'The pattern must be written out.', "re2(text, 'pattern')"],
    ["re2(org.kind, '(')", 14, 'The pattern cannot be used', 'an RE2 pattern'],
    ["re2(org.kind, '(?=a)')", 14, 'The pattern cannot be used', 'an RE2 pattern'],
    [`re2(org.kind, '${'a'.repeat(201)}')`, 14, 'The pattern cannot be used', 'at most 200 characters'],
    ['int(org.kind) == 1', 0, 'int() is not available.', 'one of duration, has, re2, size, string, timestamp'],
    ["org.kind.split(',').size() > 1", 9, 'split() is not available.', 'one of all, contains'],
    ["timestamp('soon') < org.since", 10, 'timestamp() needs it written out.', "timestamp('2026-01-31T08:00:00Z')"],
    ['timestamp(org.kind) < org.since', 10, 'timestamp() needs it written out.', "timestamp('"],
    ["org.since - org.since < duration('soon')", 33, 'duration() needs it written out.', "duration('36h')"],
    ["org.tags[0] == 'a'", 0, 'Indexes are not available.', 'exists()'],
    ["org['kind'] == 'a'", 0, 'Indexes are not available.', 'a field after a dot'],
    ['org.score / org.score == 1', 12, 'The divisor might be zero.', 'a number other than 0'],
    ['org.score % 0 == 1', 12, 'The divisor might be zero.', 'a number other than 0'],
    ["{'a': 1}.size() == 1", 0, 'Map literals are not available.', 'a fact, a literal or a list'],
    ['org.tags.exists(org, true)', 16, 'exists() needs a name for the item.', 'a name that is not a fact'],
    ["org.tags.exists(t, t.x == 'a')", 21, 't has no fields.', 'the plain item'],
    ['org.tags.exists(t, org.tags.exists(t, true))', 35, 'exists() needs a name for the item.', 'such as x'],
    ['cel.bind(x, 1, x == 1)', 4, 'bind() is not available.', 'one of all'],
    ["dyn(org.score) == 'a'", 0, 'dyn() is not available.', 'one of duration'],
    ['type(org.score) == int', 0, 'type() is not available.', 'one of duration'],
    ['constructor == 1', 0, 'There is no fact constructor.', 'one of org, flag'],
    ['org.__proto__ == 1', 4, 'There is no fact org.__proto__.', 'one of org.kind'],
    ['org.toString() == 1', 4, 'toString() is not available.', 'one of all'],
  ])('refuses %s at %i: %s', (source, offset, message, expected) => {
    const error = refusal(source);
    expect(error.message).toContain(message);
    expect(error.expected).toContain(expected);
    expect(error.offset).toBe(offset);
  });

  it.each([
    ['more nodes than 500', Array(300).fill('flag').join(' && ')],
    ['a depth of 30', '('.repeat(30) + 'flag' + ')'.repeat(30)],
    ['a chain of questions', 'flag ? flag : '.repeat(40) + 'flag'],
    ['a list of 101 items', `org.score in [${Array(101).fill('1').join(',')}]`],
    ['a long text', `org.kind == '${'x'.repeat(3000)}'`],
    ['2001 characters', ' '.repeat(1997) + 'flag'],
    ['signs without end', '!'.repeat(100_000) + 'flag'],
    ['three macros in each other', 'org.tags.exists(a, org.tags.exists(b, org.tags.exists(c, true)))'],
  ])('refuses %s', (_, source) => {
    expect(refusal(source).expected).toContain('at most');
  });

  it('survives as many signs as fit', () => {
    expect(holds('!'.repeat(400) + 'flag')).toBe(true);
    expect(refusal('!'.repeat(1990) + 'flag').expected).toContain('at most 500 nodes');
  });

  it('refuses a pattern that would grow beyond measure', () => {
    const started = performance.now();
    expect(refusal("re2(org.kind, '((a{1000}){1000}){1000}')").message).toContain('The pattern cannot be used');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('accepts two macros in each other and three beside each other', () => {
    expect(holds('org.tags.exists(a, org.tags.all(b, size(b) == size(a)))')).toBe(true);
    expect(holds("org.tags.filter(a, a != 'a').map(b, b + b).exists(c, c == 'bb')")).toBe(true);
  });

  it('stays linear with a pattern that kills backtracking', () => {
    const condition = compileCondition("re2(org.kind, '^(a+)+$')", schema);
    const started = performance.now();
    expect(condition.evaluate({ org: { kind: 'a'.repeat(5000) + '!' } })).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('either refuses a text with an offset inside it or gives a condition, whatever the text', () => {
    const word = fc.constantFrom(
      ...['org', '.', 'kind', 'name', 'score', 'tags', 'has', '(', ')', '&&', '||', '!', '==', '<', "'a'", '1', '2.5'],
      ...['exists', ',', 'x', 'in', '[', ']', '?', ':', ' ', 'flag', 're2', '{{', '\n', '"', '\\', '-', '🙂'],
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 25 }), (words) => {
        const source = words.join('');
        try {
          expect(typeof compileCondition(source, schema).evaluate(facts)).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
          const { offset } = error as ExpressionError;
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(source.length);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('an explanation', () => {
  it('names each conjunct with its result and the values that it read', () => {
    const condition = compileCondition(
      "(org.kind == 'supplier' || org.score > 2) && flag && org.since > timestamp('2026-04-01T00:00:00Z')",
      schema,
    );
    expect(condition.explain(facts)).toEqual({
      result: false,
      parts: [
        {
          source: "org.kind == 'supplier' || org.score > 2",
          value: { 'org.kind': 'customer', 'org.score': 3 },
          result: true,
        },
        { source: 'flag', value: { flag: true }, result: true },
        {
          source: "org.since > timestamp('2026-04-01T00:00:00Z')",
          value: { 'org.since': '2026-03-01T08:00:00.000Z' },
          result: false,
        },
      ],
    });
  });

  it('leaves a part open that reads what an earlier part found missing', () => {
    const condition = compileCondition("has(org.name) && org.name == 'x' && org.score == 3", schema);
    expect(condition.explain({ org: { score: 3 } })).toEqual({
      result: false,
      parts: [
        { source: 'has(org.name)', value: { 'org.name': null }, result: false },
        { source: "org.name == 'x'", value: { 'org.name': null }, result: null },
        { source: 'org.score == 3', value: { 'org.score': 3 }, result: true },
      ],
    });
  });

  it('gives the values behind macros and functions', () => {
    const condition = compileCondition("org.tags.exists(t, t == org.kind) && re2(org.kind, '^c')", schema);
    expect(condition.explain(facts).parts).toEqual([
      {
        source: 'org.tags.exists(t, t == org.kind)',
        value: { 'org.tags': ['a', 'b'], 'org.kind': 'customer' },
        result: false,
      },
      { source: "re2(org.kind, '^c')", value: { 'org.kind': 'customer' }, result: true },
    ]);
  });

  it.each([
    [
      "flag && org.kind in ('a' == 'b' ? ['(', \"it's\"] : [')'])",
      ['flag', "org.kind in ('a' == 'b' ? ['(', \"it's\"] : [')'])"],
    ],
    ['(flag || flag) && !(flag && flag)', ['flag || flag', '!(flag && flag)']],
    ['((flag)) && (org.score - (1 - 2)) > (1)', ['flag', '(org.score - (1 - 2)) > (1)']],
    ["(org.kind == ')' || flag) == (flag) && flag", ["(org.kind == ')' || flag) == (flag)", 'flag']],
    ["flag // (\n && (r'\\(' == '' || flag)", ['flag', "r'\\(' == '' || flag"]],
  ])('keeps each part of %s as it was written', (source, parts) => {
    const condition = compileCondition(source, schema);
    const explained = condition.explain(facts);
    expect(explained.parts.map((part) => part.source)).toEqual(parts);
    expect(explained.result).toBe(condition.evaluate(facts));
  });

  it('agrees with evaluate whatever the brackets', () => {
    const { condition } = fc.letrec<{ condition: string; atom: string }>((tie) => ({
      atom: fc.constantFrom(
        'flag',
        'org.score > 2',
        "org.kind == '('",
        '(org.score - (1 - org.score)) == 5',
        "re2(org.kind, '^(a|b)$')",
      ),
      condition: fc.oneof(
        { depthSize: 'small' },
        tie('atom'),
        tie('condition').map((inner) => `(${inner})`),
        tie('condition').map((inner) => `!(${inner})`),
        fc
          .tuple(tie('condition'), fc.constantFrom(' && ', ' || ', ' == '), tie('condition'))
          .map(([a, op, b]) => `(${a})${op}(${b})`),
        fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `${a} && ${b}`),
      ),
    }));
    const given = { org: { score: 3, kind: 'a' }, flag: true };
    fc.assert(
      fc.property(condition, (source) => {
        let compiled;
        try {
          compiled = compileCondition(source, schema);
        } catch (error) {
          fc.pre(!(error instanceof ExpressionError));
          throw error;
        }
        expect(compiled.explain(given).result).toBe(compiled.evaluate(given));
      }),
    );
  });

  it('always agrees with evaluate', () => {
    const sources = [
      "org.score > 2 && (flag || org.kind == 'a')",
      "has(org.name) && org.name == 'n' && flag",
      "!has(org.name) || org.name == 'n'",
      "(flag ? org.score == 1 : org.score == 2) && org.kind != 'a'",
    ].map((source) => compileCondition(source, schema));
    const someFacts = fc.record({
      org: fc.record(
        { kind: fc.constantFrom('a', 'b'), score: fc.integer({ min: 0, max: 4 }), name: fc.constantFrom('n', 'm') },
        { requiredKeys: ['kind', 'score'] },
      ),
      flag: fc.boolean(),
    });
    fc.assert(
      fc.property(someFacts, (given) => {
        for (const condition of sources) expect(condition.explain(given).result).toBe(condition.evaluate(given));
      }),
    );
  });

  it('lists the texts that facts are compared with', () => {
    const condition = compileCondition(
      "org.kind in ['a', 'b'] && !('c' in org.tags) || 'd' != org.kind && org.score == 1 && org.kind + 'x' == 'y'",
      schema,
    );
    expect(
      condition.comparisons.map(({ path, text, offset }) => [path, text, condition.source.slice(offset, offset + 3)]),
    ).toEqual([
      ['org.kind', 'a', "'a'"],
      ['org.kind', 'b', "'b'"],
      ['org.tags', 'c', "'c'"],
      ['org.kind', 'd', "'d'"],
    ]);
  });

  it('lists the facts that a condition reads', () => {
    expect(compileCondition('has(org.name) && flag && org.score > 1 && flag', schema).paths).toEqual([
      'org.name',
      'flag',
      'org.score',
    ]);
  });
});

describe('an expression', () => {
  it.each([
    ['org.score + 1', 'int', 4],
    ['org.ratio', 'double', 0.5],
    ['org.since', 'google.protobuf.Timestamp', '2026-03-01T08:00:00.000Z'],
    ['org.tags', 'list<string>', ['a', 'b']],
    ['org.sizes.map(s, s * 2)', 'list<int>', [2, 4]],
    ["string(org.score) + 'x'", 'string', '3x'],
  ])('%s is %s and gives a JSON value', (source, type, value) => {
    const expression = compileExpression(source, schema);
    expect(expression.type).toBe(type);
    expect(expression.evaluate(facts)).toEqual(value);
    expect(() => JSON.stringify(expression.evaluate(facts))).not.toThrow();
  });
});
