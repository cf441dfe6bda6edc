import { describe, expect, it } from 'vitest';
import { changesOf, conflictsOf, mergePatchOf } from './merge.ts';

describe('two people at one record', () => {
  it('are in conflict only over a field that both changed, to different values', () => {
    const before = { name: 'A', phone: '1', city: 'Köln', website: '' };
    const current = { name: 'A', phone: '2', city: 'Bonn', website: 'b.example' };
    expect(conflictsOf({ name: 'B', city: 'Bonn' }, before, current)).toEqual([]);
    expect(conflictsOf({ phone: '3', website: 'a.example' }, before, current)).toEqual([
      { field: 'phone', mine: '3', theirs: '2', before: '1' },
      { field: 'website', mine: 'a.example', theirs: 'b.example', before: '' },
    ]);
  });

  it('send what still changes something, as a merge patch that clears what was emptied', () => {
    const changes = changesOf({ name: ' A ', phone: '', city: 'Bonn', street: 'Weg 1' }, { name: 'A', phone: '1', city: 'Köln' });
    expect(changes).toEqual({ phone: '', city: 'Bonn', street: 'Weg 1' });
    expect(mergePatchOf(changes, { street: 'address', city: 'address' })).toEqual({ phone: null, address: { city: 'Bonn', street: 'Weg 1' } });
  });
});
