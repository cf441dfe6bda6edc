import { startStack, type Stack } from '@tom/tools/stack';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { api, type Api } from '../src/api.ts';

// What a first start shows must look like work under way, on every screen.
let stack: Stack;
let mia: Api;
const notes: string[] = [];
beforeAll(async () => {
  stack = await startStack({ fast: true, demoData: true, note: (line) => void notes.push(line) });
  mia = api(stack.url, await stack.token('mia'));
}, 60_000);
afterAll(() => stack.stop());

it('is loaded as a whole', () => {
  const [told, ...rest] = notes.filter((line) => line.startsWith('demo data:'));
  expect(told).toMatch(/^demo data: (\d+) of \1 companies loaded/);
  expect(rest).toEqual([]);
});

it('has companies in every stage, and customers, leads and others in several cities', async () => {
  const { body: meta } = await mia.get<{ stages: { stage: string }[] }>('/meta');
  const { body } = await mia.get<{ counts: object; items: { address: { city: string } }[] }>('/orgs?pageSize=200');
  expect(Object.keys(body.counts).sort()).toEqual(meta.stages.map(({ stage }) => stage).sort());
  const cities = body.items.map(({ address }) => address.city);
  for (const city of ['Köln', 'Hamburg', 'Berlin', 'München']) expect(cities.filter((one) => one === city).length, city).toBeGreaterThan(1);
});

it('has work that is overdue, due later, free, mine and somebody else’s', async () => {
  const { body } = await mia.get<{ items: { key: string; open: { count: number }; overdue: { count: number } }[] }>('/reports/queues?by=person');
  const of = (key: string | null) => body.items.find((item) => item.key === key);
  for (const person of ['ida', 'ingo', 'otto', 'olga', 'cora', null]) expect(of(person)?.open.count, String(person)).toBeGreaterThan(0);
  expect(of(null)?.overdue.count).toBeGreaterThan(1);
});

it('has a request that was handed over, came back, went again and is held up by what is missing', async () => {
  const { body } = await mia.get<{ items: { status: string; engine: string; owner: string; chain: { kind: string }[] }[] }>('/cases?caseType=INBOUND_REQUEST');
  expect(body.items).toMatchObject([{ status: 'BLOCKED', engine: 'ops', owner: 'olga', chain: [{ kind: 'handover' }, { kind: 'return' }, { kind: 'handover' }] }]);
});

it('has activities over the last weeks, and people to call with their numbers', async () => {
  const { body } = await mia.get<{ days: { activities: { count: number } }[]; total: { reachedRate: number } }>('/reports/activities');
  expect(body.days.filter(({ activities }) => activities.count > 0).length).toBeGreaterThan(12);
  expect(body.total.reachedRate).toBeGreaterThan(0.3);
  const { body: found } = await mia.get<{ orgs: { orgId: string }[] }>(`/search?q=${encodeURIComponent('kessler')}`);
  const { body: contacts } = await mia.get<{ items: { name: string; phone: string }[] }>(`/orgs/${found.orgs[0]?.orgId}/contacts`);
  expect(contacts.items).toMatchObject([{ name: 'Claudia Sander', phone: '+49 221 4710318' }, { phone: expect.any(String) as string }]);
});
