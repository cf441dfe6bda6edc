import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StartError } from './start-error.ts';

/** The issuer of people's tokens in the embedded default: the gateway. */
export const demoIssuer = 'tom-demo';
/** The issuer of the tokens with which services call each other. */
export const serviceIssuer = 'tom-services';
/** The audience of every token that we issue ourselves. */
export const ownAudience = 'tom-flow';

export type KeyIssuer = typeof demoIssuer | typeof serviceIssuer;

/**
 * A public Ed25519 key as it stands in the JWKS file of trusted keys. `iss` ties it to the one issuer whose tokens it
 * may sign, `sub` (optional) to one service: else a service's key could speak for people or for another service.
 */
export interface PublicKeyJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
  readonly iss: KeyIssuer;
  readonly sub?: string;
}

/** The private half, as it stands alone in a DEMO_KEY_FILE or SERVICE_KEY_FILE. */
export interface PrivateKeyJwk extends PublicKeyJwk {
  readonly d: string;
}

/** Makes a fresh key pair: `privateJwk` belongs as JSON into a file of mode 0600, `publicJwk` into `{ "keys": [] }`. */
export function makeSigningKey(options: { readonly issuer: KeyIssuer; readonly service?: string }): {
  readonly privateJwk: PrivateKeyJwk;
  readonly publicJwk: PublicKeyJwk;
} {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  if (x === undefined || d === undefined) throw new Error('The key pair could not be made.');
  const publicJwk: PublicKeyJwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    x,
    kid: createHash('sha256').update(x).digest('base64url').slice(0, 16),
    alg: 'EdDSA',
    use: 'sig',
    iss: options.issuer,
    ...(options.service !== undefined ? { sub: options.service } : {}),
  };
  return { publicJwk, privateJwk: { ...publicJwk, d } };
}

/** Reads a private key file; throws a StartError naming the file when it cannot be used. */
export function readSigningKey(file: string, issuer: KeyIssuer): PrivateKeyJwk {
  const jwk = readKeyJson(file) as Partial<PrivateKeyJwk>;
  if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || !jwk.d || !jwk.x || !jwk.kid) {
    throw new StartError(`${file} is not a private Ed25519 key (JWK with kty, crv, x, d, kid).`);
  }
  if (jwk.iss !== issuer)
    throw new StartError(`${file} holds a key of issuer ${jwk.iss ?? '(none)'}; expected ${issuer}.`);
  return jwk as PrivateKeyJwk;
}

/** The JSON object in a key file; throws a StartError naming the file, never showing its content. */
export function readKeyJson(file: string): object {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(
      `The key file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unreadable'}).`,
    );
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // The parser quotes the text, which here is a key: only the file is named.
  }
  throw new StartError(`The key file ${file} is not a JSON object.`);
}
