import { defineConfig, parsers, type ConfigOf } from '@tom/runtime';
import { callEntries, eventLogChecks, eventLogEntries, serviceAddresses } from '@tom/service';

export const configDefinition = defineConfig({
  host: { meaning: 'address to listen on', env: 'HOST', parse: parsers.text, default: '127.0.0.1' },
  port: { meaning: 'port to listen on', env: 'PORT', parse: parsers.port, default: 8080 },
  ...eventLogEntries,
  ...callEntries,
  ...serviceAddresses,
  configDir: { meaning: 'folder of the shared configuration', env: 'CONFIG_DIR', parse: parsers.path, default: 'config' },
  webDir: { meaning: 'folder of the built UI; where there is none, none is served', env: 'WEB_DIR', parse: parsers.path, default: 'web' },
  trustedKeysFile: { meaning: 'JWKS file of the keys whose tokens count', env: 'TRUSTED_KEYS_FILE', parse: parsers.path, optional: true },
  demoKeyFile: { meaning: 'private key of the built-in issuer for demo users', env: 'DEMO_KEY_FILE', parse: parsers.path, optional: true },
  oidcIssuer: { meaning: 'OIDC issuer; replaces the built-in one', env: 'OIDC_ISSUER', parse: parsers.httpUrl, optional: true },
  oidcAudience: { meaning: 'audience that tokens must name', env: 'OIDC_AUDIENCE', parse: parsers.text, optional: true },
  oidcRolesClaim: { meaning: 'claim with the roles', env: 'OIDC_ROLES_CLAIM', parse: parsers.text, default: 'roles' },
  oidcUserClaim: { meaning: 'claim with the user id', env: 'OIDC_USER_CLAIM', parse: parsers.text, default: 'preferred_username' },
  liveHeartbeatSeconds: { meaning: 'seconds between heartbeats of an event stream', env: 'LIVE_HEARTBEAT_SECONDS', parse: parsers.integer({ min: 1, max: 300 }), default: 15 },
  liveMaxStreams: { meaning: 'event streams open at once', env: 'LIVE_MAX_STREAMS', parse: parsers.integer({ min: 1 }), default: 5_000 },
  liveStreamBytes: { meaning: 'bytes that may wait for a slow client before its stream is ended', env: 'LIVE_STREAM_BYTES', parse: parsers.integer({ min: 65_536 }), default: 4_194_304 },
  liveRecentBytes: { meaning: 'bytes of recent events kept to resume from', env: 'LIVE_RECENT_BYTES', parse: parsers.integer({ min: 65_536 }), default: 16_777_216 },
  liveResumeEvents: { meaning: 'events that a stream may have missed and is still given', env: 'LIVE_RESUME_EVENTS', parse: parsers.integer({ min: 0 }), default: 20_000 },
  oidcClientId: { meaning: 'client id with which the UI signs people in', env: 'OIDC_CLIENT_ID', parse: parsers.text, optional: true },
  oidcScope: { meaning: 'scope that the UI asks for', env: 'OIDC_SCOPE', parse: parsers.text, default: 'openid profile' },
  rateLimitPerMinute: { meaning: 'requests a minute of one person or other system; 0: no limit', env: 'RATE_LIMIT_PER_MINUTE', parse: parsers.integer(), default: 600 },
  signInLimitPerMinute: { meaning: 'requests a minute from one address before sign-in; 0: no limit', env: 'SIGN_IN_LIMIT_PER_MINUTE', parse: parsers.integer(), default: 60 },
  maxInFlight: { meaning: 'requests under way at once; more are refused', env: 'MAX_IN_FLIGHT', parse: parsers.integer({ min: 1 }), default: 512 },
  trustedProxyHops: { meaning: 'proxies before us whose X-Forwarded-* count', env: 'TRUSTED_PROXY_HOPS', parse: parsers.integer({ max: 10 }), default: 0 },
  logLevel: { meaning: 'least level that is logged', env: 'LOG_LEVEL', parse: parsers.logLevel, default: 'info' },
}, eventLogChecks);

export type Config = ConfigOf<typeof configDefinition>;
