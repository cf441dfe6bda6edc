import { Session } from 'node:inspector';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogError, readYaml, type Problem } from './index.ts';

const anything = {};
const people = {
  type: 'object',
  required: ['people'],
  additionalProperties: false,
  properties: {
    people: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0, maximum: 150 } },
      },
    },
  },
};

const read = (text: string, schema: object = anything) => readYaml<unknown>({ path: 'a.yaml', text }, schema);

function problemsOf(text: string, schema: object = anything): readonly Problem[] {
  try {
    read(text, schema);
  } catch (error) {
    if (error instanceof CatalogError) return error.problems;
    throw error;
  }
  return [];
}

/** How many calls of functions, and runs of loops where they are counted, some work takes: its size without a clock. */
function stepsOf(work: () => void): number {
  const session = new Session();
  session.connect();
  setFlagsFromString('--no-opt'); // optimised code does not count itself
  try {
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    work();
    let steps = 0;
    session.post('Profiler.takePreciseCoverage', (error, coverage) => {
      if (error) throw error;
      const functions = coverage.result.flatMap((script) => script.functions);
      steps = functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
    });
    session.post('Profiler.stopPreciseCoverage');
    return steps;
  } finally {
    setFlagsFromString('--opt');
    session.disconnect();
  }
}

describe('reading YAML', () => {
  it('gives the value and where everything stands', () => {
    const text = 'people:\n  - name: ida\n    age: 40\n  - { name: mia }\n';
    const yaml = read(text, people);
    expect(yaml.value).toEqual({ people: [{ name: 'ida', age: 40 }, { name: 'mia' }] });
    expect(yaml.place(['people', 0, 'age'])).toEqual({ line: 3, column: 10 });
    expect(yaml.place(['people', 1, 'name'])).toEqual({ line: 4, column: 13 });
    expect(yaml.place(['people', 1, 'age'])).toEqual({ line: 4, column: 5 });
    expect(yaml.range(['people', 0, 'name'])).toEqual({ start: { line: 2, column: 11 }, end: { line: 2, column: 14 } });
  });

  it('keeps to the core schema: no yes, no dates, no merge keys, no octal surprises', () => {
    expect(read('a: yes\nb: 2026-01-31\nc: 0o17\nd: 017\n<<: { e: 1 }\n').value).toEqual({
      a: 'yes',
      b: '2026-01-31',
      c: 15,
      d: 17,
      '<<': { e: 1 },
    });
  });

  it('tells every problem at once, with the file, in the order of the file', () => {
    const text = 'people:\n  - nam: ida\n    age: old\n  - name: 3\n    age: 151\nmore: 1\n';
    expect(() => read(text, people)).toThrow(
      [
        'a.yaml:2:5: name is missing. (expected name: a text)',
        'a.yaml:2:5: There is no field nam here. (expected one of name, age)',
        'a.yaml:3:10: This is the text "old". (expected a whole number from 0 to 150)',
        'a.yaml:4:11: This is the number 3. (expected a text)',
        'a.yaml:5:10: 151 is out of range. (expected a whole number from 0 to 150)',
        'a.yaml:6:1: There is no field more here. (expected one of people)',
      ].join('\n'),
    );
    expect(problemsOf(text, people).map(({ path }) => path)).toEqual([
      'people[0]',
      'people[0].nam',
      'people[0].age',
      'people[1].name',
      'people[1].age',
      'more',
    ]);
  });

  it.each([
    ['an alias', 'a: &x [1]\nb: *x\n', 2, 4, 'Aliases such as *x are not available.'],
    [
      'a billion laughs',
      `a: &a [x]\n${'bcdefghi'.replace(/./g, (c) => `${c}: &${c} [*a, *a, *a]\n`)}`,
      2,
      8,
      'Aliases',
    ],
    ['an alias to nothing', 'a: *x\n', 1, 4, 'Aliases such as *x are not available.'],
    ['a key that stands twice', 'a: 1\nb: 2\na: 3\n', 3, 1, 'The key a stands here twice.'],
    ['a key that stands twice further down', 'a:\n  b: { c: 1, d: 2, c: 3 }\n', 2, 20, 'The key c stands here twice.'],
    ['__proto__', 'a: 1\n__proto__: { b: 1 }\n', 2, 1, 'The key cannot be used.'],
    ['__proto__ inside', 'a: { "__proto__": 1 }\n', 1, 6, 'The key cannot be used.'],
    ['a number as key', 'a:\n  1: b\n', 2, 3, 'The key cannot be used.'],
    ['null as key', '~: b\n', 1, 1, 'The key cannot be used.'],
    ['an empty key', '"": b\n', 1, 1, 'The key cannot be used.'],
    ['a list as key', '? [a, b]\n: 1\n', 1, 3, 'The key cannot be used.'],
    ['a foreign tag', 'a: 1\nb: !!js/function "x"\n', 2, 4, 'Unresolved tag'],
    ['two documents', 'a: 1\n---\nb: 1\n', 2, 1, 'Source contains multiple documents'],
    ['a tab as indent', 'a:\n\tb: 1\n', 2, 1, 'Tabs are not allowed as indentation.'],
    ['an open bracket', 'a: [1, 2\nb: 3\n', 2, 1, 'Flow sequence in block collection'],
    ['an open quote', 'a: "x\n', 2, 1, 'Missing closing "quote.'],
    ['a NUL', 'a: 1\nb: x\0y\n', 2, 5, 'The file contains a control character.'],
    ['an escaped NUL', 'a: 1\nb: "x\\0y"\n', 2, 4, 'The text contains a control character.'],
    ['half a character', 'a: "\\ud800"\n', 1, 4, 'The text contains a control character.'],
    ['a long line', `a: 1\nb: ${'x'.repeat(3000)}\n`, 2, 2001, 'The line is too long.'],
    ['deep brackets', `a: ${'['.repeat(500)}\n`, 1, 104, 'The nesting is too deep.'],
    ['deep brackets over many lines', `a:\n${'  [\n'.repeat(50_000)}`, 102, 3, 'The nesting is too deep.'],
    ['deep dashes', `${'- '.repeat(500)}a\n`, 1, 1001, 'The nesting is too deep.'],
    ['dashes without end', `a:\n${'- '.repeat(120_000)}a\n`, 2, 2001, 'The line is too long.'],
    ['deep questions', `${'? '.repeat(500)}a\n`, 1, 1001, 'The nesting is too deep.'],
    [
      'deep indentation',
      Array.from({ length: 120 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''),
      102,
      102,
      'The nesting',
    ],
    ['a mebibyte', `a: |\n${`  ${'x'.repeat(1000)}\n`.repeat(1100)}`, 1, 1, 'The file is too large.'],
  ])('refuses %s with its place', (_, text, line, column, message) => {
    const [problem] = problemsOf(text);
    expect(problem).toMatchObject({ file: 'a.yaml', line, column });
    expect(problem?.message).toContain(message);
    expect(problem?.expected).not.toBe('');
  });

  it('points at the first of two keys that are the same', () => {
    expect(problemsOf('x: 0\na: 1\na: 2\na: 3\n').map(({ line, expected }) => [line, expected])).toEqual([
      [3, 'it once; first in line 2'],
      [4, 'it once; first in line 2'],
    ]);
  });

  it.each([
    ['keys', (n: number) => Array.from({ length: n * 10 }, (_, index) => `k${index}: 1`).join('\n')],
    ['problems', (n: number) => '- !a x\n'.repeat(n * 10)],
    ['quotes', (n: number) => `${'"'.repeat(1900)}\n`.repeat(n / 8)],
    ['wrong entries', (n: number) => `people:\n${'  - { age: x }\n'.repeat(n * 10)}`],
  ])('does twice the work for twice as many %s, not four times', (_, text) => {
    const workFor = (size: number) => stepsOf(() => expect(problemsOf(text(size), people).length).toBeLessThanOrEqual(50));
    workFor(100); // what is done only once
    const [once, twice] = [workFor(400), workFor(800)];
    expect(once).toBeGreaterThan(1_000);
    expect(twice / once).toBeLessThan(2.5);
  });

  it('leaves no trace of __proto__', () => {
    expect(problemsOf('__proto__: { polluted: true }\n')).toHaveLength(1);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('either gives a value or names places inside the text, whatever the text', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'b',
        ': ',
        ':',
        '\n',
        '  ',
        '- ',
        '[',
        ']',
        '{',
        '}',
        ',',
        '"',
        "'",
        '|',
        '>',
        '#',
        '&x',
        '*x',
        '!t',
        '? ',
        '~',
      ],
      ...['\t', '---', '...', '%', '\\', '1', '.inf', '__proto__', '<<', '\r\n', 'ü', '🙂', '@', '`'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        for (const problem of problemsOf(text)) {
          const lines = text.split('\n');
          expect(problem.line).toBeGreaterThanOrEqual(1);
          expect(problem.line).toBeLessThanOrEqual(lines.length + 1);
          expect(problem.column).toBeGreaterThanOrEqual(1);
          expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1] ?? '').length + 1);
        }
      }),
      { numRuns: 2000, examples: [[['[', '{', ']', 'a', '\r\n', 'a']]] },
    );
  });
});

