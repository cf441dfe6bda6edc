import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { credentials, type ChannelCredentials } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeTestAuthority, type CertificateFiles, type TestAuthority } from './certificates-testing.ts';
import { grpcTls, type GrpcTls } from './grpc-tls.ts';
import { answerOf, failureOf, startFixture } from './rpc-fixture.ts';

let ours: TestAuthority;
let theirs: TestAuthority;
let stage: CertificateFiles;
let task: CertificateFiles;
beforeAll(async () => {
  [ours, theirs] = await Promise.all([makeTestAuthority(), makeTestAuthority()]);
  [stage, task] = await Promise.all([ours.issue('stage-service'), ours.issue('task-service')]);
});
afterAll(() => {
  ours.cleanup();
  theirs.cleanup();
});

let fixture: ReturnType<typeof startFixture>;
beforeEach(() => {
  fixture = startFixture();
});
afterEach(() => fixture.close());

const serve = (tls: GrpcTls) => fixture.serve(async (request) => answerOf(request), { tls });
const ask = (address: string, tls?: GrpcTls) =>
  fixture.connect(address, { tls, timeoutMs: 2_000 }).echo({ text: 'x' }, fixture.ida());
const withClient = (client: ChannelCredentials): GrpcTls => ({ ...grpcTls(task), client });
const AWAY = { code: 'UNAVAILABLE' };

describe('services with certificates', () => {
  it('talk to each other', async () => {
    const server = await serve(grpcTls(stage));
    expect(await ask(server.address, grpcTls(task))).toEqual({ text: 'x', length: 1 });
  });

  it('take no client without one', async () => {
    const server = await serve(grpcTls(stage));
    expect(await failureOf(ask(server.address))).toMatchObject(AWAY);
    const onlyTrusting = withClient(credentials.createSsl(readFileSync(ours.caFile)));
    expect(await failureOf(ask(server.address, onlyTrusting))).toMatchObject(AWAY);
    expect(fixture.logged().filter(({ msg }) => msg === 'call')).toEqual([]);
  });

  it('take no client whose certificate is of another authority or has expired', async () => {
    const server = await serve(grpcTls(stage));
    const foreign = { ...(await theirs.issue('task-service')), grpcTlsCaFile: ours.caFile };
    const expired = await ours.issue('old-service', { expired: true });
    for (const files of [foreign, expired]) {
      expect(await failureOf(ask(server.address, grpcTls(files)))).toMatchObject(AWAY);
    }
    expect(fixture.logged().filter(({ msg }) => msg === 'call')).toEqual([]);
  });

  it('take no server of another authority, of another name, or without TLS', async () => {
    const impostor = await serve(grpcTls(await theirs.issue('stage-service')));
    const misplaced = await serve(grpcTls(await ours.issue('elsewhere', { hosts: ['stage.example', '127.0.0.2'] })));
    const open = await fixture.serve(async (request) => answerOf(request), { graceMs: 200 });
    for (const { address } of [impostor, misplaced, open]) {
      expect(await failureOf(ask(address, grpcTls(task)))).toMatchObject(AWAY);
    }
    expect(fixture.logged().filter(({ msg }) => msg === 'call')).toEqual([]);
  });

  it('still ask for a token: a certificate says which process it is, not for whom it speaks', async () => {
    const server = await serve(grpcTls(stage));
    const client = fixture.connect(server.address, { tls: grpcTls(task) });
    expect(await failureOf(client.echo({ text: 'x' }, { correlationId: 'x' }))).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('files that change', () => {
  const serialOf = (address: string) =>
    new Promise<string>((resolve, reject) => {
      const [host = '', port = ''] = address.split(':');
      const files = { ca: readFileSync(task.grpcTlsCaFile), cert: readFileSync(task.grpcTlsCertFile), key: readFileSync(task.grpcTlsKeyFile) };
      const socket = connectTls({ host, port: Number(port), ALPNProtocols: ['h2'], ...files }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
      socket.once('error', reject);
    });
  const serialIn = (file: string) => new X509Certificate(readFileSync(file)).serialNumber;

  it('are taken up while the server runs, once certificate and key fit', async () => {
    const files = await ours.issue('renewed');
    const fresh = await ours.issue('fresh');
    const server = await serve(grpcTls(files, { lookAgainMs: 20 }));
    const before = await serialOf(server.address);
    expect(before).toBe(serialIn(files.grpcTlsCertFile));
    copyFileSync(fresh.grpcTlsCertFile, files.grpcTlsCertFile);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await serialOf(server.address)).toBe(before);
    copyFileSync(fresh.grpcTlsKeyFile, files.grpcTlsKeyFile);
    await expect.poll(() => serialOf(server.address)).toBe(serialIn(fresh.grpcTlsCertFile));
  });

  it('do not end the process when they become rubbish', async () => {
    const files = await ours.issue('spoiled');
    const server = await serve(grpcTls(files, { lookAgainMs: 20 }));
    for (const file of Object.values({ ...files, grpcTlsCaFile: files.grpcTlsCertFile })) writeFileSync(file, 'rubbish');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await ask(server.address, grpcTls(task))).toEqual({ text: 'x', length: 1 });
  });
});

describe('files that cannot be used', () => {
  it('are said at the start', async () => {
    expect(() => grpcTls({ grpcTlsCaFile: ours.caFile })).toThrow('belong together: all or none of them');
    expect(() => grpcTls({ ...stage, grpcTlsKeyFile: task.grpcTlsKeyFile })).toThrow('the key is not that of the certificate');
    expect(() => grpcTls({ ...stage, grpcTlsCaFile: '/nowhere' })).toThrow(/^The files of GRPC_TLS_\* cannot be used: ENOENT/);
  });
});
