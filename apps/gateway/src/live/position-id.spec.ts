import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { decodeId, encodeId, layoutOf } from './position-id.ts';

function layout(partitions: number) {
  const offsets = Object.fromEntries(Array.from({ length: partitions }, (_entry, n) => [String(n), '0']));
  return layoutOf({ 'tom.b.events.v1': offsets, 'tom.a.events.v1': offsets });
}
const ours = layout(8);

describe('the id of a point in the log', () => {
  it('comes back as the point that it was made of', () => {
    const offset = fc.oneof(fc.nat(), fc.maxSafeNat());
    const mark = fc.option(fc.record({ place: fc.nat(15), print: fc.nat(0xffff_ffff) }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(offset, { minLength: 16, maxLength: 16 }), mark, (offsets, given) => {
        expect(decodeId(ours, encodeId(ours, { offsets, mark: given }))).toEqual({ offsets, mark: given });
      }),
    );
  });

  it('is short', () => {
    const offsets = Array.from({ length: 32 }, () => 1_500_000);
    expect(encodeId(layout(16), { offsets, mark: { place: 3, print: 7 } }).length).toBeLessThan(150);
  });

  it('is refused when it is anything else, or one of other partitions', () => {
    const id = encodeId(ours, { offsets: ours.offsetsOf({}), mark: undefined });
    expect(decodeId(ours, id)).toBeDefined();
    expect(decodeId(layout(7), id)).toBeUndefined();
    for (const bad of ['', 'abc', '42', id.slice(1), `${id}A`, `${id}=`, 'A'.repeat(100_000), '\u0000', id.toLowerCase()]) {
      expect(decodeId(ours, bad)).toBeUndefined();
    }
    fc.assert(fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => decodeId(ours, Buffer.from(bytes).toString('base64url')) === undefined));
  });

  it('is refused when one letter of it was changed', () => {
    const id = encodeId(ours, { offsets: ours.offsetsOf({ 'tom.a.events.v1': { 3: '77' } }), mark: { place: 3, print: 5 } });
    for (let at = 0; at < id.length; at += 1) {
      const changed = id.slice(0, at) + (id[at] === 'B' ? 'C' : 'B') + id.slice(at + 1);
      expect(decodeId(ours, changed)).toBeUndefined();
    }
  });

  it('names the partitions in one order, whatever the order in which they are told', () => {
    expect(layoutOf({ t: { 10: '1', 2: '5' } }).offsetsOf({ t: { 2: '5', 10: '1' } })).toEqual([5, 1]);
    expect(ours.positionOf(ours.offsetsOf({ 'tom.b.events.v1': { 7: '3' } }))['tom.b.events.v1']?.['7']).toBe('3');
  });
});
