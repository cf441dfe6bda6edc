import { CatalogError } from '../src/index.ts';

/** The problems that loading tells, one line each; none when it succeeds. */
export function messagesOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof CatalogError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** What a change to a text gives: `«` in the replacement marks the place where the problem is expected. */
export interface Broken {
  readonly text: string;
  /** `line:column` of the mark; undefined without one. */
  readonly place: string | undefined;
}

/** Replaces a part of the text, which must be there. */
export function breakText(text: string, part: string, replacement: string): Broken {
  const begin = text.indexOf(part);
  if (begin === -1) throw new Error(`${part} is not in the text`);
  const mark = replacement.indexOf('«');
  const broken = text.slice(0, begin) + replacement.replace('«', '') + text.slice(begin + part.length);
  const lines = broken.slice(0, begin + mark).split('\n');
  return { text: broken, place: mark === -1 ? undefined : `${lines.length}:${(lines.at(-1) ?? '').length + 1}` };
}
