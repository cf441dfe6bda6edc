import { describe, expect, it } from 'vitest';
import { domainOf } from './domain-of.ts';

describe('domainOf', () => {
  it.each([
    ['https://www.Acme.de/start?x=1', 'acme.de'],
    ['acme.de', 'acme.de'],
    ['shop.acme.de:8080', 'shop.acme.de'],
    ['http://www2.acme.de.', 'acme.de'],
    ['müller.de', 'müller.de'],
    ['acme', undefined],
    ['not a site', undefined],
    ['', undefined],
  ])('%s → %s', (website, domain) => {
    expect(domainOf(website)).toBe(domain);
  });
});
