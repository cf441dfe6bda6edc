import { describe, expect, it } from 'vitest';
import { compileTemplateText, ExpressionError, type FactSchema } from './index.ts';

const schema = {
  org: { name: 'string?', size: 'int', since: 'timestamp', tags: 'list<string>' },
} as const satisfies FactSchema;

const render = (source: string, facts: object) => compileTemplateText(source, schema).render({ ...facts });

describe('a text with placeholders', () => {
  it('shows facts, with or without blanks in the braces', () => {
    expect(render('Qualifizierung: {{ org.name }} ({{org.size}})', { org: { name: 'Kessler & Vogt', size: 12 } })).toBe(
      'Qualifizierung: Kessler & Vogt (12)',
    );
  });

  it('shows a missing fact as nothing', () => {
    expect(render('Qualifizierung: {{ org.name }}', { org: { name: null } })).toBe('Qualifizierung:');
  });

  it('does not read what a fact contains', () => {
    expect(render('{{ org.name }}', { org: { name: '{{ org.size }} $& $1' } })).toBe('{{ org.size }} $& $1');
  });

  it('leaves single braces alone', () => {
    expect(render('a { b } c', {})).toBe('a { b } c');
  });

  it.each([
    ['{{ org.nam }}', 3, 'one of org.name, org.size'],
    ['x {{ org }}', 5, 'one of org.name, org.size'],
    ['{{ org.tags }}', 3, 'one of org.name, org.size'],
    ['{{ org.since }}', 3, 'one of org.name, org.size'],
    ['{{ org.constructor }}', 3, 'one of org.name, org.size'],
    ['{{ org.size + 1 }}', 3, '{{ path }}'],
    ['{{ }}', 3, '{{ path }}'],
    ['{{ org.name', 0, '{{ path }}'],
    ['a }} b', 2, '{{ path }}'],
  ])('refuses %s at %i', (source, offset, expected) => {
    const refused = () => compileTemplateText(source, schema);
    expect(refused).toThrow(ExpressionError);
    try {
      refused();
    } catch (error) {
      expect(error).toMatchObject({ offset, expected });
    }
  });
});
