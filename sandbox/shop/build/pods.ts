/** Containers and pod templates of the shop, from as few words as they need. */
import { type Identity, labelsOf } from './meta.ts';

/** Where the value of an environment variable comes from: said here, or a key of a Secret or ConfigMap, or a field of the pod. */
export type EnvValue =
  | string
  | { secret: readonly [name: string, key: string] }
  | { config: readonly [name: string, key: string] }
  | { field: string };

export interface ContainerPlan {
  name: string;
  image: string;
  command?: readonly string[];
  args?: readonly string[];
  /** By name: `{ http: 8080 }`. */
  ports?: Readonly<Record<string, number>>;
  env?: Readonly<Record<string, EnvValue>>;
  /** ConfigMaps and Secrets whose keys all become variables. */
  envFrom?: readonly ({ config: string } | { secret: string })[];
  /** Requests, and the limit of memory. */
  cpu: string;
  memory: string;
  memoryLimit?: string;
  ready?: object;
  live?: object;
  startup?: object;
  /** Paths by the volume that is mounted there. */
  mounts?: Readonly<Record<string, string>>;
  pullPolicy?: 'Always' | 'IfNotPresent';
}

export interface PodPlan {
  containers: readonly ContainerPlan[];
  init?: readonly ContainerPlan[];
  /** By name: what a volume is. */
  volumes?: Readonly<Record<string, object>>;
  annotations?: Record<string, string>;
  /** Further fields of the pod's spec. */
  spec?: Record<string, unknown>;
}

/** An HTTP probe at the port named `http` unless another is named. */
export const http = (path: string, timing: object = {}, port: string | number = 'http'): object => ({
  httpGet: { path, port },
  periodSeconds: 10,
  timeoutSeconds: 2,
  ...timing,
});
export const tcp = (port: string | number, timing: object = {}): object => ({
  tcpSocket: { port },
  periodSeconds: 10,
  ...timing,
});
export const exec = (command: readonly string[], timing: object = {}): object => ({
  exec: { command },
  periodSeconds: 10,
  timeoutSeconds: 5,
  ...timing,
});

export function template(identity: Identity, plan: PodPlan): Record<string, unknown> {
  const { containers, init = [], volumes = {}, annotations, spec = {} } = plan;
  return {
    metadata: { labels: labelsOf(identity), ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      ...(init.length === 0 ? {} : { initContainers: init.map(container) }),
      containers: containers.map(container),
      ...(Object.keys(volumes).length === 0
        ? {}
        : { volumes: Object.entries(volumes).map(([name, source]) => ({ name, ...source })) }),
      ...spec,
    },
  };
}

export function container(plan: ContainerPlan): Record<string, unknown> {
  const {
    name,
    image,
    command,
    args,
    ports = {},
    env = {},
    envFrom = [],
    cpu,
    memory,
    memoryLimit,
    mounts = {},
  } = plan;
  const some = (key: string, list: readonly unknown[]) => (list.length === 0 ? {} : { [key]: list });
  const maybe = (key: string, value: unknown) => (value === undefined ? {} : { [key]: value });
  return {
    name,
    image,
    ...maybe('imagePullPolicy', plan.pullPolicy),
    ...maybe('command', command),
    ...maybe('args', args),
    ...some(
      'ports',
      Object.entries(ports).map(([portName, containerPort]) => ({ name: portName, containerPort })),
    ),
    ...some(
      'env',
      Object.entries(env).map(([variable, value]) => ({ name: variable, ...sourceOf(value) })),
    ),
    ...some(
      'envFrom',
      envFrom.map((source) =>
        'config' in source ? { configMapRef: { name: source.config } } : { secretRef: { name: source.secret } },
      ),
    ),
    resources: { requests: { cpu, memory }, limits: { memory: memoryLimit ?? memory } },
    ...maybe('readinessProbe', plan.ready),
    ...maybe('livenessProbe', plan.live),
    ...maybe('startupProbe', plan.startup),
    ...some(
      'volumeMounts',
      Object.entries(mounts).map(([volume, mountPath]) => ({ name: volume, mountPath })),
    ),
  };
}

function sourceOf(value: EnvValue): object {
  if (typeof value === 'string') return { value };
  if ('field' in value) return { valueFrom: { fieldRef: { fieldPath: value.field } } };
  if ('secret' in value) return { valueFrom: { secretKeyRef: { name: value.secret[0], key: value.secret[1] } } };
  return { valueFrom: { configMapKeyRef: { name: value.config[0], key: value.config[1] } } };
}
