import { Ajv } from 'ajv';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { apps, services } from '../stack/system.ts';
import { kubernetesShapes } from './kubernetes-shapes.ts';
import { settingProblems } from './setting-problems.ts';
import { withComponents } from './with-components.ts';

const folder = join(resolve(import.meta.dirname, '../..'), 'deploy/kubernetes');
const optionsFolder = join(resolve(import.meta.dirname, '../..'), 'deploy/kubernetes-options');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface Deployment extends Named {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly {
          readonly image: string;
          readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
          readonly env: readonly { readonly name: string; readonly value: string }[];
          readonly envFrom: readonly { readonly configMapRef: { readonly name: string } }[];
          readonly livenessProbe: Probe;
          readonly readinessProbe: Probe;
          readonly startupProbe: Probe;
          readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
          readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
        }[];
        readonly volumes: readonly {
          readonly name: string;
          readonly projected: {
            readonly sources: readonly { readonly secret: { readonly name: string; readonly items: readonly { readonly key: string; readonly path: string }[] } }[];
          };
        }[];
      };
    };
  };
}
interface Service extends Named {
  readonly spec: {
    readonly selector: Readonly<Record<string, string>>;
    readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
  };
}
interface Budget extends Named {
  readonly spec: { readonly selector: { readonly matchLabels: Readonly<Record<string, string>> } };
}
interface Policy extends Named {
  readonly spec: { readonly ingress?: readonly { readonly ports: readonly { readonly port: number }[] }[] };
}

const kustomization = parse(read('kustomization.yaml')) as {
  readonly resources: readonly string[];
  readonly images: readonly { readonly name: string; readonly newTag: string }[];
};
const objects = kustomization.resources.flatMap((file) =>
  parseAllDocuments(read(file)).map((document) => {
    expect([file, document.errors]).toEqual([file, []]);
    return document.toJS() as Named;
  }),
);
function one<T extends Named>(kind: T['kind'], name: string, from: readonly Named[] = objects): T {
  const found = from.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`There is no ${kind} ${name}.`);
  return found as T;
}
const containerOf = (app: string, from: readonly Named[] = objects) => {
  const [container] = one<Deployment>('Deployment', app, from).spec.template.spec.containers;
  if (container === undefined) throw new Error(`${app} has no container.`);
  return container;
};

function environmentOf(app: string, from: readonly Named[] = objects): Record<string, string> {
  const { env, envFrom } = containerOf(app, from);
  const shared = envFrom.map(({ configMapRef }) => one<Named & { data: Record<string, string> }>('ConfigMap', configMapRef.name, from).data);
  return Object.assign({}, ...shared, Object.fromEntries(env.map(({ name, value }) => [name, value]))) as Record<string, string>;
}

function fitsItsKind(object: Named): void {
  const schema = kubernetesShapes[object.kind];
  if (schema === undefined) throw new Error(`${object.kind} has no shape in kubernetes-shapes.ts`);
  const validate = new Ajv({ allErrors: true }).compile(schema);
  validate(object);
  expect(validate.errors).toBeNull();
}

/** The files that are mounted, each with the Secret and the key that it is. */
function mountedFiles(app: string, from: readonly Named[] = objects): Readonly<Record<string, string>> {
  const { volumeMounts } = containerOf(app, from);
  const { volumes } = one<Deployment>('Deployment', app, from).spec.template.spec;
  const placed = volumes.flatMap(({ name, projected }) => {
    const place = volumeMounts.find((mount) => mount.name === name)?.mountPath;
    return projected.sources.flatMap(({ secret }) => secret.items.map(({ key, path }) => [`${place}/${path}`, `${secret.name} ${key}`] as const));
  });
  return Object.fromEntries(placed);
}

const readFiles = (environment: Readonly<Record<string, string>>) =>
  Object.entries(environment).filter(([name, path]) => name.endsWith('_FILE') && path !== '').map(([, path]) => path);

