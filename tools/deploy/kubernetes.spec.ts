import { Ajv } from 'ajv';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { apps, services } from '../stack/system.ts';
import { kubernetesShapes } from './kubernetes-shapes.ts';
import { settingProblems } from './setting-problems.ts';

const folder = join(resolve(import.meta.dirname, '../..'), 'deploy/kubernetes');
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
          readonly volumeMounts: readonly { readonly mountPath: string }[];
        }[];
        readonly volumes: readonly {
          readonly projected: {
            readonly sources: readonly { readonly secret: { readonly items: readonly { readonly path: string }[] } }[];
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
function one<T extends Named>(kind: T['kind'], name: string): T {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`There is no ${kind} ${name}.`);
  return found as T;
}
const containerOf = (app: string) => {
  const [container] = one<Deployment>('Deployment', app).spec.template.spec.containers;
  if (container === undefined) throw new Error(`${app} has no container.`);
  return container;
};

function environmentOf(app: string): Record<string, string> {
  const { env, envFrom } = containerOf(app);
  const shared = envFrom.map(({ configMapRef }) => one<Named & { data: Record<string, string> }>('ConfigMap', configMapRef.name).data);
  return Object.assign({}, ...shared, Object.fromEntries(env.map(({ name, value }) => [name, value]))) as Record<string, string>;
}

describe('deploy/kubernetes', () => {
  it('is a base of all its files, each object once', () => {
    expect([...kustomization.resources, 'kustomization.yaml'].sort()).toEqual(readdirSync(folder).sort());
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  it.each(objects.map((object) => [object.kind, object.metadata.name, object] as const))('%s %s has the fields that its kind has', (kind, _name, object) => {
    const schema = kubernetesShapes[kind];
    if (schema === undefined) throw new Error(`${kind} has no shape in kubernetes-shapes.ts`);
    const validate = new Ajv({ allErrors: true }).compile(schema);
    validate(object);
    expect(validate.errors).toBeNull();
  });

  it.each(apps)('gives %s what it reads, nothing else, and nothing that it refuses', async (app) => {
    expect(await settingProblems(app, environmentOf(app))).toEqual([]);
  });

  it.each(apps)('shows %s its secrets as files that are really mounted', (app) => {
    const [mount] = containerOf(app).volumeMounts;
    const [volume] = one<Deployment>('Deployment', app).spec.template.spec.volumes;
    const files = (volume?.projected.sources ?? []).flatMap(({ secret }) => secret.items.map(({ path }) => `${mount?.mountPath}/${path}`));
    const read = Object.entries(environmentOf(app)).filter(([name]) => name.endsWith('_FILE')).map(([, path]) => path);
    expect(read.sort()).toEqual(files.sort());
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
