import { DomainError } from '@tom/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from './create-client.ts';
import { implement, type Handlers } from './implement.ts';
import { createMetrics } from './metrics.ts';
import { EchoService, startFixture, type Answer } from './rpc-fixture.ts';
import { serveGrpc } from './serve-grpc.ts';

const CountService = {
  count: { ...EchoService.echo, path: '/test.v1.CountService/Count' as const, responseStream: true as const },
} as const;
type Count = Handlers<typeof CountService>['count'];

let fixture: ReturnType<typeof startFixture>;
const closing: (() => unknown)[] = [];
beforeEach(() => {
  fixture = startFixture();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await fixture.close();
});

async function connected(count: Count, maxConcurrentCalls?: number) {
  const server = await serveGrpc({
    address: '127.0.0.1:0',
    services: [implement(CountService, { count })],
    verifier: fixture.verifier,
    logger: { debug() {}, info() {}, warn() {}, error() {} } as never,
    metrics: createMetrics('test'),
    maxConcurrentCalls,
  });
  closing.push(() => server.stop());
  const client = createClient(CountService, { address: server.address });
  closing.push(() => client.close());
  return client;
}

const answer = (n: number): Answer => ({ text: String(n), length: n });
async function* upTo(most: number): AsyncGenerator<Answer> {
  for (let n = 1; n <= most; n += 1) yield answer(n);
}

async function collect(messages: AsyncIterable<Answer>): Promise<number[]> {
  const seen: number[] = [];
  for await (const { length } of messages) seen.push(length);
  return seen;
}

describe('an RPC that answers with a stream', () => {
  it('gives every message in order, and ends', async () => {
    const client = await connected((request) => upTo(Number(request.text)));
    expect(await collect(client.count({ text: '500' }, fixture.ida()))).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
    expect(await collect(client.count({ text: '0' }, fixture.ida()))).toEqual([]);
  });

  it('rejects with what the handler throws, after the messages before it', async () => {
    const client = await connected(async function* () {
      yield answer(1);
      throw new DomainError('TOO_MANY_REQUESTS', 'Enough.', { retryAfterSeconds: 9 });
    });
    const seen: number[] = [];
    const counting = (async () => {
      for await (const { length } of client.count({ text: '' }, fixture.ida())) seen.push(length);
    })();
    await expect(counting).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS', message: 'Enough.', details: { retryAfterSeconds: 9 } });
    expect(seen).toEqual([1]);
  });

  it('tells nothing of a fault, and refuses who brings no token', async () => {
    const client = await connected(async function* () {
      yield* upTo(0);
      throw new Error('secret');
    });
    await expect(collect(client.count({ text: '' }, fixture.ida()))).rejects.toThrow('/test.v1.CountService/Count failed with INTERNAL.');
    const nobody = { correlationId: fixture.ida().correlationId };
    await expect(collect(client.count({ text: '' }, nobody))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('ends the handler when the caller stops reading, or aborts', async () => {
    const ended: string[] = [];
    let tell: () => void = () => undefined;
    const client = await connected(async function* (request, call) {
      try {
        for (let n = 1; call.signal?.aborted !== true; n += 1) {
          yield answer(n);
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        ended.push(request.text);
        tell();
      }
    });
    const over = () => new Promise<void>((resolve) => (tell = resolve));
    let ending = over();
    for await (const { length } of client.count({ text: 'left' }, fixture.ida())) if (length === 3) break;
    await ending;

    ending = over();
    const controller = new AbortController();
    const aborted = (async () => {
      for await (const { length } of client.count({ text: 'aborted' }, { ...fixture.ida(), signal: controller.signal })) {
        if (length === 3) controller.abort();
      }
    })();
    await expect(aborted).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'The call was cancelled.' });
    await ending;
    expect(ended).toEqual(['left', 'aborted']);
  });

  it('waits while nobody reads', async () => {
    let made = 0;
    const client = await connected(async function* () {
      const text = 'x'.repeat(100_000);
      for (made = 1; made <= 1_000; made += 1) yield { text, length: made };
    });
    const messages = client.count({ text: '' }, fixture.ida())[Symbol.asyncIterator]();
    await messages.next();
    // What the connection takes on its own is a small part of the 100 MB.
    const before = made;
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(made).toBeLessThan(500);
    expect(made).toBeGreaterThanOrEqual(before);
    await messages.return?.();
  });

  it('counts as a call under way until it has ended', async () => {
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    const client = await connected(async function* () {
      yield answer(1);
      await held;
    }, 1);
    const first = client.count({ text: '' }, fixture.ida())[Symbol.asyncIterator]();
    await first.next();
    await expect(collect(client.count({ text: '' }, fixture.ida()))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    go();
    expect((await first.next()).done).toBe(true);
    expect(await collect(client.count({ text: '' }, fixture.ida()))).toEqual([1]);
  });
});
