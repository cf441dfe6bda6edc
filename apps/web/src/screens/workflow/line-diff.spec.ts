import { describe, expect, it } from 'vitest';
import { differencesIn, diffLines, stepFrom } from './line-diff.ts';

const shown = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text, line }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}${line === undefined ? '' : ` ${line}`}`);

describe('what differs between two texts', () => {
  it('is nothing between equal ones', () => {
    expect(shown('a\nb', 'a\nb')).toEqual([' a 1', ' b 2']);
    expect(differencesIn(diffLines('a\nb', 'a\nb'))).toEqual([]);
  });

  it('shows what went before what came, numbered as in the newer', () => {
    expect(shown('key\nversion 4\nend', 'key\nversion 5\nnew\nend')).toEqual([' key 1', '-version 4', '+version 5 2', '+new 3', ' end 4']);
  });

  it('is as little as possible when lines repeat', () => {
    expect(shown('a\nx\na\nx', 'a\nx\nb\na\nx')).toEqual([' a 1', ' x 2', '+b 3', ' a 4', ' x 5']);
  });

  it('knows what was added to nothing and what nothing is left of', () => {
    expect(shown('', 'a')).toEqual(['-', '+a 1']);
    expect(shown('a\nb', 'a')).toEqual([' a 1', '-b']);
  });
});

describe('going from difference to difference', () => {
  it('counts adjoining lines as one and goes round', () => {
    const places = differencesIn(diffLines('a\nb\nc\nd', 'a\nB\nc\nd\ne'));
    expect(places).toEqual([1, 5]);
    expect([stepFrom(places, -1, 1), stepFrom(places, 1, 1), stepFrom(places, 5, 1)]).toEqual([1, 5, 1]);
    expect([stepFrom(places, 5, -1), stepFrom(places, 1, -1)]).toEqual([1, 5]);
    expect(stepFrom([], 3, 1)).toBeUndefined();
  });
});
