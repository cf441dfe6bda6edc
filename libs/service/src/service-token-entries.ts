import type { Clock } from '@tom/kernel';
import {
  createOidcServiceTokens,
  createServiceTokens,
  parsers,
  StartError,
  type ConfigCheck,
  type ConfigDefinition,
  type ConfigOf,
  type Logger,
  type ServiceTokens,
} from '@tom/runtime';
import type { ServiceConfig } from './service-entries.ts';

/** What the token request says by itself. */
const OURS = ['grant_type', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];

function parameters(text: string): Readonly<Record<string, string>> {
  const given = [...new URLSearchParams(text)];
  const isUsable = given.every(([name, value]) => name !== '' && value !== '' && !OURS.includes(name));
  if (!isUsable || new Set(given.map(([name]) => name)).size < given.length) {
    throw new Error('name=value pairs with & between them, as scope=tom&audience=tom-flow, none of what we say ourselves');
  }
  return Object.fromEntries(given);
}

/** How a service proves that a call is its own, to be spread into its `defineConfig`: by a key or at the OIDC issuer. */
export const serviceTokenEntries = {
  serviceKeyFile: { meaning: 'file with the private key of this service', env: 'SERVICE_KEY_FILE', parse: parsers.path, optional: true },
  serviceOidcClientId: { meaning: 'client id of this service at the OIDC issuer; replaces its key', env: 'SERVICE_OIDC_CLIENT_ID', parse: parsers.text, optional: true },
  serviceOidcClientSecret: { meaning: 'secret of that client', env: 'SERVICE_OIDC_CLIENT_SECRET', parse: parsers.text, secret: true, optional: true },
  serviceOidcAuthMethod: { meaning: 'how the issuer is told both: client_secret_basic or client_secret_post; else the former', env: 'SERVICE_OIDC_AUTH_METHOD', parse: parsers.oneOf('client_secret_basic', 'client_secret_post'), optional: true },
  serviceOidcParameters: { meaning: 'what else the issuer wants to be told, as scope=…&audience=…', env: 'SERVICE_OIDC_PARAMETERS', parse: parameters, optional: true },
} as const;

/** What `serviceTokenEntries` are read into. */
export type ServiceTokenConfig = ConfigOf<ConfigDefinition<typeof serviceTokenEntries>>;

/** What these settings must be together, for `defineConfig`. */
export const serviceTokenChecks: readonly ConfigCheck[] = [
  {
    of: ['serviceKeyFile', 'serviceOidcClientId'],
    problem: ({ serviceKeyFile, serviceOidcClientId }) =>
      !serviceKeyFile === !serviceOidcClientId
        ? 'SERVICE_KEY_FILE or SERVICE_OIDC_CLIENT_ID (how this service proves who it is) must be given, not both'
        : undefined,
  },
  {
    of: ['serviceOidcClientId', 'serviceOidcClientSecret'],
    problem: ({ serviceOidcClientId, serviceOidcClientSecret }) =>
      !serviceOidcClientId !== !serviceOidcClientSecret
        ? 'SERVICE_OIDC_CLIENT_ID and SERVICE_OIDC_CLIENT_SECRET (or SERVICE_OIDC_CLIENT_SECRET_FILE) must be given together'
        : undefined,
  },
  {
    of: ['serviceOidcClientId', 'oidcIssuer', 'oidcAudience'],
    problem: ({ serviceOidcClientId, oidcIssuer, oidcAudience }) =>
      serviceOidcClientId && !(oidcIssuer && oidcAudience)
        ? 'OIDC_ISSUER and OIDC_AUDIENCE must be given for SERVICE_OIDC_CLIENT_ID to be used'
        : undefined,
  },
];

/** The tokens of this service, by its key or from the OIDC issuer; throws a StartError when the key cannot be used. */
export function serviceTokensOf(
  config: ServiceTokenConfig & Pick<ServiceConfig, 'oidcIssuer' | 'oidcAudience'>,
  options: { readonly service: string; readonly clock: Clock; readonly logger: Logger },
): ServiceTokens {
  const { serviceKeyFile: keyFile, oidcIssuer: issuer, oidcAudience: audience } = config;
  const { serviceOidcClientId: clientId, serviceOidcClientSecret: clientSecret } = config;
  if (keyFile !== undefined) return createServiceTokens({ keyFile, service: options.service, clock: options.clock });
  if (clientId === undefined || clientSecret === undefined || issuer === undefined || audience === undefined)
    throw new StartError(`${options.service} has neither a key nor credentials at an OIDC issuer.`);
  const { serviceOidcAuthMethod: authMethod, serviceOidcParameters: parameters } = config;
  return createOidcServiceTokens({ issuer, audience, clientId, clientSecret, authMethod, parameters }, options);
}
