import { DomainError } from '@tom/kernel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerOf, failureOf, startFixture, type Answer, type Ask } from './rpc-fixture.ts';

let fixture: ReturnType<typeof startFixture>;
beforeEach(() => {
  fixture = startFixture();
});
afterEach(() => fixture.close());

const serve: typeof fixture.serve = (echo, more) => fixture.serve(echo, more);
const connect: typeof fixture.connect = (address, more) => fixture.connect(address, more);
const ida = () => fixture.ida();

describe('a call that takes too long', () => {
  it('is UNAVAILABLE at its deadline, and the handler is told that nobody waits', async () => {
    let told: (reason: unknown) => void = () => {};
    const aborted = new Promise((resolve) => (told = resolve));
    const server = await serve(async (request, call) => {
      call.signal?.addEventListener('abort', () => told(call.signal?.reason));
      await aborted;
      return answerOf(request);
    });
    const begun = performance.now();
    const error = await failureOf(connect(server.address, { timeoutMs: 150 }).echo({ text: '' }, ida()));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', message: 'EchoService did not answer in time.' });
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(await aborted).toBeInstanceOf(DomainError);
  });

  it('still has its fault logged when that comes after the end', async () => {
    const server = await serve(async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      throw new Error('too late');
    });
    await failureOf(connect(server.address, { timeoutMs: 50 }).echo({ text: '' }, ida()));
    await expect
      .poll(() => fixture.logged())
      .toMatchObject([
        { level: 'error', err: { message: 'too late' } },
        { msg: 'call', code: 'CANCELLED' },
      ]);
  });

  it('can be cancelled by its signal, also before it is sent', async () => {
    let cancelled: (value: string) => void = () => {};
    const seen = new Promise<string>((resolve) => (cancelled = resolve));
    const server = await serve(async (request, call) => {
      call.signal?.addEventListener('abort', () => cancelled('cancelled'));
      await seen;
      return answerOf(request);
    });
    const client = connect(server.address);
    const controller = new AbortController();
    const pending = client.echo({ text: '' }, { ...ida(), signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    expect(await failureOf(pending)).toMatchObject({ message: 'The call was cancelled.' });
    expect(await seen).toBe('cancelled');
    expect(await failureOf(client.echo({ text: '' }, { ...ida(), signal: AbortSignal.abort() }))).toMatchObject({
      message: 'The call was cancelled.',
    });
  });
});

describe('a service that goes away', () => {
  it('makes calls UNAVAILABLE at once, and the same client reaches it again when it is back', async () => {
    const echo = async (request: Ask) => answerOf(request);
    const before = await serve(echo);
    const client = connect(before.address);
    await client.echo({ text: '1' }, ida());
    await before.stop();
    const begun = performance.now();
    const error = await failureOf(client.echo({ text: '2' }, ida()));
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', message: 'EchoService is not available at the moment.' });
    await serve(echo, { address: before.address });
    const back = performance.now();
    let answer: Answer | undefined;
    while (answer === undefined && performance.now() - back < 5_000) {
      answer = await client.echo({ text: '3' }, ida()).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(answer).toEqual({ text: '3', length: 1 });
    expect(performance.now() - back).toBeLessThan(3_000);
  });

  it('may start after its clients', async () => {
    const probe = await serve(async (request) => answerOf(request));
    const { address } = probe;
    await probe.stop();
    const client = connect(address);
    expect(await failureOf(client.echo({ text: '' }, ida()))).toMatchObject({ code: 'UNAVAILABLE' });
    await serve(async (request) => answerOf(request), { address });
    await expect
      .poll(() => client.echo({ text: 'x' }, ida()).catch(() => undefined), { timeout: 5_000 })
      .toEqual({ text: 'x', length: 1 });
  });
});

describe('a server that stops', () => {
  it('lets calls under way finish', async () => {
    const server = await serve(async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return answerOf(request);
    });
    const pending = connect(server.address).echo({ text: 'late' }, ida());
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.stop();
    expect(await pending).toEqual({ text: 'late', length: 4 });
  });

  it('cuts calls off that do not end within the grace', async () => {
    const server = await serve(() => new Promise(() => undefined), { graceMs: 200 });
    const pending = failureOf(connect(server.address).echo({ text: '' }, ida()));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const begun = performance.now();
    await server.stop();
    expect(await pending).toMatchObject({ code: 'UNAVAILABLE' });
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('frees its port at once', async () => {
    const server = await serve(async (request) => answerOf(request));
    await connect(server.address).echo({ text: '' }, ida());
    await server.stop();
    expect((await serve(async (request) => answerOf(request), { address: server.address })).port).toBe(server.port);
  });
});

describe('serveGrpc', () => {
  it('says in one line that its port is in use', async () => {
    const server = await serve(async (request) => answerOf(request));
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const error = (await failureOf(serve(async (request) => answerOf(request), { address: server.address }))) as Error;
    expect(told).not.toHaveBeenCalled();
    told.mockRestore();
    expect(error.name).toBe('StartError');
    expect(error.message).toBe(`Cannot listen on ${server.address} for gRPC: the port is in use.`);
  });
});

describe('a server that is asked too much', () => {
  it('refuses the surplus at once, saying when to come back, and takes calls again when others have ended', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const server = await serve(
      async (request) => {
        if (request.text === 'fails') throw new Error('a fault');
        await held;
        return answerOf(request);
      },
      { maxConcurrentCalls: 2 },
    );
    const client = connect(server.address);
    const held2 = [client.echo({ text: '1' }, ida()), client.echo({ text: '2' }, ida())];
    const begun = performance.now();
    const surplus = await failureOf(client.echo({ text: '3' }, ida()));
    expect(surplus).toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterSeconds: 1 } });
    expect(performance.now() - begun).toBeLessThan(1_000);
    release();
    expect(await Promise.all(held2)).toHaveLength(2);
    // Faults and refusals are calls that have ended too.
    for (let n = 0; n < 3; n += 1) await failureOf(client.echo({ text: 'fails' }, ida()));
    expect(await client.echo({ text: '4' }, ida())).toEqual({ text: '4', length: 1 });
  });
});
