import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Declared {
  readonly namespace: string;
  readonly de: Readonly<Record<string, string>>;
  readonly en: Readonly<Record<string, string>>;
}

const src = resolve(import.meta.dirname, '..');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file) && !file.includes('.spec.'));
const declaring = files.filter((file) => readFileSync(join(src, file), 'utf8').includes('defineTexts(\'') && !file.endsWith('i18n.ts'));
const using = files.map((file) => readFileSync(join(src, file), 'utf8').replaceAll(/\n {4}['\w-]+: ['"`].*$/gm, '')).join('\n');

const declared = (
  await Promise.all(declaring.map(async (file) => Object.values((await import(join(src, file))) as Record<string, unknown>).filter(isTexts)))
).flat();

function isTexts(value: unknown): value is Declared {
  return typeof value === 'object' && value !== null && 'namespace' in value && 'de' in value && 'en' in value;
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

describe('the words of the UI', () => {
  it('are found, and each part has a name of its own', () => {
    expect(declared.length).toBeGreaterThan(10);
    expect(new Set(declared.map(({ namespace }) => namespace)).size).toBe(declared.length);
  });

  it.each(declared.map((texts) => [texts.namespace, texts] as const))('of %s are complete in both languages, with the same values in them', (_name, { de, en }) => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(de).sort());
    for (const [key, text] of Object.entries(de)) {
      expect(text, key).not.toBe('');
      expect(placeholders(en[key] ?? ''), key).toEqual(placeholders(text));
    }
  });

  /** Their keys are codes, which come from the server. */
  const byCode = ['role-work'];
  it.each(declared.filter(({ namespace }) => !byCode.includes(namespace)).map((texts) => [texts.namespace, texts] as const))('of %s are all used', (_name, { de }) => {
    const stems = [...new Set(Object.keys(de).map((key) => key.replace(/_(?:one|other)$/, '')))];
    expect(stems.filter((stem) => !using.includes(`'${stem}'`))).toEqual([]);
  });

  it.each(declared.map((texts) => [texts.namespace, texts] as const))('of %s address nobody and shout at nobody', (_name, { de, en }) => {
    for (const text of [...Object.values(de), ...Object.values(en)]) {
      expect(text).not.toMatch(/!/);
      expect(text).not.toMatch(/\b(?:Sie|Ihre[mnrs]?|du|dein\w*)\b/);
    }
  });
});
