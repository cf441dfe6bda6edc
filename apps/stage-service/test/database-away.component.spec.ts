import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '@tom/service/testing';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

it('lives, is not ready and answers UNAVAILABLE while its database is away, and is back by itself', async () => {
  const status = async (path: string) => (await fetch(`http://${system.app.opsAddress}${path}`)).status;
  const { orgId } = await system.client.createOrg({ name: 'Bleibt' }, system.ida());
  expect(await status('/readyz')).toBe(200);
  await system.wire.cut();
  expect(await status('/livez')).toBe(200);
  expect(await status('/readyz')).toBe(503);
  await expect(system.client.getOrg({ orgId }, system.ida())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await system.wire.restore();
  await eventually(async () => expect(await status('/readyz')).toBe(200));
  expect(await system.client.getOrg({ orgId }, system.ida())).toMatchObject({ name: 'Bleibt' });
  expect(await (await fetch(`http://${system.app.opsAddress}/metrics`)).text()).toContain('tom_outbox_waiting');
});
