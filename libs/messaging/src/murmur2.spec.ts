import { describe, expect, it } from 'vitest';
import { murmur2, partitionOf } from './murmur2.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('murmur2', () => {
  // The vectors of org.apache.kafka.common.utils.UtilsTest.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ])('hashes %s as Kafka does', (text, expected) => {
    expect(murmur2(bytes(text))).toBe(expected);
  });

  it('hashes bytes beyond ASCII, as in the same test', () => {
    expect(murmur2(Uint8Array.of(97, 98, 99))).toBe(479470107);
  });

  it('chooses partitions from the positive hash', () => {
    expect(partitionOf('foobar', 8)).toBe((-790332482 & 0x7fffffff) % 8);
    for (const key of ['ä', '', 'x'.repeat(1000)]) expect(partitionOf(key, 3)).toBeOneOf([0, 1, 2]);
  });
});
