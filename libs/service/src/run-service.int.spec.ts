import { manualClock } from '@tom/kernel/testing';
import { messagingMigrations } from '@tom/messaging';
import { createTestBroker, type TestBroker } from '@tom/messaging/testing';
import { createFaultProxy, createTestDatabase, type TestDatabase } from '@tom/postgres/testing';
import { createLogger } from '@tom/runtime';
import { makeTestIdentity } from '@tom/runtime/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runService, type Service, type ServiceParts } from './run-service.ts';
import type { ServiceConfig } from './service-entries.ts';
import { eventually, sharedConfigDir } from './testing.ts';

const migrations = messagingMigrations;
const clock = manualClock('2026-03-02T08:00:00.000Z');
const identity = makeTestIdentity({ clock });
const logger = createLogger({ service: 'test', level: 'silent' });

let own: TestDatabase;
let log: TestBroker;
let config: ServiceConfig;
let steps: string[];
beforeAll(async () => {
  own = await createTestDatabase({ migrations: {} });
  log = await createTestBroker();
  config = {
    databaseUrl: own.url,
    eventLogUrl: log.url,
    grpcAddress: '127.0.0.1:0',
    opsAddress: '127.0.0.1:0',
    configDir: sharedConfigDir,
    trustedKeysFile: identity.trustedKeysFile,
    oidcIssuer: undefined,
    oidcAudience: undefined,
    oidcRolesClaim: 'roles',
    oidcUserClaim: 'preferred_username',
    parkedKeys: 1_000,
    parkedMessages: 10_000,
    oidcClockToleranceSeconds: 5,
    maxConcurrentCalls: 512,
    logLevel: 'silent',
  };
});
beforeEach(() => {
  steps = [];
});
afterAll(async () => {
  await own.drop();
  await log.drop();
  identity.cleanup();
});

const part = (name: string) => ({
  start: () => void steps.push(`${name} starts`),
  stop: () => void steps.push(`${name} stops`),
});

/** A service that notes what happens to it. */
function thing(given: Partial<Service> = {}, serve?: (parts: ServiceParts) => Promise<void>): Service {
  return {
    name: 'thing-service',
    config,
    migrations,
    histories: { thing: 'thing_history' },
    build: (parts) => ({
      async serve() {
        steps.push('serve');
        await serve?.(parts);
        return { subscriptions: [], services: [], parts: { first: part('first'), second: part('second') } };
      },
    }),
    ...given,
  };
}

const start = (service: Service, signal?: AbortSignal) =>
  runService(service, { clock, logger, ...(signal ? { signal } : {}) });
const status = async (address: string, path: string) => (await fetch(`http://${address}${path}`)).status;

describe('a service', () => {
  it('serves what it built once its database is migrated, starts its own parts in order and stops them in reverse', async () => {
    let tables = 0;
    const running = await start(
      thing({}, async ({ database }) => {
        tables = (await database.query({ name: 'test.outbox', text: 'select * from outbox' })).length + 1;
      }),
    );
    expect(tables).toBe(1);
    expect(await status(running.opsAddress, '/readyz')).toBe(200);
    await running.stop();
    expect(steps).toEqual(['serve', 'first starts', 'second starts', 'second stops', 'first stops']);
  });

  it('does not start on what is wrong before there is a database, and lets nothing listen', async () => {
    const service = thing({
      build() {
        throw new Error('workflows/x.yaml:3:1: no such queue');
      },
    });
    await expect(start(service)).rejects.toThrow('no such queue');
    expect(steps).toEqual([]);
  });

  it('does not start when what it reads of its database is wrong, and leaves nothing behind', async () => {
    const service = thing({}, async () => {
      throw new Error('stored with other content');
    });
    await expect(start(service)).rejects.toThrow('stored with other content');
    expect(steps).toEqual(['serve']);
  });

  it('is alive and not ready until its database is there, which it waits for', async () => {
    const wire = await createFaultProxy(own.url);
    await wire.cut();
    const free = await createFaultProxy(own.url);
    const opsAddress = new URL(free.url).host;
    await free.close();
    const starting = start(thing({ config: { ...config, databaseUrl: wire.url, opsAddress } }));
    await eventually(async () => expect(await status(opsAddress, '/livez')).toBe(200));
    expect(await status(opsAddress, '/readyz')).toBe(503);
    expect(steps).toEqual([]);
    await wire.restore();
    const running = await starting;
    expect(await status(opsAddress, '/readyz')).toBe(200);
    await running.stop();
    await wire.close();
  });

  it('gives up waiting when it is told to end', async () => {
    const ending = new AbortController();
    const starting = start(thing({ config: { ...config, databaseUrl: 'postgres://127.0.0.1:1/nowhere' } }), ending.signal);
    setTimeout(() => ending.abort(), 100);
    await expect(starting).rejects.toThrow();
  });

  it('is ready without the event log, and stops at once while it waits for it', async () => {
    const running = await start(thing({ config: { ...config, eventLogUrl: 'postgres://127.0.0.1:1/nowhere' } }));
    expect(await status(running.opsAddress, '/readyz')).toBe(200);
    expect(await (await fetch(`http://${running.opsAddress}/metrics`)).text()).toContain('tom_outbox_waiting');
    const begun = performance.now();
    await running.stop();
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
