import { randomInt } from 'node:crypto';
import { newId } from '@tom/kernel';
import { createTestBroker, eventually, type TestBroker } from '@tom/messaging/testing';
import { makeTestIdentity } from '@tom/runtime/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GatewayApp } from '../src/app.ts';
import { openEvents, type EventClient } from './event-client.ts';
import { claimed, startGateway } from './live-fixture.ts';

const EVENTS = 3_000;
const ORGS = 40;
const BREAKS = 60;
const identity = makeTestIdentity();
const token = identity.userToken('ida', ['inside_sales']);
let log: TestBroker;
let gateways: GatewayApp[];

beforeAll(async () => {
  log = await createTestBroker();
  // One that remembers little, so that streams are brought up from the log, and one that remembers all.
  const settings = [{ LIVE_RECENT_BYTES: '65536' }, {}];
  gateways = await Promise.all(settings.map((one) => startGateway(log.url, identity, one)));
});
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await log.drop();
  identity.cleanup();
});

it('every event is told once and in order to a client that breaks off at any moment and comes back anywhere', async () => {
  const seed = Number(process.env['TOM_SEED'] ?? randomInt(1, 1_000_000));
  console.log(`TOM_SEED=${seed}`);
  let state = seed;
  const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;

  const orgs = Array.from({ length: ORGS }, () => newId());
  const published: { orgId: string; title: string }[] = [];
  let connected = (): void => undefined;
  const first = new Promise<void>((resolve) => (connected = resolve));
  async function publish(): Promise<void> {
    await first;
    while (published.length < EVENTS) {
      const batch = Array.from({ length: 1 + random(40) }, (_entry, n) => ({ orgId: orgs[random(ORGS)] ?? '', title: String(published.length + n) }));
      await log.broker.publish(batch.map(claimed));
      published.push(...batch);
      await new Promise((resolve) => setTimeout(resolve, random(20)));
    }
  }
  const told: { orgId: string; title: string }[] = [];
  const open = (lastId: string | undefined) =>
    openEvents(`${gateways[random(2)]?.url}/api/v1/events`, token, lastId === undefined ? {} : { 'last-event-id': lastId });
  const take = (client: EventClient) => {
    client.close();
    expect(client.events().map(({ event }) => event)).not.toContain('reset');
    told.push(...client.events().map(({ data }) => ({ orgId: data.subject, title: data.data?.task?.title ?? '' })));
  };
  async function follow(): Promise<void> {
    let lastId: string | undefined;
    for (let n = 0; n < BREAKS; n += 1) {
      const client = await open(lastId);
      // Whoever has no id yet has no claim to what happens before he comes back.
      if (lastId !== undefined) connected();
      await new Promise((resolve) => setTimeout(resolve, random(60)));
      take(client);
      lastId = client.lastId() ?? lastId;
    }
    const last = await open(lastId);
    await eventually('all', () => published.length >= EVENTS && told.length + last.events().length >= published.length, 20_000);
    take(last);
  }
  await Promise.all([publish(), follow()]);
  for (const orgId of orgs) {
    const of = (all: { orgId: string; title: string }[]) => all.filter((one) => one.orgId === orgId).map(({ title }) => title);
    expect(of(told)).toEqual(of(published));
  }
}, 60_000);
