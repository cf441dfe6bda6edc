import { v5 } from 'uuid';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveId, isUuid, NAMESPACE } from './ids.ts';

describe('derived ids', () => {
  it('are the UUIDv5 of kind and parts, whatever these hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.oneof(fc.string(), fc.integer())), (kind, parts) => {
        const id = deriveId(kind, ...parts);
        expect(id).toBe(v5(JSON.stringify([kind, ...parts]), NAMESPACE));
        expect(isUuid(id)).toBe(true);
      }),
    );
  });
});
