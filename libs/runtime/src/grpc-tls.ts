import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { credentials, experimental, ServerCredentials, type ChannelCredentials } from '@grpc/grpc-js';
import type { Logger } from './logger.ts';
import { StartError } from './start-error.ts';

/** A renewed certificate is in use after this long; connections that are open keep the one they began with. */
const LOOK_AGAIN_MS = 30_000;

type CaListener = experimental.CaCertificateUpdateListener;
type IdentityListener = experimental.IdentityCertificateUpdateListener;

/** How the processes prove to each other who they are on the wire; one for the server and all clients of a process. */
export interface GrpcTls {
  readonly server: ServerCredentials;
  readonly client: ChannelCredentials;
}

/** PEM files: whom to trust, and this process's own certificate (with chain) and key. */
export interface GrpcTlsFiles {
  readonly grpcTlsCaFile?: string | undefined;
  readonly grpcTlsCertFile?: string | undefined;
  readonly grpcTlsKeyFile?: string | undefined;
}

/** Plaintext both ways, for processes that talk over the loopback or a network that encrypts by itself. */
export const plaintext: GrpcTls = { server: ServerCredentials.createInsecure(), client: credentials.createInsecure() };

/**
 * Mutual TLS by the files: the server takes no client without a certificate of the CA, clients take no server whose
 * certificate is of another CA or does not name the host that they call. Without files `plaintext`; throws a StartError
 * when only some are given or they do not fit together. Files that change are read again; a set that does not fit is
 * left aside, so that they can be replaced one after the other.
 */
export function grpcTls(
  files: GrpcTlsFiles,
  options: { readonly logger?: Logger | undefined; readonly lookAgainMs?: number } = {},
): GrpcTls {
  const { grpcTlsCaFile, grpcTlsCertFile, grpcTlsKeyFile } = files;
  if (grpcTlsCaFile === undefined && grpcTlsCertFile === undefined && grpcTlsKeyFile === undefined) return plaintext;
  if (grpcTlsCaFile === undefined || grpcTlsCertFile === undefined || grpcTlsKeyFile === undefined)
    throw new StartError('GRPC_TLS_CA_FILE, GRPC_TLS_CERT_FILE and GRPC_TLS_KEY_FILE belong together: all or none of them.');
  const provider = new CertificatesInFiles([grpcTlsCaFile, grpcTlsCertFile, grpcTlsKeyFile], options);
  return {
    server: experimental.createCertificateProviderServerCredentials(provider, provider, true),
    client: experimental.createCertificateProviderChannelCredentials(provider, provider),
  };
}

interface Certificates {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * grpc-js has such a provider, but that one hands on whatever it reads: a certificate whose key is not written yet ends
 * the process, and a bad file at the start is told nobody.
 */
class CertificatesInFiles implements experimental.CertificateProvider {
  readonly #files: readonly [string, string, string];
  readonly #logger: Logger | undefined;
  readonly #lookAgainMs: number;
  readonly #caListeners = new Set<CaListener>();
  readonly #identityListeners = new Set<IdentityListener>();
  #now: Certificates;
  #refused: Certificates | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    files: readonly [string, string, string],
    options: { readonly logger?: Logger | undefined; readonly lookAgainMs?: number },
  ) {
    this.#files = files;
    this.#logger = options.logger;
    this.#lookAgainMs = options.lookAgainMs ?? LOOK_AGAIN_MS;
    try {
      this.#now = checked(this.#read());
    } catch (error) {
      throw new StartError(`The files of GRPC_TLS_* cannot be used: ${(error as Error).message}.`, { cause: error });
    }
  }

  addCaCertificateListener(listener: CaListener): void {
    this.#caListeners.add(listener);
    this.#watch();
    // Later, for grpc-js notes what it listens for only after it has begun to.
    queueMicrotask(() => listener({ caCertificate: this.#now.ca }));
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.#caListeners.delete(listener);
    this.#watch();
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.add(listener);
    this.#watch();
    queueMicrotask(() => listener({ certificate: this.#now.cert, privateKey: this.#now.key }));
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.delete(listener);
    this.#watch();
  }

  #read(): Certificates {
    const [ca, cert, key] = this.#files.map((file) => readFileSync(file)) as [Buffer, Buffer, Buffer];
    return { ca, cert, key };
  }

  /** Looks at the files while somebody uses them. */
  #watch(): void {
    const used = this.#caListeners.size + this.#identityListeners.size > 0;
    if (used) this.#timer ??= setInterval(() => this.#lookAgain(), this.#lookAgainMs).unref();
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #lookAgain(): void {
    try {
      const read = this.#read();
      if (same(read, this.#now) || same(read, this.#refused)) return;
      // Said once for each content, not twice a minute.
      this.#refused = read;
      this.#now = checked(read);
      for (const listener of this.#caListeners) listener({ caCertificate: this.#now.ca });
      for (const listener of this.#identityListeners)
        listener({ certificate: this.#now.cert, privateKey: this.#now.key });
      this.#logger?.info({ until: new X509Certificate(this.#now.cert).validTo }, 'new certificates are in use');
    } catch (error) {
      this.#logger?.warn({ err: error }, 'new certificates cannot be used; the known ones stay in use');
    }
  }
}

function same(one: Certificates, other: Certificates | undefined): boolean {
  return other !== undefined && one.ca.equals(other.ca) && one.cert.equals(other.cert) && one.key.equals(other.key);
}

/** Throws when the key is not the certificate's or one of the three is no PEM. */
function checked(found: Certificates): Certificates {
  if (!new X509Certificate(found.cert).checkPrivateKey(createPrivateKey(found.key)))
    throw new Error('the key is not that of the certificate');
  new X509Certificate(found.ca);
  createSecureContext(found);
  return found;
}
