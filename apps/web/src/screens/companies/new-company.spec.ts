import { describe, expect, it } from 'vitest';
import { blank, fieldOf, newOrgOf } from './new-company.ts';

describe('what is sent for a new company', () => {
  it('is only what was said, without the blanks around it', () => {
    expect(newOrgOf({ ...blank, name: '  Kessler & Vogt ', website: '   ' })).toEqual({ name: 'Kessler & Vogt' });
  });

  it('has the address as one', () => {
    expect(newOrgOf({ ...blank, name: 'A', city: 'Köln', postalCode: '50667', orgKind: 'supplier' })).toEqual({
      name: 'A',
      orgKind: 'supplier',
      address: { city: 'Köln', postalCode: '50667' },
    });
  });
});

describe('a violation', () => {
  it.each([
    ['name', 'name'],
    ['address.postalCode', 'postalCode'],
    ['website', 'website'],
    ['postalCode', undefined],
    ['address.name', undefined],
    ['Idempotency-Key', undefined],
    ['toString', undefined],
  ] as const)('of %s is shown at %s', (path, field) => {
    expect(fieldOf(path)).toBe(field);
  });
});
