import { expect, it } from 'vitest';
import { sparingly } from './sparingly.ts';

it('lets one of many speak within a second, each thing for itself, and tells how many did not', () => {
  let now = 5_000;
  const may = sparingly(() => now);
  expect([may('a'), may('a'), may('b'), may('a')]).toEqual([{ leftOut: 0 }, undefined, { leftOut: 0 }, undefined]);
  now = 5_999;
  expect(may('a')).toBeUndefined();
  now = 6_000;
  expect([may('a'), may('a')]).toEqual([{ leftOut: 3 }, undefined]);
});
