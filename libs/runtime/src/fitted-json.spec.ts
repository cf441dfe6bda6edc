import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittedJson } from './fitted-json.ts';

const read = (json: string) => JSON.parse(json) as Record<string, unknown>;

describe('fittedJson', () => {
  it('leaves what fits as it is', () => {
    expect(fittedJson({ a: 'ß' }, 10)).toBe('{"a":"ß"}');
  });

  it('takes away the largest member first, and names it', () => {
    const details = { by: 'ida', current: 'x'.repeat(500), at: 'now' };
    expect(read(fittedJson(details, 200))).toEqual({ by: 'ida', at: 'now', truncated: ['current'] });
  });

  it('keeps the beginning of a list', () => {
    const { unmet, truncated } = read(fittedJson({ unmet: Array.from({ length: 64 }, (_, i) => i + 100) }, 100));
    expect(unmet).toEqual(Array.from({ length: 16 }, (_, i) => i + 100));
    expect(truncated).toEqual(['unmet']);
  });

  it('never exceeds the bound, whatever the details are', () => {
    const details = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue(), { maxKeys: 4 });
    fc.assert(
      fc.property(details, fc.integer({ min: 150, max: 400 }), (value, max) => {
        expect(Buffer.byteLength(fittedJson(value as Record<string, unknown>, max))).toBeLessThanOrEqual(max);
      }),
    );
  });
});
