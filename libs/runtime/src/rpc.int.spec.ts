import { Client as RawClient, credentials, Metadata, status as Status, type ServiceError } from '@grpc/grpc-js';
import { DomainError, errorCodes, newId, systemClock, type ErrorCode } from '@tom/kernel';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { callFor, furtherStep, serviceCall, type CallContext } from './call-context.ts';
import { createClient, type ClientOptions } from './create-client.ts';
import { implement, type Handlers } from './implement.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { serveGrpc, type GrpcServer, type GrpcServerOptions } from './serve-grpc.ts';
import { createServiceTokens } from './service-tokens.ts';
import { makeTestIdentity, type TestIdentity } from './testing.ts';
import { createTokenVerifier, type TokenVerifier } from './token-verifier.ts';

interface Ask {
  readonly text: string;
}
interface Answer {
  readonly text: string;
  readonly length: number;
}

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const method = <const P extends string>(path: P) => ({
  path,
  requestStream: false as const,
  responseStream: false as const,
  requestSerialize: (value: Ask): Buffer => bytes(value),
  requestDeserialize: (value: Buffer): Ask => JSON.parse(value.toString()) as Ask,
  responseSerialize: (value: Answer): Buffer => bytes(value),
  responseDeserialize: (value: Buffer): Answer => JSON.parse(value.toString()) as Answer,
});
const EchoService = {
  echo: method('/test.v1.EchoService/Echo'),
  other: method('/test.v1.EchoService/Other'),
} as const;

const answerOf = ({ text }: Ask): Answer => ({ text, length: text.length });

let identity: TestIdentity;
let verifier: TokenVerifier;
let lines: string[];
let closing: (() => unknown)[];

beforeEach(() => {
  identity = makeTestIdentity();
  verifier = createTokenVerifier({ trustedKeysFile: identity.trustedKeysFile, clock: systemClock });
  lines = [];
  closing = [() => identity.cleanup()];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

const metrics = () => createMetrics('test');
const logger = () => createLogger({ service: 'test', destination: { write: (line: string) => void lines.push(line) } });
const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

async function serve(
  echo: Handlers<typeof EchoService>['echo'],
  more: Partial<GrpcServerOptions> = {},
): Promise<GrpcServer> {
  const handlers = { echo, other: async (request: Ask) => answerOf(request) };
  const server = await serveGrpc({
    address: '127.0.0.1:0',
    services: [implement(EchoService, handlers)],
    verifier,
    logger: logger(),
    metrics: metrics(),
    ...more,
  });
  closing.push(() => server.stop());
  return server;
}

function connect(address: string, more: Partial<ClientOptions> = {}) {
  const client = createClient(EchoService, { address, ...more });
  closing.push(() => client.close());
  return client;
}

const ida = () => ({ correlationId: newId(), token: identity.userToken('ida', ['ops']) });

/** What a client that is not ours is told. */
function raw(address: string, request: Buffer, metadata: Metadata): Promise<ServiceError | Buffer> {
  const client = new RawClient(address, credentials.createInsecure());
  closing.push(() => client.close());
  return new Promise((resolve) => {
    const same = (value: Buffer) => value;
    const deadline = Date.now() + 5_000;
    client.makeUnaryRequest(EchoService.echo.path, same, same, request, metadata, { deadline }, (error, answer) =>
      resolve(error ?? (answer as Buffer)),
    );
  });
}

function metadataOf(values: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(values)) metadata.set(name, value);
  return metadata;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );
}

