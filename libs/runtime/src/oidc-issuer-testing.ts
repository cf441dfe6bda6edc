import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type JWK } from 'oidc-provider';

const RESOURCE = 'urn:tom:api';
const CALLBACK = 'https://tom.example/signed-in';
const LIFETIME_SECONDS = 24 * 3600;

interface Key {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly privateJwk: JWK;
  readonly publicKeyPem: string;
}

/** Whom the issuer knows: people sign in by name, other teams' systems with their id and the secret `secret`. */
export interface OidcIssuerOptions {
  readonly audience: string;
  readonly people: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly systems: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The systems that show their secret in the body and not in the header. */
  readonly secretInBody?: readonly string[];
  readonly lifetimeSeconds?: number;
}

/** A real OpenID provider on the loopback with people, systems and a public client `tom-web`; for tests only. */
export interface OidcIssuer {
  readonly url: string;
  /** Requests that it was sent, by path. */
  readonly requests: string[];
  /** An access token by authorization code with PKCE, as a browser gets it; valid for a day. */
  personToken(name: string): Promise<string>;
  /** An access token by client credentials, for another audience if a resource is named; valid for a day. */
  systemToken(id: string, resource?: string): Promise<string>;
  /** Any claims under the issuer's present key, also such as a verifier must refuse. `undefined` members are left out. */
  sign(claims: Readonly<Record<string, unknown>>): string;
  /** The public part of the present key, in PEM. */
  publicKeyPem(): string;
  /** Signs with a new key from now on; the old one stays published unless it is withdrawn. */
  rotate(options?: { readonly withdrawOld?: boolean }): void;
  /** Takes no connections until `comeBack`. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the provider on a free port of 127.0.0.1. */
export async function startOidcIssuer(options: OidcIssuerOptions): Promise<OidcIssuer> {
  const requests: string[] = [];
  let current = makeKey();
  let published = [current];
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const server = createServer((request, response) => {
    requests.push((request.url ?? '').split('?')[0] ?? '');
    handle(request, response);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const serve = () => {
    handle = handlerOf(makeProvider(url, published, options));
  };
  serve();

  return {
    url,
    requests,
    personToken: (name) => signIn(url, name),
    systemToken: (id, resource) =>
      exchange(url, { grant_type: 'client_credentials', scope: 'tom', ...(resource ? { resource } : {}) }, { id, secret: 'secret' }),
    sign: (claims) => signed(current, claims),
    publicKeyPem: () => current.publicKeyPem,
    rotate({ withdrawOld = false } = {}) {
      current = makeKey();
      published = [current, ...(withdrawOld ? [] : published)];
      serve();
    },
    goAway: close,
    comeBack: () => listen(port),
    stop: close,
  };
}

function makeKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomBytes(6).toString('hex');
  const privateJwk = { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } as JWK;
  return { kid, privateKey, privateJwk, publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }) as string };
}

function makeProvider(url: string, keys: readonly Key[], options: OidcIssuerOptions): Provider {
  const { audience, people, systems, secretInBody = [], lifetimeSeconds = LIFETIME_SECONDS } = options;
  return new Provider(url, {
    jwks: { keys: keys.map(({ privateJwk }) => privateJwk) },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    clients: [
      {
        client_id: 'tom-web',
        token_endpoint_auth_method: 'none',
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
      ...Object.keys(systems).map((id) => ({
        client_id: id,
        client_secret: 'secret',
        token_endpoint_auth_method: secretInBody.includes(id) ? ('client_secret_post' as const) : ('client_secret_basic' as const),
        redirect_uris: [],
        grant_types: ['client_credentials'],
        response_types: [],
      })),
    ],
    scopes: ['openid', 'tom'],
    ttl: { Interaction: 600, Grant: 600, Session: 600, IdToken: 600 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => ({
          scope: 'tom',
          audience: resource === RESOURCE ? audience : resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: lifetimeSeconds,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: (_context, token) =>
      'accountId' in token && token.accountId !== undefined
        ? { preferred_username: token.accountId, ...people[token.accountId] }
        : { ...systems[token.clientId ?? ''] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    // Everybody has agreed to what the one client asks for.
    async loadExistingGrant(context) {
      const { provider, client, session } = context.oidc;
      const grant = new provider.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' });
      grant.addOIDCScope('openid tom');
      grant.addResourceScope(RESOURCE, 'tom');
      await grant.save();
      return grant;
    },
  });
}

/** Signs in whoever the request's `login_hint` names, without a password. */
function handlerOf(provider: Provider) {
  const callback = provider.callback();
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
    provider
      .interactionDetails(request, response)
      .then(({ params }) =>
        provider.interactionFinished(request, response, { login: { accountId: String(params['login_hint']) } }),
      )
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  };
}

/** The browser's part: it follows redirects with its cookies until it is sent to the client's own page. */
async function signIn(url: string, name: string): Promise<string> {
  const verifier = randomBytes(32).toString('base64url');
  const asked = new URLSearchParams({
    client_id: 'tom-web',
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid tom',
    login_hint: name,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const cookies = new Map<string, string>();
  let place = `${url}/auth?${asked}`;
  for (let hops = 0; hops < 10 && !place.startsWith(CALLBACK); hops += 1) {
    const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const response = await fetch(place, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const next = response.headers.get('location');
    if (next === null) throw new Error(`The sign-in ended with ${response.status}: ${await response.text()}`);
    place = new URL(next, place).href;
  }
  const code = new URL(place).searchParams.get('code');
  if (code === null) throw new Error(`The sign-in was refused: ${place}`);
  const proof = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, client_id: 'tom-web', code_verifier: verifier };
  return exchange(url, proof);
}

async function exchange(
  url: string,
  body: Readonly<Record<string, string>>,
  client?: { readonly id: string; readonly secret: string },
): Promise<string> {
  const basic = client && `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
  const response = await fetch(`${url}/token`, {
    method: 'POST',
    body: new URLSearchParams(body),
    ...(basic ? { headers: { authorization: basic } } : {}),
  });
  const answer = (await response.json()) as { readonly access_token?: string };
  if (answer.access_token === undefined) throw new Error(`No token: ${response.status} ${JSON.stringify(answer)}`);
  return answer.access_token;
}

function signed({ kid, privateKey }: Key, claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid, typ: 'at+jwt' })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}