describe('a place inside a text', () => {
  it.each([
    ['a plain one', 'a: xxx HERE x\n'],
    ['a plain one over two lines', 'a: xxx\n   HERE x\n'],
    ['single quotes', "a: 'it''s HERE x'\n"],
    ['double quotes', 'a: "a \\"b\\" \\u00e4 \\x41 \\n HERE x"\n'],
    ['a folded block', 'a: >-\n  xxx\n  yyy HERE x\n'],
    ['a literal block', 'a: |\n  xxx\n    yyy\n  HERE x\n'],
    ['a folded block with a comment after its mark', 'a: > # why\n\n  xxx\n\n  HERE x\n'],
  ])('is found in %s', (_, text) => {
    const yaml = readYaml<{ a: string }>({ path: 'a.yaml', text }, anything);
    const offset = yaml.value.a.indexOf('HERE');
    const { line, column } = yaml.problem(['a'], '', '', { offset });
    expect(text.split('\n')[line - 1]?.slice(column - 1)).toMatch(/^HERE/);
  });

  it('may lie behind the last character', () => {
    const yaml = readYaml<{ a: string }>({ path: 'a.yaml', text: "a: 'b =='\n" }, anything);
    expect(yaml.problem(['a'], '', '', { offset: 4 })).toMatchObject({ line: 1, column: 9 });
  });
});

describe('reading a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tom-yaml-'));
    writeFileSync(join(folder, 'good.yaml'), 'a: ü\n');
    writeFileSync(join(folder, 'binary.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]));
    writeFileSync(join(folder, 'large.yaml'), 'a: b\n'.repeat(60_000));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives the value', () => {
    expect(readYaml(join(folder, 'good.yaml'), anything).value).toEqual({ a: 'ü' });
  });

  it.each([
    ['absent.yaml', 'The file cannot be read.'],
    ['binary.yaml', 'The file is not text.'],
    ['large.yaml', 'The file is too large.'],
  ])('refuses %s: %s', (name, message) => {
    const file = join(folder, name);
    expect(() => readYaml(file, anything)).toThrow(`${file}:1:1: ${message}`);
  });
});