describe('a call', () => {
  it('carries message, caller, correlation, trace, idempotency and deadline', async () => {
    let seen: CallContext | undefined;
    const server = await serve(async (request, call) => {
      seen = call;
      return answerOf(request);
    });
    const client = connect(server.address);
    const call = {
      ...ida(),
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      idempotency: { key: 'Schlüssel 100% ✓', route: 'POST /orgs/1/activities' },
    };
    const answer = await client.echo({ text: 'grüß' }, call);
    expect(answer).toEqual({ text: 'grüß', length: 4 });
    expectTypeOf(answer).toEqualTypeOf<Answer>();
    expect(seen).toMatchObject({
      caller: { actor: 'user:ida', roles: ['ops'], token: call.token },
      correlationId: call.correlationId,
      traceparent: call.traceparent,
      idempotency: call.idempotency,
    });
    const left = (seen?.deadline?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(3_000);
    expect(left).toBeLessThanOrEqual(5_000);
  });

  it.each(['plain-key', '100%', '%41', 'a b', '🔑', 'x'.repeat(255)])(
    'keeps the idempotency key %j as it is',
    async (key) => {
      let seen: string | undefined;
      const server = await serve(async (request, call) => {
        seen = call.idempotency?.key;
        return answerOf(request);
      });
      await connect(server.address).echo({ text: '' }, { ...ida(), idempotency: { key, route: 'POST /x' } });
      expect(seen).toBe(key);
    },
  );

  it('forwards token, correlation and trace of the call that it serves, and an earlier deadline', async () => {
    const seen: CallContext[] = [];
    const inner = await serve(async (request, call) => {
      seen.push(call);
      return answerOf(request);
    });
    const innerClient = connect(inner.address);
    const outer = await serve(async (request, call) => innerClient.echo(request, call));
    const call = { ...ida(), traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, timeoutMs: 1_500 };
    await connect(outer.address).echo({ text: 'x' }, call);
    expect(seen[0]).toMatchObject({
      caller: { actor: 'user:ida', token: call.token },
      correlationId: call.correlationId,
      traceparent: call.traceparent,
    });
    expect((seen[0]?.deadline?.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(1_500);
  });

  it('begins a correlation when it comes with none or a malformed one, and drops a malformed trace', async () => {
    const seen: CallContext[] = [];
    const server = await serve(async (request, call) => {
      seen.push(call);
      return answerOf(request);
    });
    const authorization = `Bearer ${identity.userToken('ida', [])}`;
    await raw(server.address, bytes({ text: '' }), metadataOf({ authorization }));
    const strange = { authorization, 'x-correlation-id': 'drop table', traceparent: '00-xyz' };
    await raw(server.address, bytes({ text: '' }), metadataOf(strange));
    for (const call of seen) {
      expect(call.correlationId).toMatch(/^[0-9a-f-]{36}$/);
      expect(call).not.toHaveProperty('traceparent');
      expect(call).not.toHaveProperty('idempotency');
    }
    expect(seen).toHaveLength(2);
  });

  it("goes out with the service's own token when it has none", async () => {
    let actor = '';
    const server = await serve(async (request, call) => {
      actor = call.caller.actor;
      return answerOf(request);
    });
    const keyFile = identity.serviceKeyFile('task-service');
    const serviceTokens = createServiceTokens({ keyFile, service: 'task-service', clock: systemClock });
    await connect(server.address, { serviceTokens }).echo({ text: '' }, { correlationId: newId() });
    expect(actor).toBe('service:task-service');
    const cause = { correlationId: newId() };
    const call = await serviceCall(serviceTokens, cause);
    actor = '';
    await connect(server.address).echo({ text: '' }, call);
    expect([actor, call.correlationId]).toEqual(['service:task-service', cause.correlationId]);
  });

  it('has one log line without personal data and one observation', async () => {
    const registry = metrics();
    const server = await serve(
      async (request) => {
        if (request.text === 'no') throw DomainError.stateRefused('Closed.', 'DONE');
        return answerOf(request);
      },
      { metrics: registry },
    );
    const client = connect(server.address);
    const call = ida();
    await client.echo({ text: 'Maria Muster' }, call);
    await failureOf(client.echo({ text: 'no' }, call));
    expect(logged()).toMatchObject([
      {
        level: 'info',
        msg: 'call',
        method: '/test.v1.EchoService/Echo',
        code: 'OK',
        correlationId: call.correlationId,
      },
      { level: 'info', msg: 'call', code: 'FAILED_PRECONDITION', reason: 'STATE_REFUSED' },
    ]);
    expect(logged()[0]?.['ms']).toEqual(expect.any(Number));
    expect(lines.join()).not.toMatch(/Maria|ida|eyJ/);
    const text = await registry.metrics();
    expect(text).toMatch(/grpc_server_seconds_count\{.*code="OK".*\} 1/);
    expect(text).toMatch(/grpc_server_seconds_count\{.*code="FAILED_PRECONDITION".*\} 1/);
  });
});

describe('a refused call', () => {
  it.each(Object.keys(errorCodes) as ErrorCode[])('%s arrives as it was thrown, through two services', async (code) => {
    const thrown = new DomainError(code, `Nein – ${code}.`, { by: 'ida', rules: [{ de: 'müssen', met: false }] });
    const inner = await serve(() => Promise.reject(thrown));
    const innerClient = connect(inner.address);
    const outer = await serve(async (request, call) => innerClient.echo(request, call));
    const error = await failureOf(connect(outer.address).echo({ text: '' }, ida()));
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code, message: thrown.message, details: thrown.details });
  });

  it('arrives also when it quotes half a character', async () => {
    const server = await serve(() => Promise.reject(DomainError.notFound('Queue \ud83d')));
    expect(await failureOf(connect(server.address).echo({ text: '' }, ida()))).toMatchObject({
      code: 'NOT_FOUND',
      message: 'Queue \ufffd does not exist.',
    });
  });

  it('arrives also with more details than a status can carry, which are cut visibly', async () => {
    const violations = Array.from({ length: 5_000 }, (_, index) => ({
      path: `field${index}`,
      message: 'ist unbekannt – „ß“',
      expected: 'nothing',
    }));
    const current = { description: 'ß'.repeat(128 * 1024) };
    const message = 'ü'.repeat(100_000);
    const refusals = [
      new DomainError('STALE_VERSION', 'Stale.', { by: 'ida', current }),
      new DomainError('INVALID', message, { violations }),
    ];
    const server = await serve(async ({ text }) => Promise.reject(refusals[Number(text)]!));
    const client = connect(server.address);
    expect(await failureOf(client.echo({ text: '0' }, ida()))).toMatchObject({
      code: 'STALE_VERSION',
      details: { by: 'ida', truncated: ['current'] },
    });
    const invalid = (await failureOf(client.echo({ text: '1' }, ida()))) as DomainError;
    expect(invalid).toMatchObject({ code: 'INVALID', details: { truncated: ['violations'] } });
    const left = invalid.details['violations'] as unknown[];
    expect(left.length).toBeGreaterThan(100);
    expect(left).toEqual(violations.slice(0, left.length));
  });

  it.each([
    ['no token', {}, 'The call has no bearer token.'],
    ['another scheme', { authorization: 'Basic aWRhOmlkYQ==' }, 'The call has no bearer token.'],
    ['a text that is no token', { authorization: 'Bearer x.y.z' }, 'The token is not a signed JWT.'],
  ])('is UNAUTHENTICATED with %s, and no handler sees it', async (_what, values, message) => {
    let calls = 0;
    const server = await serve(async (request) => {
      calls += 1;
      return answerOf(request);
    });
    const answer = await raw(server.address, bytes({ text: '' }), metadataOf(values));
    expect(answer).toMatchObject({ code: Status.UNAUTHENTICATED, details: message });
    expect(calls).toBe(0);
  });

  it('is INVALID when its message cannot be decoded, without the text of the decoder', async () => {
    const server = await serve(async (request) => answerOf(request));
    const authorization = `Bearer ${identity.userToken('ida', [])}`;
    const answer = (await raw(
      server.address,
      Buffer.from('{"text":secret'),
      metadataOf({ authorization }),
    )) as ServiceError;
    expect(answer).toMatchObject({ code: Status.INVALID_ARGUMENT });
    expect(JSON.stringify([answer.details, answer.metadata])).not.toMatch(/secret|JSON/);
  });
});

describe('a fault in a handler', () => {
  const faults: [string, () => Promise<Answer>][] = [
    ['an error', () => Promise.reject(new Error('password=hunter2 at db.internal:5432'))],
    [
      'an error thrown at once',
      () => {
        throw new TypeError('password=hunter2');
      },
    ],
    ['something that is no error', () => Promise.reject('hunter2' as unknown as Error)],
    ['an answer that cannot be encoded', () => Promise.resolve({ text: 'x', length: 1n } as unknown as Answer)],
  ];

  it.each(faults)('(%s) is answered INTERNAL with no inner text, and logged with its cause', async (_what, echo) => {
    const server = await serve(echo);
    const authorization = `Bearer ${identity.userToken('ida', [])}`;
    const answer = (await raw(server.address, bytes({ text: '' }), metadataOf({ authorization }))) as ServiceError;
    expect(answer).toMatchObject({ code: Status.INTERNAL, details: 'Internal error.' });
    expect(JSON.stringify(answer.metadata)).not.toMatch(/hunter2|details-bin/);
    expect(logged()).toMatchObject([
      { level: 'error', msg: 'call failed', err: expect.anything() as unknown },
      { level: 'info', msg: 'call', code: 'INTERNAL' },
    ]);
  });

  it('is a plain Error at the client, never a refusal', async () => {
    const server = await serve(() => Promise.reject(new Error('hunter2')));
    const error = (await failureOf(connect(server.address).echo({ text: '' }, ida()))) as Error;
    expect(error).not.toBeInstanceOf(DomainError);
    expect(error.message).toBe('/test.v1.EchoService/Echo failed with INTERNAL.');
  });

  it('is UNAVAILABLE when it passes by itself', async () => {
    const away = new Error('connection terminated: db.internal');
    const server = await serve(() => Promise.reject(away), { isTransient: (error) => error === away });
    const error = await failureOf(connect(server.address).echo({ text: '' }, ida()));
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect((error as Error).message).not.toContain('db.internal');
  });

  it('does not harm the calls after it', async () => {
    const server = await serve(async (request) => {
      if (request.text === 'bad') throw new Error('bad');
      return answerOf(request);
    });
    const client = connect(server.address);
    const outcomes = await Promise.allSettled(['bad', 'good', 'bad'].map((text) => client.echo({ text }, ida())));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
  });
});

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

describe('implement', () => {
  it('refuses a stream and a method without a handler', () => {
    const stream = { watch: { ...EchoService.echo, responseStream: true } };
    expect(() => implement(stream, { watch: async () => ({ text: '', length: 0 }) })).toThrow('is a stream');
    expect(() => implement(EchoService, {} as Handlers<typeof EchoService>)).toThrow('has no handler');
  });
});

describe('the items of a batched call', () => {
  it('are each verified with their own token', async () => {
    const item = { correlationId: newId(), idempotency: { key: 'k', route: 'POST /x' } };
    const call = await callFor(verifier, identity.userToken('olga', ['ops']), { ...item, traceparent: undefined });
    expect(call).toMatchObject({ caller: { actor: 'user:olga' }, ...item });
    await expect(callFor(verifier, 'x.y.z', item)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('furtherStep', () => {
  it('derives another key for each step, the same one each time, and leaves the rest alone', async () => {
    const call = await callFor(verifier, identity.userToken('ida', []), {
      correlationId: newId(),
      idempotency: { key: 'k', route: 'POST /orgs/1/stage' },
    });
    const step = furtherStep(call, 'activity');
    expect(step).toEqual({ ...call, idempotency: { key: expect.any(String) as unknown, route: 'POST /orgs/1/stage' } });
    expect(step.idempotency?.key).not.toBe('k');
    expect(furtherStep(call, 'activity')).toEqual(step);
    expect(furtherStep(call, 'close').idempotency?.key).not.toBe(step.idempotency?.key);
    const { idempotency: _, ...without } = call;
    expect(furtherStep(without, 'activity')).toBe(without);
  });
});
