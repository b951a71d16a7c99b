/** Small workloads of a held-out failure, in a namespace of their own on the bare cluster or beside the shop. */
import type { Sandbox } from '../../../sandbox/create-sandbox.ts';
import type { KubeObject, ResourceId } from '../../../sandbox/types.ts';
import type { Machine } from '../../../sandbox/world/types.ts';

export type Fields = Record<string, unknown>;
/** An object whose fields are reached freely: what a test changes of it. */
// biome-ignore lint/suspicious/noExplicitAny: objects of many kinds are spoilt by hand
export type Loose = KubeObject & { spec: any; status: any };

export const NS = 'app';
export const DEPLOYMENTS = 'deployments.apps';

export interface Case {
  name: string;
  world: 'bare' | 'shop';
  /** Steps of 30 s after the play. Default 16. */
  steps?: number;
  /** What is there, in good health, before anything fails. */
  before?(machine: Machine): void;
  play(machine: Machine): void;
  /** Played when so many steps are over. */
  later?: Readonly<Record<number, (machine: Machine) => void>>;
}

export interface Failure extends Case {
  /** The first anomalies, in any order; each with the roots that would be right. */
  roots: readonly (readonly string[])[];
  /** Nothing else may be named. */
  alone?: boolean;
  /** Kinds that must not be named by themselves: what is wrong with them follows. */
  follows?: readonly string[];
}

export interface Noise extends Case {
  /** Only what is named at the end counts: on the way something is wrong indeed. */
  atTheEnd?: boolean;
}

export const create = (machine: Machine, resource: ResourceId, object: Fields): void => {
  machine.create(resource, { apiVersion: 'v1', ...object } as unknown as KubeObject);
};

export const change = (
  machine: Machine,
  resource: ResourceId,
  at: string,
  how: (draft: Loose) => void,
  subresource?: 'status',
): void => {
  const [namespace = '', name = ''] = at.split('/');
  machine.modify<Loose>(resource, namespace, name, how, subresource);
};

export const namespaced = (name: string, namespace = NS): Fields => ({ name, namespace });

export interface Pods {
  annotations?: Record<string, string>;
  container?: Fields;
  spec?: Fields;
}

export const podTemplate = (name: string, { annotations = {}, container = {}, spec = {} }: Pods = {}): Fields => ({
  metadata: {
    labels: { app: name },
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [`sandbox.k8s-mcp.dev/${key}`, value]),
    ),
  },
  spec: { containers: [{ name: 'main', image: `docker.io/test/${name}:1`, ...container }], ...spec },
});

export function workload(machine: Machine, kind: string, name: string, pods: Pods = {}, spec: Fields = {}): void {
  create(machine, `${kind.toLowerCase()}s.apps`, {
    apiVersion: 'apps/v1',
    kind,
    metadata: namespaced(name),
    spec: { selector: { matchLabels: { app: name } }, template: podTemplate(name, pods), ...spec },
  });
}

export const deployment = (machine: Machine, name: string, pods: Pods = {}, spec: Fields = {}): void =>
  workload(machine, 'Deployment', name, pods, { replicas: 1, ...spec });

export const service = (machine: Machine, name: string, spec: Fields = {}): void =>
  create(machine, 'services', {
    kind: 'Service',
    metadata: namespaced(name),
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
  });

export const ingress = (machine: Machine, name: string, backend: Fields, className = 'public'): void =>
  create(machine, 'ingresses.networking.k8s.io', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: namespaced(name),
    spec: {
      ingressClassName: className,
      rules: [
        { host: 'a.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: backend } }] } },
      ],
    },
  });

export const configMap = (machine: Machine, name: string, data: Fields, namespace = NS): void =>
  create(machine, 'configmaps', { kind: 'ConfigMap', metadata: namespaced(name, namespace), data });

export function prepare({ operator }: Sandbox, world: Case['world']): void {
  create(operator, 'namespaces', { kind: 'Namespace', metadata: { name: NS } });
  if (world === 'shop') return;
  create(operator, 'ingressclasses.networking.k8s.io', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'public' },
    spec: { controller: 'example.test/ingress' },
  });
}
