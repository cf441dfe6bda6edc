import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFaultProxy, type FaultProxy } from '@tom/postgres/testing';
import { eventually } from '@tom/service/testing';
import { startApp } from '../src/app.ts';
import { startSystem, type System } from './system.ts';

let system: System;
const proxies: FaultProxy[] = [];
let databaseProxy: FaultProxy;
let logProxy: FaultProxy;
beforeAll(async () => {
  system = await startSystem(async (url) => {
    const proxy = await createFaultProxy(url);
    proxies.push(proxy);
    return proxy.url;
  });
  [databaseProxy, logProxy] = proxies as [FaultProxy, FaultProxy];
});
afterAll(async () => {
  await system.stop();
  for (const proxy of proxies) await proxy.close();
});

const status = async (address: string, path: string) => (await fetch(`http://${address}${path}`)).status;
const log = (orgId: string) => system.client.logActivity({ orgId, fields: { activityType: 'CALL' } }, system.ida());

describe('while its database is away', () => {
  it('the service lives, is not ready, refuses for now, and comes back by itself', async () => {
    const orgId = system.org();
    await log(orgId);
    expect(await status(system.app.opsAddress, '/readyz')).toBe(200);
    await databaseProxy.cut();
    try {
      await expect(log(orgId)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(await status(system.app.opsAddress, '/readyz')).toBe(503);
      expect(await status(system.app.opsAddress, '/livez')).toBe(200);
    } finally {
      await databaseProxy.restore();
    }
    await eventually(() => log(orgId), 15_000);
    await eventually(async () => expect(await status(system.app.opsAddress, '/readyz')).toBe(200));
    expect(await system.told(orgId, 2)).toHaveLength(2);
  });

  it('a start waits for it, alive, and ends when it is told to', async () => {
    const nowhere = { ...system.config, databaseUrl: 'postgres://127.0.0.1:1/nowhere', opsAddress: '127.0.0.1:0' };
    const stop = new AbortController();
    const starting = startApp(nowhere, { signal: stop.signal });
    setTimeout(() => stop.abort(), 300);
    await expect(starting).rejects.toThrow();
  });
});

describe('while the event log is away', () => {
  it('activities are logged and told once it is back', async () => {
    const orgId = system.org();
    await log(orgId);
    await logProxy.cut();
    try {
      await log(orgId);
    } finally {
      await logProxy.restore();
    }
    await eventually(async () => expect(await system.told(orgId, 2)).toHaveLength(2), 15_000);
  });
});

describe('beside its own RPCs', () => {
  it('it shows its metrics', async () => {
    const text = await (await fetch(`http://${system.app.opsAddress}/metrics`)).text();
    expect(text).toContain('tom_outbox_waiting');
  });
});
