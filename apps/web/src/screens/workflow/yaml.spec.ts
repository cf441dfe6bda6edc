import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asNextVersion, highlight } from './yaml.ts';

const workflows = resolve(import.meta.dirname, '../../../../../config/workflows');
const kinds = (line: string) => (highlight(line)[0] ?? []).map(({ kind, text }) => [kind, text]);

describe('colouring YAML', () => {
  it.each(readdirSync(workflows))('loses no character of %s', (file) => {
    const source = readFileSync(join(workflows, file), 'utf8');
    expect(highlight(source).map((line) => line.map(({ text }) => text).join('')).join('\n')).toBe(source);
  });

  it('tells keys, values and comments apart', () => {
    expect(kinds('  - key: ops_check')).toEqual([['plain', '  - '], ['key', 'key'], ['plain', ':'], ['plain', ' ops_check']]);
    expect(kinds('version: 4 # why')).toEqual([['key', 'version'], ['plain', ':'], ['plain', ' '], ['value', '4'], ['comment', ' # why']]);
    expect(kinds("title: 'Fall: {{ org.name }}'")).toContainEqual(['value', "'Fall: {{ org.name }}'"]);
    expect(kinds('after: { days: 14 }')).toContainEqual(['key', 'days']);
    expect(kinds('  # note')).toEqual([['comment', '  # note']]);
  });

  it('knows a condition as an expression, over its lines, and where it ends', () => {
    const lines = highlight("condition: >-\n  event.a == 'B'\n  || event.c\n\ncase:\n  type: X");
    expect(lines.map(([first]) => first?.kind)).toEqual(['key', 'expression', 'expression', undefined, 'key', 'plain']);
    expect(kinds("condition: event.a == 'B'").at(-1)).toEqual(['expression', " event.a == 'B'"]);
  });
});

it('a draft counts its version up and changes nothing else', () => {
  expect(asNextVersion('key: a\nversion: 4\ntitle: version: 4', 5)).toBe('key: a\nversion: 5\ntitle: version: 4');
});
