import { newId } from '@tom/kernel';
import type { OutgoingMessage } from '@tom/messaging';
import { createTestBroker, eventually, type TestBroker } from '@tom/messaging/testing';
import { createDatabase, sql } from '@tom/postgres';
import { createFaultProxy } from '@tom/postgres/testing';
import { makeTestIdentity } from '@tom/runtime/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GatewayApp } from '../src/app.ts';
import { openEvents, type EventClient } from './event-client.ts';
import { claimed, claims, reassigned, startGateway } from './live-fixture.ts';

const identity = makeTestIdentity();
const token = identity.userToken('ida', ['inside_sales']);
const small = { LIVE_RECENT_BYTES: '65536', LIVE_STREAM_BYTES: '65536' };
let log: TestBroker;
let app: GatewayApp;
const clients: EventClient[] = [];
const gateways: GatewayApp[] = [];

beforeAll(async () => {
  log = await createTestBroker();
  app = await startGateway(log.url, identity);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const gateway of gateways.splice(0)) await gateway.stop();
});
afterAll(async () => {
  await app.stop();
  await log.drop();
  identity.cleanup();
});

async function open(query = '', headers: Record<string, string> = {}, at: GatewayApp = app): Promise<EventClient> {
  const client = await openEvents(`${at.url}/api/v1/events${query}`, token, headers);
  clients.push(client);
  return client;
}
const resume = (id: string | undefined, at: GatewayApp = app) => open('', { 'last-event-id': id ?? '' }, at);

async function another(settings: Record<string, string>, url = log.url): Promise<GatewayApp> {
  const gateway = await startGateway(url, identity, settings);
  gateways.push(gateway);
  return gateway;
}

const titles = (client: EventClient) => client.events().map(({ data }) => data.data?.task?.title ?? '');
const titlesOf = (messages: readonly OutgoingMessage[]) =>
  messages.map(({ value }) => (JSON.parse(value) as { task: { title: string } }).task.title);
/** Everything, each once; of different keys in any order. */
async function sees(client: EventClient, messages: readonly OutgoingMessage[], withinMs?: number): Promise<void> {
  await eventually(`${messages.length} events`, () => client.events().length >= messages.length, withinMs);
  expect([...titles(client)].sort()).toEqual([...titlesOf(messages)].sort());
}
async function inParts(messages: readonly OutgoingMessage[], size: number): Promise<void> {
  for (let at = 0; at < messages.length; at += size) await log.broker.publish(messages.slice(at, at + size));
}

