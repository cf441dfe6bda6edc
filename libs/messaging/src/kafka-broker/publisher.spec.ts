import { describe, expect, it } from 'vitest';
import { partsOf } from './publisher.ts';

const message = (n: number, size: number) => ({ topic: 't', key: 'k', headers: { n: String(n) }, value: 'x'.repeat(size) });
const numbers = (parts: readonly (readonly { headers: Readonly<Record<string, string>> }[])[]) =>
  parts.map((part) => part.map(({ headers }) => Number(headers['n'])));

describe('what is sent in one request', () => {
  it('stays in order and below the limit', () => {
    expect(numbers(partsOf([message(1, 400), message(2, 400), message(3, 400)], 1_000))).toEqual([[1, 2], [3]]);
  });

  it('is one message where that alone is beyond the limit', () => {
    expect(numbers(partsOf([message(1, 10), message(2, 5_000), message(3, 10)], 1_000))).toEqual([[1], [2], [3]]);
  });

  it('counts bytes, not characters', () => {
    const umlauts = { ...message(1, 0), value: 'ü'.repeat(300) };
    expect(numbers(partsOf([umlauts, umlauts], 1_000))).toHaveLength(2);
  });
});
