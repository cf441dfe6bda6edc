import { status as Status, type ServiceError } from '@grpc/grpc-js';
import { DomainError, errorCodes, newId, systemClock, type ErrorCode } from '@tom/kernel';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { callFor, furtherStep, serviceCall, type CallContext } from './call-context.ts';
import { implement, type Handlers } from './implement.ts';
import { createMetrics } from './metrics.ts';
import { answerOf, bytes, EchoService, failureOf, startFixture, type Answer } from './rpc-fixture.ts';
import { createServiceTokens } from './service-tokens.ts';
import { makeTestIdentity } from './testing.ts';

let fixture: ReturnType<typeof startFixture>;
beforeEach(() => {
  fixture = startFixture();
});
afterEach(() => fixture.close());

const serve: typeof fixture.serve = (echo, more) => fixture.serve(echo, more);
const connect: typeof fixture.connect = (address, more) => fixture.connect(address, more);
const ida = () => fixture.ida();

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
    const authorization = `Bearer ${fixture.identity.userToken('ida', [])}`;
    await fixture.raw(server.address, bytes({ text: '' }), { authorization });
    const strange = { authorization, 'x-correlation-id': 'drop table', traceparent: '00-xyz' };
    await fixture.raw(server.address, bytes({ text: '' }), strange);
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
    const keyFile = fixture.identity.serviceKeyFile('task-service');
    const serviceTokens = createServiceTokens({ keyFile, service: 'task-service', clock: systemClock });
    await connect(server.address, { serviceTokens }).echo({ text: '' }, { correlationId: newId() });
    expect(actor).toBe('service:task-service');
    const cause = { correlationId: newId() };
    const call = await serviceCall(serviceTokens, cause);
    actor = '';
    await connect(server.address).echo({ text: '' }, call);
    expect([actor, call.correlationId]).toEqual(['service:task-service', cause.correlationId]);
  });

  it('is UNAVAILABLE, and so tried again, when it is our own token that is refused; a person is told', async () => {
    const stranger = makeTestIdentity();
    try {
      const server = await serve(async (request) => answerOf(request));
      const keyFile = stranger.serviceKeyFile('task-service');
      const serviceTokens = createServiceTokens({ keyFile, service: 'task-service', clock: systemClock });
      const client = connect(server.address, { serviceTokens });
      const correlationId = newId();
      const calls = [{ correlationId }, await serviceCall(serviceTokens, { correlationId }), { correlationId, token: stranger.userToken('ida', []) }];
      const failures = await Promise.all(calls.map((call) => failureOf(client.echo({ text: '' }, call))));
      expect(failures.map((failure) => (failure as DomainError).code)).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'UNAUTHENTICATED']);
    } finally {
      stranger.cleanup();
    }
  });

  it('has one log line without personal data and one observation', async () => {
    const registry = createMetrics('test');
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
    expect(fixture.logged()).toMatchObject([
      {
        level: 'info',
        msg: 'call',
        method: '/test.v1.EchoService/Echo',
        code: 'OK',
        correlationId: call.correlationId,
      },
      { level: 'info', msg: 'call', code: 'FAILED_PRECONDITION', reason: 'STATE_REFUSED' },
    ]);
    expect(fixture.logged()[0]?.['ms']).toEqual(expect.any(Number));
    expect(fixture.lines.join()).not.toMatch(/Maria|ida|eyJ/);
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
    const answer = await fixture.raw(server.address, bytes({ text: '' }), values);
    expect(answer).toMatchObject({ code: Status.UNAUTHENTICATED, details: message });
    expect(calls).toBe(0);
  });

  it('is INVALID when its message cannot be decoded, without the text of the decoder', async () => {
    const server = await serve(async (request) => answerOf(request));
    const authorization = `Bearer ${fixture.identity.userToken('ida', [])}`;
    const answer = (await fixture.raw(server.address, Buffer.from('{"text":secret'), {
      authorization,
    })) as ServiceError;
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
    ['a refusal whose details are no JSON', () => Promise.reject(new DomainError('INVALID', 'hunter2', { n: 1n }))],
    ['an answer that cannot be encoded', () => Promise.resolve({ text: 'x', length: 1n } as unknown as Answer)],
  ];

  it.each(faults)('(%s) is answered INTERNAL with no inner text, and logged with its cause', async (_what, echo) => {
    const server = await serve(echo);
    const authorization = `Bearer ${fixture.identity.userToken('ida', [])}`;
    const answer = (await fixture.raw(server.address, bytes({ text: '' }), { authorization })) as ServiceError;
    expect(answer).toMatchObject({ code: Status.INTERNAL, details: 'Internal error.' });
    expect(JSON.stringify(answer.metadata)).not.toMatch(/hunter2|details-bin/);
    expect(fixture.logged()).toMatchObject([
      { level: 'error', msg: expect.stringContaining('call failed') as unknown, err: expect.anything() as unknown },
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

describe('implement', () => {
  it('refuses a method that takes a stream and one without a handler', () => {
    const stream = { watch: { ...EchoService.echo, requestStream: true } };
    expect(() => implement(stream, { watch: async () => ({ text: '', length: 0 }) })).toThrow('takes a stream');
    expect(() => implement(EchoService, {} as Handlers<typeof EchoService>)).toThrow('has no handler');
  });
});

describe('the items of a batched call', () => {
  it('are each verified with their own token', async () => {
    const item = { correlationId: newId(), idempotency: { key: 'k', route: 'POST /x' } };
    const call = await callFor(fixture.verifier, fixture.identity.userToken('olga', ['ops']), {
      ...item,
      traceparent: undefined,
    });
    expect(call).toMatchObject({ caller: { actor: 'user:olga' }, ...item });
    await expect(callFor(fixture.verifier, 'x.y.z', item)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('furtherStep', () => {
  it('derives another key for each step, the same one each time, and leaves the rest alone', async () => {
    const call = await callFor(fixture.verifier, fixture.identity.userToken('ida', []), {
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
