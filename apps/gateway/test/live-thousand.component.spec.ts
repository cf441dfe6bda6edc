import { request } from 'node:http';
import { createTestBroker, eventually, type TestBroker } from '@tom/messaging/testing';
import { makeTestIdentity } from '@tom/runtime/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GatewayApp } from '../src/app.ts';
import { claims, startGateway } from './live-fixture.ts';

const STREAMS = 1_000;
const EVENTS = 100;
const EVENT = Buffer.from('\nevent: ');
const identity = makeTestIdentity();
const token = identity.userToken('ida', ['inside_sales']);
let log: TestBroker;
let app: GatewayApp;

beforeAll(async () => {
  log = await createTestBroker();
  app = await startGateway(log.url, identity);
});
afterAll(async () => {
  await app.stop();
  await log.drop();
  identity.cleanup();
});

interface Counting {
  events: number;
  ended: boolean;
}

/** A client that only counts, so that what is measured is the gateway. */
function countEvents(query: string): Promise<Counting> {
  return new Promise((resolve, reject) => {
    const sent = request(`${app.url}/api/v1/events${query}`, { agent: false, headers: { authorization: `Bearer ${token}` } });
    sent.once('error', reject);
    sent.once('response', (response) => {
      const counting = { events: 0, ended: false };
      let rest = Buffer.alloc(0);
      response.on('data', (chunk: Buffer) => {
        const bytes = Buffer.concat([rest, chunk]);
        for (let at = bytes.indexOf(EVENT); at >= 0; at = bytes.indexOf(EVENT, at + 1)) counting.events += 1;
        rest = bytes.subarray(Math.max(0, bytes.length - EVENT.length + 1));
      });
      response.on('error', () => undefined);
      response.once('close', () => {
        counting.ended = true;
      });
      resolve(counting);
    });
    sent.end();
  });
}

it('a thousand streams each get every event, at little cost, and end at once with the gateway', async () => {
  const begun = process.memoryUsage().rss;
  const clients: Counting[] = [];
  while (clients.length < STREAMS) clients.push(...(await Promise.all(Array.from({ length: 50 }, () => countEvents('')))));
  const perStream = (process.memoryUsage().rss - begun) / STREAMS;
  const before = process.cpuUsage();
  const from = performance.now();
  const messages = claims('many', EVENTS);
  for (let at = 0; at < EVENTS; at += 5) await log.broker.publish(messages.slice(at, at + 5));
  await eventually('everything at everybody', () => clients.every(({ events }) => events === EVENTS), 20_000);
  const seconds = (performance.now() - from) / 1_000;
  const { user, system } = process.cpuUsage(before);
  // Both ends of every stream are in this process; seen: 47 kB, 0.4 s, 5 µs of CPU an event and stream.
  expect(perStream).toBeLessThan(150_000);
  expect(seconds).toBeLessThan(10);
  expect((user + system) / (STREAMS * EVENTS)).toBeLessThan(50);
  expect(await (await fetch(`${app.url}/metrics`)).text()).toMatch(/tom_live_streams\{.*\} 1000\n/);

  const stopping = performance.now();
  await app.stop();
  expect(performance.now() - stopping).toBeLessThan(3_000);
  await eventually('all ended', () => clients.every(({ ended }) => ended));
}, 60_000);
