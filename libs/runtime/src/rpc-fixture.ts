import { Client as RawClient, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { newId, systemClock } from '@tom/kernel';
import { expect } from 'vitest';
import { createClient, type ClientOptions } from './create-client.ts';
import { implement, type Handlers } from './implement.ts';
import { createLogger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { serveGrpc, type GrpcServer, type GrpcServerOptions } from './serve-grpc.ts';
import { makeTestIdentity } from './testing.ts';
import { createTokenVerifier } from './token-verifier.ts';

export interface Ask {
  readonly text: string;
}
export interface Answer {
  readonly text: string;
  readonly length: number;
}

const method = <const P extends string>(path: P) => ({
  path,
  requestStream: false as const,
  responseStream: false as const,
  requestSerialize: (value: Ask): Buffer => bytes(value),
  requestDeserialize: (value: Buffer): Ask => JSON.parse(value.toString()) as Ask,
  responseSerialize: (value: Answer): Buffer => bytes(value),
  responseDeserialize: (value: Buffer): Answer => JSON.parse(value.toString()) as Answer,
});

/** A service definition as ts-proto writes them, with JSON in the place of protobuf. */
export const EchoService = {
  echo: method('/test.v1.EchoService/Echo'),
  other: method('/test.v1.EchoService/Other'),
} as const;

export const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
export const answerOf = ({ text }: Ask): Answer => ({ text, length: text.length });

/** Servers and clients of the EchoService on the loopback; `close` lets go of all of them. */
export function startFixture() {
  const identity = makeTestIdentity();
  const verifier = createTokenVerifier({ trustedKeysFile: identity.trustedKeysFile, clock: systemClock });
  const lines: string[] = [];
  const logger = createLogger({ service: 'test', destination: { write: (line: string) => void lines.push(line) } });
  const closing: (() => unknown)[] = [() => identity.cleanup()];

  async function serve(
    echo: Handlers<typeof EchoService>['echo'],
    more: Partial<GrpcServerOptions> & { readonly metrics?: Metrics } = {},
  ): Promise<GrpcServer> {
    const handlers = { echo, other: async (request: Ask) => answerOf(request) };
    const services = [implement(EchoService, handlers)];
    const metrics = createMetrics('test');
    const server = await serveGrpc({ address: '127.0.0.1:0', services, verifier, logger, metrics, ...more });
    closing.push(() => server.stop());
    return server;
  }

  function connect(address: string, more: Partial<ClientOptions> = {}) {
    const client = createClient(EchoService, { address, ...more });
    closing.push(() => client.close());
    return client;
  }

  /** What a client that is not ours is told. */
  function raw(
    address: string,
    request: Buffer,
    headers: Readonly<Record<string, string>>,
  ): Promise<ServiceError | Buffer> {
    const client = new RawClient(address, credentials.createInsecure());
    closing.push(() => client.close());
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    const same = (value: Buffer) => value;
    const { path } = EchoService.echo;
    return new Promise((resolve) => {
      client.makeUnaryRequest(
        path,
        same,
        same,
        request,
        metadata,
        { deadline: systemClock.now().getTime() + 5_000 },
        (error, answer) => resolve(error ?? (answer as Buffer)),
      );
    });
  }

  return {
    identity,
    verifier,
    serve,
    connect,
    raw,
    lines,
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    /** A call of a person. */
    ida: () => ({ correlationId: newId(), token: identity.userToken('ida', ['ops']) }),
    async close() {
      for (const close of closing.reverse()) await close();
    },
  };
}

/** The error with which the work rejects; a test fails when it does not. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );
}
