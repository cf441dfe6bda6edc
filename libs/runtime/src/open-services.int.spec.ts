import { Client, credentials, Metadata, status as Status, type ServiceError } from '@grpc/grpc-js';
import { systemClock } from '@tom/kernel';
import { service as healthService } from 'grpc-health-check';
import protobuf from 'protobufjs';
import 'protobufjs/ext/descriptor/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { implement } from './implement.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { serveGrpc, type GrpcServer } from './serve-grpc.ts';
import { makeTestIdentity, type TestIdentity } from './testing.ts';
import { createTokenVerifier } from './token-verifier.ts';

const PROTO = `
  syntax = "proto3";
  package test.v1;
  message Ask { string text = 1; repeated Ask more = 2; }
  message Answer { Ask asked = 1; }
  service EchoService { rpc Echo(Ask) returns (Answer); }
  service HiddenService { rpc Hide(Ask) returns (Answer); }
`;
const REFLECTION = `
  syntax = "proto3";
  package grpc.reflection.v1;
  message Request { string file_containing_symbol = 4; string list_services = 7; }
  message Files { repeated bytes file_descriptor_proto = 1; }
  message Service { string name = 1; }
  message Services { repeated Service service = 1; }
  message Error { int32 error_code = 1; string error_message = 2; }
  message Response {
    Files file_descriptor_response = 4;
    Services list_services_response = 6;
    Error error_response = 7;
  }
`;

const same = (bytes: Buffer) => bytes;
const EchoService = {
  echo: {
    path: '/test.v1.EchoService/Echo',
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  },
} as const;

type Described = { toDescriptor(syntax: string): protobuf.Message };
const reflection = protobuf.parse(REFLECTION, { keepCase: true }).root;
const descriptorType = (protobuf as unknown as { descriptor: Record<string, protobuf.Type> }).descriptor;

function descriptorSet(): Uint8Array {
  const { root } = protobuf.parse(PROTO, { keepCase: true });
  const set = (root.resolveAll() as unknown as Described).toDescriptor('proto3');
  return descriptorType['FileDescriptorSet']!.encode(set).finish();
}

let identity: TestIdentity;
let server: GrpcServer;
let client: Client;

beforeEach(async () => {
  identity = makeTestIdentity();
  server = await serveGrpc({
    address: '127.0.0.1:0',
    services: [implement(EchoService, { echo: async (request) => request })],
    verifier: createTokenVerifier({ trustedKeysFile: identity.trustedKeysFile, clock: systemClock }),
    logger: createLogger({ service: 'test', level: 'silent' }),
    metrics: createMetrics('test'),
    descriptorSet: descriptorSet(),
    graceMs: 200,
  });
  client = new Client(server.address, credentials.createInsecure());
});
afterEach(async () => {
  client.close();
  await server.stop();
  identity.cleanup();
});

function health(service: string): Promise<string> {
  const { path, requestSerialize, responseDeserialize } = healthService['Check']!;
  return new Promise((resolve) =>
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, (error, answer) =>
      resolve(error ? (Status[error.code] ?? '') : (answer as { status: string }).status),
    ),
  );
}

async function ask(version: string, request: object): Promise<Record<string, unknown>> {
  const [Request, Response] = [reflection.lookupType('Request'), reflection.lookupType('Response')];
  const call = client.makeBidiStreamRequest(
    `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
    (value: object) => Buffer.from(Request.encode(value).finish()),
    (bytes: Buffer) => Response.toObject(Response.decode(bytes)),
    new Metadata(),
  );
  const answer = await new Promise<Record<string, unknown>>((resolve, reject) => {
    call.on('data', resolve);
    call.on('error', reject);
    call.write(request);
  });
  call.end();
  return answer;
}

describe('the standard health check', () => {
  it('answers without a token for the server and for each service', async () => {
    expect(await health('')).toBe('SERVING');
    expect(await health('test.v1.EchoService')).toBe('SERVING');
    expect(await health('test.v1.Other')).toBe('NOT_FOUND');
  });

  it('says when the server does not serve for now', async () => {
    server.setServing(false);
    expect([await health(''), await health('test.v1.EchoService')]).toEqual(['NOT_SERVING', 'NOT_SERVING']);
    server.setServing(true);
    expect(await health('')).toBe('SERVING');
  });

  it('tells those who watch it that the server stops, and does not wait for them', async () => {
    const { path, requestSerialize, responseDeserialize } = healthService['Watch']!;
    const seen: string[] = [];
    const watch = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service: '' });
    watch.on('data', ({ status }: { status: string }) => seen.push(status));
    const ended = new Promise<ServiceError>((resolve) => watch.on('error', resolve));
    await expect.poll(() => seen).toEqual(['SERVING']);
    const begun = performance.now();
    await server.stop();
    expect(performance.now() - begun).toBeLessThan(1_500);
    await ended;
    expect(seen).toEqual(['SERVING', 'NOT_SERVING']);
  });
});

describe.each(['v1', 'v1alpha'])('reflection %s', (version) => {
  it('lists the services that are served, without a token', async () => {
    const { list_services_response } = await ask(version, { list_services: '*' });
    expect(list_services_response).toEqual({ service: [{ name: 'test.v1.EchoService' }] });
  });

  it('hands out the descriptor of a symbol', async () => {
    const { file_descriptor_response } = await ask(version, { file_containing_symbol: 'test.v1.Ask' });
    const [bytes] = (file_descriptor_response as { file_descriptor_proto: Uint8Array[] }).file_descriptor_proto;
    const Type = descriptorType['FileDescriptorProto']!;
    const file = Type.toObject(Type.decode(bytes!)) as { package: string; messageType: { name: string }[] };
    expect(file.package).toBe('test.v1');
    expect(file.messageType.map(({ name }) => name)).toEqual(['Ask', 'Answer']);
  });

  it('says that it does not know a symbol', async () => {
    const { error_response } = await ask(version, { file_containing_symbol: 'test.v1.Nothing' });
    expect(error_response).toMatchObject({ error_code: Status.NOT_FOUND });
  });
});
