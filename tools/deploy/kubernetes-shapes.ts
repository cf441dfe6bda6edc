import type { Schema } from 'ajv';

/**
 * The parts of Kubernetes' objects that our manifests use, and nothing else: an API server drops a misspelled field with
 * a warning at best, here it is an error. The packages on npm with the official schemas let unknown fields pass.
 */
const text = { type: 'string', minLength: 1 };
const whole = { type: 'integer', minimum: 0 };
const flag = { type: 'boolean' };
const port = { type: 'integer', minimum: 1, maximum: 65_535 };
const name = { type: 'string', pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$', maxLength: 63 };
const texts = { type: 'object', additionalProperties: { type: 'string' } };
const quantity = { type: 'string', pattern: '^\\d+(m|Mi|Gi)?$' };
const list = (items: Schema) => ({ type: 'array', items, minItems: 1 });
const object = (required: Record<string, Schema>, optional: Record<string, Schema> = {}) => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional },
  additionalProperties: false,
});
const kind = (apiVersion: string, kindName: string, rest: Record<string, Schema>) =>
  object({ apiVersion: { const: apiVersion }, kind: { const: kindName }, metadata, ...rest });

const metadata = object({ name }, { labels: texts, annotations: texts });
const selector = object({ matchLabels: texts });

const probe = object(
  { httpGet: object({ path: { type: 'string', pattern: '^/' }, port: text }), periodSeconds: whole, failureThreshold: whole },
  { timeoutSeconds: whole },
);

const container = object({
  name,
  image: text,
  ports: list(object({ name, containerPort: port })),
  envFrom: list(object({ configMapRef: object({ name }) })),
  env: list(object({ name: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$' }, value: text })),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  lifecycle: object({ preStop: object({ exec: object({ command: list(text) }) }) }),
  resources: object({
    requests: object({ cpu: quantity, memory: quantity }),
    limits: object({ memory: quantity }, { cpu: quantity }),
  }),
  securityContext: object({
    allowPrivilegeEscalation: { const: false },
    readOnlyRootFilesystem: { const: true },
    capabilities: object({ drop: { const: ['ALL'] } }),
  }),
  volumeMounts: list(object({ name, mountPath: text, readOnly: flag })),
});

const items = list(object({ key: text, path: text }));

const pod = object({
  automountServiceAccountToken: { const: false },
  enableServiceLinks: { const: false },
  terminationGracePeriodSeconds: whole,
  securityContext: object({
    runAsNonRoot: { const: true },
    runAsUser: { type: 'integer', minimum: 1 },
    runAsGroup: { type: 'integer', minimum: 1 },
    fsGroup: { type: 'integer', minimum: 1 },
    seccompProfile: object({ type: { const: 'RuntimeDefault' } }),
  }),
  topologySpreadConstraints: list(
    object({
      maxSkew: whole,
      topologyKey: text,
      whenUnsatisfiable: { enum: ['ScheduleAnyway', 'DoNotSchedule'] },
      labelSelector: selector,
    }),
  ),
  containers: { ...list(container), maxItems: 1 },
  volumes: list(
    object({ name, projected: object({ defaultMode: whole, sources: list(object({ secret: object({ name, items }) })) }) }),
  ),
});

const deployment = kind('apps/v1', 'Deployment', {
  spec: object({
    replicas: { type: 'integer', minimum: 2 },
    strategy: object({
      type: { const: 'RollingUpdate' },
      rollingUpdate: object({ maxSurge: whole, maxUnavailable: whole }),
    }),
    selector,
    template: object({ metadata: object({ labels: texts, annotations: texts }), spec: pod }),
  }),
});

const service = kind('v1', 'Service', {
  spec: object({ selector: texts, ports: list(object({ name, port, targetPort: text })) }),
});

const disruptionBudget = kind('policy/v1', 'PodDisruptionBudget', { spec: object({ minAvailable: whole, selector }) });

const peer = object({}, { podSelector: selector, namespaceSelector: selector });
const networkPorts = list(object({ protocol: { enum: ['TCP', 'UDP'] }, port }));
const networkPolicy = kind('networking.k8s.io/v1', 'NetworkPolicy', {
  spec: object(
    { podSelector: selector, policyTypes: list({ enum: ['Ingress', 'Egress'] }) },
    {
      ingress: list(object({ from: list(peer), ports: networkPorts })),
      egress: list(object({ ports: networkPorts }, { to: list(peer) })),
    },
  ),
});

const configMap = kind('v1', 'ConfigMap', { data: texts });

/** A schema for each kind that we use. */
export const kubernetesShapes: Readonly<Record<string, Schema>> = {
  Deployment: deployment,
  Service: service,
  PodDisruptionBudget: disruptionBudget,
  NetworkPolicy: networkPolicy,
  ConfigMap: configMap,
};
