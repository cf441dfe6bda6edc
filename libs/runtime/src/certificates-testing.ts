import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { systemClock } from '@tom/kernel';
import type { GrpcTlsFiles } from './grpc-tls.ts';

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 24 * 3_600_000;

/** Three files for GRPC_TLS_*, all of them given. */
export type CertificateFiles = { readonly [Name in keyof Required<GrpcTlsFiles>]: string };

/** A certificate authority in a folder of its own; for tests only. */
export interface TestAuthority {
  readonly caFile: string;
  /** Writes a certificate for a name and the hosts (IP addresses or DNS names) that it may answer for. */
  issue(name: string, options?: { readonly hosts?: readonly string[]; readonly expired?: boolean }): Promise<CertificateFiles>;
  cleanup(): void;
}

/** Makes an authority with a key of its own. */
export async function makeTestAuthority(): Promise<TestAuthority> {
  const folder = mkdtempSync(join(tmpdir(), 'tom-certificates-'));
  const keys = await makeKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Test authority',
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, authority.toString('pem'));
  return {
    caFile,
    async issue(name, { hosts = ['127.0.0.1'], expired = false } = {}) {
      const own = await makeKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${name}`,
        issuer: authority.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        ...validity(expired ? 2 * DAY_MS : 0),
        extensions: [
          new x509.BasicConstraintsExtension(false),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
          new x509.SubjectAlternativeNameExtension(
            hosts.map((value) => ({ type: /^[\d.]+$/.test(value) ? ('ip' as const) : ('dns' as const), value })),
          ),
        ],
      });
      const [grpcTlsCertFile, grpcTlsKeyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key.pem`)];
      writeFileSync(grpcTlsCertFile, certificate.toString('pem'));
      const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey as webcrypto.CryptoKey));
      writeFileSync(grpcTlsKeyFile, x509.PemConverter.encode(der, 'PRIVATE KEY'), { mode: 0o600 });
      return { grpcTlsCaFile: caFile, grpcTlsCertFile, grpcTlsKeyFile };
    },
    cleanup: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function makeKeys() {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity(agoMs = 0): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = systemClock.now().getTime() - agoMs;
  return { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + DAY_MS) };
}
