import { RE2JS } from '@bufbuild/re2';

const MAX_PATTERN = 200;
const MAX_CACHED = 500;

/** Patterns are literals of checked expressions, so few; the bound is for those that are only tried out. */
const compiled = new Map<string, RE2JS>();

/** Compiles a pattern once; throws when RE2 does not know it or it is longer than 200 characters. */
export function compilePattern(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  if (pattern.length > MAX_PATTERN) throw new Error(`The pattern is longer than ${MAX_PATTERN} characters.`);
  const fresh = new RE2JS(pattern);
  if (compiled.size >= MAX_CACHED) compiled.clear();
  compiled.set(pattern, fresh);
  return fresh;
}

/** Whether the pattern occurs in the text, in time linear in both. */
export function re2(text: string, pattern: string): boolean {
  return compilePattern(pattern).test(text);
}