describe('a stream', () => {
  it('starts now and shows what happens, as the contract says', async () => {
    await log.broker.publish([claimed({ title: 'before' })]);
    const client = await open();
    expect(client.status).toBe(200);
    expect(client.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(client.headers['cache-control']).toBe('no-store');
    const message = claimed({ title: 'after\nall' });
    await log.broker.publish([message]);
    await sees(client, [message]);
    const [event] = client.events();
    expect(event?.event).toBe('TaskClaimed');
    expect(event?.data).toEqual({
      id: message.headers['ce_id'],
      type: 'tom.task.v1.TaskClaimed',
      subject: message.key,
      time: message.headers['ce_time'],
      actor: 'user:ida',
      data: JSON.parse(message.value) as unknown,
    });
  });

  it('shows neither commands, nor dead letters, nor what is not what its contract says', async () => {
    const client = await open();
    const good = claimed();
    await log.broker.publish([
      { ...good, topic: 'tom.task.commands.v1' },
      { ...good, topic: 'tom.task.events.v1.activity-service.dlq' },
      { ...good, value: '{"task":{}}' },
      { ...good, value: 'nonsense' },
      { ...good, headers: { ...good.headers, ce_type: 'tom.stage.v1.OrgErased' } },
      { ...good, headers: {} },
      good,
    ]);
    await sees(client, [good]);
  });

  it('is limited to a company, to topics, and to a queue that a task is in or was', async () => {
    const orgId = newId();
    const [ofOrg, ofOrgToo, ofQueue, ofTopics, ofOthers] = await Promise.all(
      [`?orgId=${orgId}`, `?orgId=${orgId.toUpperCase()}`, '?queue=SALES_OPS', '?topics=tom.task.events.v1,tom.org.events.v1', '?topics=tom.case.events.v1'].map((query) => open(query)),
    );
    const own = claimed({ orgId, title: 'own' });
    const into = reassigned('INSIDE_SALES', { queue: 'SALES_OPS', title: 'into' });
    const out = reassigned('SALES_OPS', { title: 'out' });
    await log.broker.publish([own, into, out]);
    await sees(ofOrg as EventClient, [own]);
    await sees(ofOrgToo as EventClient, [own]);
    await sees(ofQueue as EventClient, [into, out]);
    await sees(ofTopics as EventClient, [own, into, out]);
    expect(ofOthers?.events()).toEqual([]);
  });

  it.each([
    ['an unknown topic', 'topics=tom.task.events.v1,tom.secret.v1', 'topics'],
    ['a topic of commands', 'topics=tom.task.commands.v1', 'topics'],
    ['dead letters', 'topics=tom.task.events.v1.stage-service.dlq', 'topics'],
    ['an unknown queue', 'queue=NOWHERE', 'queue'],
    ['a company that is none', 'orgId=x', 'orgId'],
    ['an unknown parameter', 'since=1', 'since'],
  ])('is refused with 400 for %s', async (_what, query, path) => {
    const response = await fetch(`${app.url}/api/v1/events?${query}`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(400);
    const { violations } = (await response.json()) as { violations: { path: string; expected: string }[] };
    expect(violations[0]?.path.startsWith(path)).toBe(true);
  });

  it('is refused without a token, and has a head for whoever asks for the head', async () => {
    expect((await fetch(`${app.url}/api/v1/events`)).status).toBe(401);
    const head = await fetch(`${app.url}/api/v1/events`, { method: 'HEAD', headers: { authorization: `Bearer ${token}` } });
    expect(head.status).toBe(200);
  });

  it('is refused with 503 when there are as many as may be', async () => {
    const gateway = await another({ LIVE_MAX_STREAMS: '2' });
    const [one] = [await open('', {}, gateway), await open('', {}, gateway)];
    const refused = await open('', {}, gateway);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    one.close();
    await eventually('room', async () => (await open('', {}, gateway)).status === 200);
  });

  it('ends when its token does', async () => {
    const exp = Math.floor(Date.now() / 1000) + 2;
    const client = await openEvents(`${app.url}/api/v1/events`, identity.userToken('ida', ['inside_sales'], { exp }));
    expect(client.status).toBe(200);
    await client.ended;
    expect(Math.abs(Date.now() - exp * 1000)).toBeLessThan(500);
  });

  it('is kept alive by heartbeats, which bring the id of now', async () => {
    const client = await open('', {}, await another({ LIVE_HEARTBEAT_SECONDS: '1' }));
    const beats = () => client.blocks.filter(({ comment }) => comment === 'heartbeat');
    await eventually('two heartbeats', () => beats().length >= 2);
    expect(client.events()).toEqual([]);
    const missed = claimed({ title: 'missed' });
    client.close();
    await log.broker.publish([missed]);
    await sees(await resume(beats()[1]?.id), [missed]);
  });

  it('shows a message once that is in the log twice', async () => {
    const client = await open();
    const [twice, last] = [claimed({ title: 'twice' }), claimed({ title: 'last' })];
    await log.broker.publish([twice]);
    await log.broker.publish([twice, last]);
    await sees(client, [twice, last]);
    const again = await resume(client.blocks[0]?.id);
    await sees(again, [twice, last]);
  });
});

describe('a stream that broke', () => {
  it('goes on after the last id that arrived, from every one of them', async () => {
    const first = await open();
    const all = claims('memory', 40);
    await inParts(all, 7);
    await sees(first, all);
    for (const at of [0, 17, 38, 39]) {
      const told = first.events().slice(at + 1).map(({ data }) => data.id);
      const client = await resume(first.events()[at]?.id);
      const next = claimed({ title: 'next' });
      await log.broker.publish([next]);
      await eventually('the rest', () => client.events().some(({ data }) => data.id === next.headers['ce_id']));
      expect(client.events().map(({ data }) => data.id).slice(0, told.length)).toEqual(told);
      client.close();
    }
  });

  it('is given from the log what is in memory no more, while events go on', async () => {
    const gateway = await another(small);
    const first = await open('', {}, gateway);
    const before = claims('before', 1);
    await log.broker.publish(before);
    await sees(first, before);
    first.close();
    const missed = claims('missed', 1_500);
    const watcher = await open('', {}, gateway);
    await inParts(missed.slice(0, 1_000), 100);
    const publishing = inParts(missed.slice(1_000), 20);
    const resumed = await Promise.all(Array.from({ length: 6 }, () => resume(first.lastId(), gateway)));
    await publishing;
    for (const client of [...resumed, watcher]) await sees(client, missed);
    // The ids that it was given on the way are good, too.
    const [one] = resumed;
    for (const at of [3, 700, 1_200, 1_499]) {
      const rest = new Set(titlesOf(missed));
      for (const title of titles(one as EventClient).slice(0, at + 1)) rest.delete(title);
      const client = await resume(one?.events()[at]?.id, gateway);
      await eventually('the rest', () => client.events().length >= rest.size);
      expect(new Set(titles(client))).toEqual(rest);
      client.close();
    }
  });

  it('goes on at another gateway, and after a restart', async () => {
    const old = await another({});
    const first = await open('', {}, old);
    const seen = claims('seen', 10);
    await log.broker.publish(seen);
    await sees(first, seen);
    const begun = performance.now();
    await gateways.pop()?.stop();
    expect(performance.now() - begun).toBeLessThan(2_000);
    await first.ended;
    expect(Number(first.blocks.at(-1)?.retry)).toBeGreaterThan(0);
    const missed = claims('missed', 25);
    await log.broker.publish(missed);
    await sees(await resume(first.lastId(), await another({})), missed);
    await sees(await resume(first.lastId()), missed);
  });

  it.each(['42', 'a b', '0192f0a0-0000-7000-8000-000000000002', 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '%00'])('is told to begin anew for the id %s', async (id) => {
    const client = await resume(id);
    await eventually('the reset', () => client.events().length > 0);
    expect(client.events()[0]).toMatchObject({ event: 'reset' });
    const next = claimed({ title: 'next' });
    await log.broker.publish([next]);
    await eventually('the next', () => client.events().length > 1);
    expect(titles(client).slice(1)).toEqual(['next']);
    const again = await resume(client.events()[0]?.id);
    await sees(again, [next]);
  });

  it('is told to begin anew when it missed more than is given, or what the log holds no more, or by another log', async () => {
    const isReset = async (client: EventClient) => {
      await eventually('the reset', () => client.events().length > 0);
      expect(client.events().map(({ event }) => event)).toEqual(['reset']);
    };
    const gateway = await another({ ...small, LIVE_RESUME_EVENTS: '200' });
    const first = await open('', {}, gateway);
    const before = claims('before', 1);
    await log.broker.publish(before);
    await sees(first, before);
    first.close();
    const other = await createTestBroker();
    try {
      await other.broker.publish(claims('other', 3_000));
      await isReset(await resume(first.lastId(), await another({}, other.url)));
    } finally {
      await gateways.pop()?.stop();
      await other.drop();
    }
    const watcher = await open('', {}, gateway);
    const missed = claims('missed', 300);
    await inParts(missed, 100);
    await sees(watcher, missed);
    await isReset(await resume(first.lastId(), gateway));
    const patient = await another(small);
    await open('', {}, patient);
    const database = createDatabase({ connectionString: log.url, applicationName: 'test', maxConnections: 1 });
    await database.query(sql('test.forget', 'delete from log_message'));
    await database.query(sql('test.heads', 'update log_partition set first_offset = next_offset'));
    await database.close();
    await isReset(await resume(first.lastId(), patient));
  });

  it('is ended when its client is too slow, and loses nothing by it', async () => {
    const gateway = await another({ LIVE_STREAM_BYTES: '65536' });
    const slow = await open('', {}, gateway);
    const healthy = await open('', {}, gateway);
    await sees(slow, []);
    slow.pause();
    // Beyond what the sockets of both sides take.
    const many = claims(`slow ${'x'.repeat(250)}`, 16_000);
    const publishing = inParts(many, 400);
    await publishing;
    slow.resume();
    await slow.ended;
    expect(slow.events().length).toBeLessThan(many.length);
    const got = [...titles(slow)];
    for (let last = slow; got.length < many.length; ) {
      const next = await resume(last.lastId(), gateway);
      await eventually('more', () => got.length + next.events().length >= many.length, 20_000);
      got.push(...titles(next));
      last = next;
    }
    expect(got.sort()).toEqual(titlesOf(many).sort());
    await sees(healthy, many);
  }, 60_000);
});

describe('while the log is away', () => {
  it('streams stay open with their heartbeats, new ones are answered, and what happened comes when it is back', async () => {
    const proxy = await createFaultProxy(log.url);
    const gateway = await another({ LIVE_HEARTBEAT_SECONDS: '1' }, proxy.url);
    try {
      const client = await open('', {}, gateway);
      await proxy.cut();
      const late = await open('', {}, gateway);
      const missed = claims('missed', 30);
      await log.broker.publish(missed);
      const beats = client.blocks.length;
      await eventually('heartbeats', () => client.blocks.length > beats + 1);
      await proxy.restore();
      await sees(client, missed);
      await sees(late, missed);
    } finally {
      await gateways.pop()?.stop();
      await proxy.close();
    }
  });

  it('a gateway that starts without it answers, and shows what was appended since the stream was asked for', async () => {
    const proxy = await createFaultProxy(log.url);
    await proxy.cut();
    const gateway = await another({ LIVE_HEARTBEAT_SECONDS: '1' }, proxy.url);
    try {
      const client = await open('', {}, gateway);
      expect(client.status).toBe(200);
      const missed = claims('missed', 12);
      await log.broker.publish(missed);
      await eventually('a heartbeat', () => client.blocks.some(({ comment }) => comment === 'heartbeat'));
      await proxy.restore();
      await sees(client, missed);
    } finally {
      await gateways.pop()?.stop();
      await proxy.close();
    }
  });
});
