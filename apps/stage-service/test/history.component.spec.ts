import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Envelope } from '@tom/messaging';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

it('answers services, and nobody else, what it published of a company and which companies there are', async () => {
  const [first, second] = [await system.company(), await system.company()];
  const page = await system.client.listHistory({ orgId: first, pageSize: 1 }, system.service());
  const rest = await system.client.listHistory({ orgId: first, pageSize: 500, pageToken: page.nextPageToken }, system.service());
  const published = await system.told(first);
  const told = [...page.envelopes, ...rest.envelopes].map((text) => JSON.parse(text) as Envelope);
  expect(told.map(({ id }) => id).sort()).toEqual(published.map(({ id }) => id).sort());
  expect(rest.nextPageToken).toBeUndefined();
  const { orgIds } = await system.client.listOrgIds({ pageSize: 0 }, system.service());
  expect(orgIds).toEqual([...orgIds].sort());
  expect(orgIds).toEqual(expect.arrayContaining([first, second]));
  const behind = await system.client.listOrgIds({ after: orgIds[0] ?? '', pageSize: 1 }, system.service());
  expect(behind.orgIds).toEqual(orgIds.slice(1, 2));
  await expect(system.client.listOrgIds({ after: 'x', pageSize: 1 }, system.service())).rejects.toMatchObject({ code: 'INVALID' });
  await expect(system.client.listHistory({ orgId: first, pageSize: 1 }, system.root())).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(system.client.listOrgIds({ pageSize: 1 }, system.root())).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
