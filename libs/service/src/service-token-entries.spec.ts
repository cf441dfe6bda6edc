import { type ConfigError, createLogger, defineConfig, loadConfig, StartError } from '@tom/runtime';
import { systemClock } from '@tom/kernel';
import { makeTestIdentity } from '@tom/runtime/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { serviceEntries } from './service-entries.ts';
import { serviceTokenChecks, serviceTokenEntries, serviceTokensOf } from './service-token-entries.ts';

const { oidcIssuer, oidcAudience } = serviceEntries({ database: '', grpcAddress: '', opsAddress: '' });
const definition = defineConfig({ ...serviceTokenEntries, oidcIssuer, oidcAudience }, serviceTokenChecks);
const identity = makeTestIdentity();
afterAll(() => identity.cleanup());

const key = { SERVICE_KEY_FILE: '/keys/stage.json' };
const issuer = { OIDC_ISSUER: 'https://id.example', OIDC_AUDIENCE: 'tom-flow' };
const client = { SERVICE_OIDC_CLIENT_ID: 'stage', SERVICE_OIDC_CLIENT_SECRET: 'geheim' };
const problemsOf = (environment: Readonly<Record<string, string>>) => {
  try {
    loadConfig(definition, environment);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};

describe('how a service proves that a call is its own', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['a key', key],
    ['a key beside an issuer for people', { ...key, ...issuer }],
    ['an account at the issuer', { ...issuer, ...client }],
    ['an account, with the key emptied', { ...issuer, ...client, SERVICE_KEY_FILE: '' }],
  ])('is %s', (_what, environment) => expect(problemsOf(environment)).toEqual([]));

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['nothing', issuer, 'SERVICE_KEY_FILE or SERVICE_OIDC_CLIENT_ID'],
    ['both', { ...key, ...issuer, ...client }, 'SERVICE_KEY_FILE or SERVICE_OIDC_CLIENT_ID'],
    ['an account without its secret', { ...issuer, SERVICE_OIDC_CLIENT_ID: 'stage' }, 'must be given together'],
    ['a secret alone', { ...key, SERVICE_OIDC_CLIENT_SECRET: 'geheim' }, 'must be given together'],
    ['an account nowhere', client, 'OIDC_ISSUER and OIDC_AUDIENCE must be given'],
    ['an unknown way to tell the secret', { ...issuer, ...client, SERVICE_OIDC_AUTH_METHOD: 'none' }, 'must be one of'],
    ['what we say ourselves', { ...issuer, ...client, SERVICE_OIDC_PARAMETERS: 'scope=tom&client_id=x' }, 'name=value pairs'],
    ['a parameter twice', { ...issuer, ...client, SERVICE_OIDC_PARAMETERS: 'scope=a&scope=b' }, 'name=value pairs'],
    ['a parameter without value', { ...issuer, ...client, SERVICE_OIDC_PARAMETERS: 'scope' }, 'name=value pairs'],
  ])('is not %s', (_what, environment, problem) => {
    expect(problemsOf(environment)).toEqual([expect.stringContaining(problem)]);
    expect(problemsOf(environment).join()).not.toContain('geheim');
  });

  it('reads what the issuer wants to be told', () => {
    const more = { SERVICE_OIDC_PARAMETERS: 'scope=tom%20api&resource=urn:tom:api' };
    expect(loadConfig(definition, { ...issuer, ...client, ...more }).serviceOidcParameters).toEqual({ scope: 'tom api', resource: 'urn:tom:api' });
  });

  it('is found out at the start when the key is none', () => {
    const options = { service: 'stage-service', clock: systemClock, logger: createLogger({ service: 'test', level: 'silent' }) };
    const config = loadConfig(definition, { SERVICE_KEY_FILE: identity.demoKeyFile });
    expect(() => serviceTokensOf(config, options)).toThrow(StartError);
  });
});
