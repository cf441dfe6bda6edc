import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

describe('a search for a palette', () => {
  const search = async (q: string, limit = 8) => {
    const { items, total } = await system.client.searchOrgs({ q, limit }, system.ida());
    return { names: items.map(({ name }) => name), total };
  };

  it('answers the best first: the name, its beginning, a word of it, a part of it, then city and reference', async () => {
    const create = (name: string, more: object = {}) => system.client.createOrg({ name, ...more }, system.ida());
    await create('Altquarzin Pumpen');
    await create('Werk Quarzin');
    await create('Quarzin Logistik');
    await create('Quarzin');
    await create('Ohne Namen', { address: { city: 'Quarzingen' } });
    expect(await search('quarzin')).toEqual({
      names: ['Quarzin', 'Quarzin Logistik', 'Werk Quarzin', 'Altquarzin Pumpen', 'Ohne Namen'],
      total: 5,
    });
    expect(await search('QUARZIN', 2)).toEqual({ names: ['Quarzin', 'Quarzin Logistik'], total: 5 });
  });

  it('takes % and _ as letters', async () => {
    await system.client.createOrg({ name: '100%ig_Gut' }, system.ida());
    expect((await search('0%ig_')).names).toEqual(['100%ig_Gut']);
    expect((await search('1_0%')).total).toBe(0);
  });

  it('is refused without a text and for too many', async () => {
    await expect(search('', 99)).rejects.toMatchObject({ code: 'INVALID', details: { violations: [{ path: 'q' }, { path: 'limit' }] } });
  });
});

describe('the values that companies have', () => {
  const values = async (of: string, q?: string) =>
    (await system.client.listOrgValues({ of, q }, system.ida())).items.map(({ value, companies }) => [value, companies]);

  it('are told with how many have them, the most frequent first, and can be looked for', async () => {
    const create = (industry: string, city: string) => system.client.createOrg({ name: 'Werte GmbH', industry, address: { city } }, system.ida());
    await create('Glas', 'Weiden');
    await create('Glas', 'Zwiesel');
    await create('Papier', 'Weiden');
    expect(await values('industry')).toEqual([['Glas', 2], ['Papier', 1]]);
    expect(await values('city', 'WEI')).toEqual([['Weiden', 2]]);
    expect(await values('industry', '%')).toEqual([]);
    const { total } = await system.client.listOrgs({ stages: [], statuses: [], orgKinds: [], pageSize: 1, industry: 'Glas' }, system.ida());
    expect(total).toBe(2);
  });

  it('are of nothing else', async () => {
    await expect(values('phone')).rejects.toMatchObject({ code: 'INVALID', details: { violations: [{ path: 'of' }] } });
  });
});