describe('deploy/kubernetes', () => {
  it('is a base of all its files, each object once', () => {
    expect([...kustomization.resources, 'kustomization.yaml'].sort()).toEqual(readdirSync(folder).sort());
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  it.each(objects.map((object) => [object.kind, object.metadata.name, object] as const))('%s %s has the fields that its kind has', (_kind, _name, object) => fitsItsKind(object));

  it.each(apps)('gives %s what it reads, nothing else, and nothing that it refuses', async (app) => {
    expect(await settingProblems(app, environmentOf(app))).toEqual([]);
  });

  it.each(apps)('shows %s its secrets as files that are really mounted', (app) => {
    expect(readFiles(environmentOf(app)).sort()).toEqual(Object.keys(mountedFiles(app)).sort());
  });

  it.each(apps)('asks %s for its health at a port that it opens', (app) => {
    const { ports, livenessProbe, readinessProbe, startupProbe } = containerOf(app);
    const environment = environmentOf(app);
    const open = Object.fromEntries(ports.map(({ name, containerPort }) => [name, containerPort]));
    const expected: Record<string, number> =
      app === 'gateway'
        ? { http: Number(environment['PORT']) }
        : {
            grpc: Number(environment['GRPC_ADDRESS']?.split(':').at(-1)),
            ops: Number(environment['OPS_ADDRESS']?.split(':').at(-1)),
          };
    expect(open).toEqual(expected);
    const health = app === 'gateway' ? 'http' : 'ops';
    expect([livenessProbe.httpGet, startupProbe.httpGet]).toEqual([{ path: '/livez', port: health }, { path: '/livez', port: health }]);
    expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: health });
    const { annotations } = one<Deployment>('Deployment', app).spec.template.metadata;
    expect(annotations['prometheus.io/port']).toBe(String(open[health]));
  });

  it('lets the others find each service where its Service leads to its pods', () => {
    for (const app of apps) {
      const { selector, template } = one<Deployment>('Deployment', app).spec;
      expect(template.metadata.labels).toMatchObject(selector.matchLabels);
      const service = one<Service>('Service', app);
      expect(template.metadata.labels).toMatchObject(service.spec.selector);
      expect(one<Budget>('PodDisruptionBudget', app).spec.selector).toEqual(selector);
      const opened = containerOf(app).ports.map(({ name, containerPort }) => ({ name, port: containerPort, targetPort: name }));
      expect(service.spec.ports).toEqual(opened);
    }
    for (const { app, address } of services)
      for (const other of apps) {
        const named = environmentOf(other)[address];
        const grpc = one<Service>('Service', app).spec.ports.find(({ name }) => name === 'grpc');
        if (named !== undefined) expect([other, named]).toEqual([other, `${app}:${grpc?.port}`]);
      }
  });

  it('opens the network to every port that is listened on', () => {
    const policies = objects.filter((object): object is Policy => object.kind === 'NetworkPolicy');
    const reachable = new Set(policies.flatMap(({ spec }) => (spec.ingress ?? []).flatMap(({ ports }) => ports.map(({ port }) => port))));
    const listening = new Set(apps.flatMap((app) => containerOf(app).ports.map(({ containerPort }) => containerPort)));
    expect([...reachable].sort()).toEqual([...listening].sort());
  });

  it('gives a process the time that it needs to end: nobody sends any more, then at most 12 s', () => {
    for (const app of apps) {
      const [command, seconds] = containerOf(app).lifecycle.preStop.exec.command;
      expect(command).toBe('sleep');
      const { terminationGracePeriodSeconds } = one<Deployment>('Deployment', app).spec.template.spec;
      expect(terminationGracePeriodSeconds).toBeGreaterThan(Number(seconds) + 12);
    }
  });

  it('pins the image of each app to a version', () => {
    expect(kustomization.images.map(({ name }) => name).sort()).toEqual(apps.map((app) => containerOf(app).image).sort());
    for (const { newTag } of kustomization.images) expect(newTag).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe.each([[['grpc-tls']], [['service-clients']], [['grpc-tls', 'service-clients']]])('deploy/kubernetes with %j', (options) => {
  const patched = withComponents(objects, options.map((option) => join(optionsFolder, option)));

  it.each(apps)('is what Kubernetes and %s take', async (app) => {
    for (const kind of ['Deployment', 'ConfigMap']) fitsItsKind(one(kind, kind === 'ConfigMap' ? 'tom-settings' : app, patched));
    const environment = environmentOf(app, patched);
    expect(await settingProblems(app, environment)).toEqual([]);
    expect(readFiles(environment).sort()).toEqual(Object.keys(mountedFiles(app, patched)).sort());
  });

  it.runIf(options.includes('grpc-tls')).each(apps)('gives %s its own certificate', (app) => {
    const { GRPC_TLS_CA_FILE: ca = '', GRPC_TLS_CERT_FILE: cert = '', GRPC_TLS_KEY_FILE: key = '' } = environmentOf(app, patched);
    const files = mountedFiles(app, patched);
    expect([ca, cert, key].map((file) => files[file])).toEqual(['ca.crt', 'tls.crt', 'tls.key'].map((name) => `${app}-grpc-tls ${name}`));
  });

  it.runIf(options.includes('service-clients'))('has no key of ours, and clients that everybody knows for services', () => {
    const clients = new Set<string>();
    for (const app of apps) {
      const environment = environmentOf(app, patched);
      expect([app, environment['SERVICE_KEY_FILE'] ?? '', environment['TRUSTED_KEYS_FILE'] ?? '']).toEqual([app, '', '']);
      expect(Object.values(mountedFiles(app, patched)).filter((file) => /jwks|service-key/.test(file))).toEqual([]);
      if (environment['SERVICE_OIDC_CLIENT_ID'] !== undefined) clients.add(environment['SERVICE_OIDC_CLIENT_ID']);
    }
    for (const app of apps) expect(environmentOf(app, patched)['OIDC_SERVICE_CLIENTS']?.split(',')).toEqual([...clients]);
  });
});

it('has only options that are tried here', () => {
  expect(readdirSync(optionsFolder).sort()).toEqual(['grpc-tls', 'service-clients']);
});
