import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { grpcTls } from '@tom/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apps, services } from '../stack/system.ts';
import { readCompose, type ComposeFile } from './compose-file.ts';

const script = resolve(import.meta.dirname, '../../deploy/grpc-certificates.sh');
const hasOpenssl = (() => {
  try {
    return execFileSync('openssl', ['version']).length > 0;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasOpenssl)('deploy/grpc-certificates.sh', () => {
  const parent = mkdtempSync(join(tmpdir(), 'tom-grpc-certificates-'));
  const folder = join(parent, 'secrets');
  const make = () => execFileSync('sh', [script, folder], { stdio: 'pipe' });
  const filesOf = (app: string) => ({
    grpcTlsCaFile: join(folder, 'grpc-ca.crt'),
    grpcTlsCertFile: join(folder, `${app}.grpc.crt`),
    grpcTlsKeyFile: join(folder, `${app}.grpc.key`),
  });
  const pemOf = (app: string) => {
    const { grpcTlsCaFile, grpcTlsCertFile, grpcTlsKeyFile } = filesOf(app);
    return { ca: readFileSync(grpcTlsCaFile), cert: readFileSync(grpcTlsCertFile), key: readFileSync(grpcTlsKeyFile) };
  };
  beforeAll(() => void make());
  afterAll(() => rmSync(parent, { recursive: true }));

  it('makes what the option of Compose names, readable in a folder that is closed', () => {
    const { secrets } = readCompose('deploy/compose.grpc-tls.yml') as ComposeFile;
    const named = Object.values(secrets).map(({ file }) => basename(file));
    expect(readdirSync(folder).sort()).toEqual([...named, 'grpc-ca.key'].sort());
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(named.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual(named.map(() => 0o444));
    expect(statSync(join(folder, 'grpc-ca.key')).mode & 0o077).toBe(0);
  });

  it.each(apps)('makes what %s takes', (app) => {
    expect(() => grpcTls(filesOf(app))).not.toThrow();
  });

  it.each(services.map(({ app }) => app))('proves to others that they reached %s, and to it who they are', async (app) => {
    const server = createServer({ ...pemOf(app), requestCert: true, rejectUnauthorized: true });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const reach = (servername: string) =>
      new Promise<string>((done) => {
        server.once('secureConnection', (socket: TLSSocket) => {
          done(`${String(socket.getPeerCertificate().subject.CN)} is in`);
          socket.destroy();
        });
        const socket = connect({ host: '127.0.0.1', port, servername, ...pemOf('gateway') });
        socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
        socket.on('secureConnect', () => socket.resume());
      });
    expect(await reach(app)).toBe('gateway is in');
    server.removeAllListeners('secureConnection');
    expect(await reach('somebody-else')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    await new Promise((done) => server.close(done));
  });

  it('leaves alone what is there, and makes one anew that was taken away, under the same authority', () => {
    const read = () => Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
    const before = read();
    make();
    expect(read()).toEqual(before);
    rmSync(join(folder, 'task-service.grpc.crt'));
    make();
    const { 'task-service.grpc.crt': crt, 'task-service.grpc.key': key, ...rest } = read();
    expect(rest).toEqual(Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith('task-service'))));
    expect([crt, key]).not.toEqual([before['task-service.grpc.crt'], before['task-service.grpc.key']]);
    expect(() => grpcTls(filesOf('task-service'))).not.toThrow();
  });
});
