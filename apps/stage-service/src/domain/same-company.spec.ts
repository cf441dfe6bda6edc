import { describe, expect, it } from 'vitest';
import { likeness, nameKey, nameSimilarity } from './same-company.ts';

describe('nameKey', () => {
  it.each([
    ['Müller & Co. KG', 'mueller'],
    ['MUELLER GmbH & Co. KG', 'mueller'],
    ['Mueller AG', 'mueller'],
    ['ACME G.m.b.H.', 'acme'],
    ['Turnverein Übel e.V.', 'turnverein uebel'],
    ['Straßenbau Groß OHG', 'strassenbau gross'],
    ['Café Ñandú, S.A.', 'cafe nandu'],
    ['  Nord-West  Technik  ', 'nord west technik'],
  ])('%s is compared as %s', (name, key) => {
    expect(nameKey(name)).toBe(key);
  });

  it('keeps a name that is nothing but a legal form, and has none for punctuation', () => {
    expect(nameKey('GmbH')).toBe('gmbh');
    expect(nameKey('… –')).toBeUndefined();
  });
});

describe('likeness', () => {
  it('says every reason, and orders equal names before similar ones', () => {
    const wanted = { nameKey: 'mueller technik', domain: 'mueller.de' };
    const same = likeness(wanted, { nameKey: 'mueller technik', domain: 'mueller.de' });
    const similar = likeness(wanted, { nameKey: 'mueller technick', domain: null });
    expect(same?.because).toEqual(['NAME', 'DOMAIN']);
    expect(similar?.because).toEqual(['SIMILAR_NAME']);
    expect(same!.score).toBeGreaterThan(similar!.score);
  });

  it('finds nothing in names that only share a word, nor in two companies without a domain', () => {
    expect(likeness({ nameKey: 'bau nord', domain: undefined }, { nameKey: 'bau sued hamburg', domain: null })).toBeUndefined();
    expect(nameSimilarity('abc', 'xyz')).toBe(0);
  });
});
