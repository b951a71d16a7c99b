/** Objects of a large cluster as an API server sends them, for measuring the graph. Made one by one, so that none stays in memory. */
import type { KubeObject } from '../src/kernel/vocabulary.ts';
import type { ApiResource } from '../src/kube/types.ts';

export interface ClusterSize {
  nodes: number;
  namespaces: number;
  workloadsPerNamespace: number;
  podsPerWorkload: number;
}

/** 5,000 nodes, 15,000 workloads, 150,000 pods. */
export const LARGE: ClusterSize = { nodes: 5000, namespaces: 500, workloadsPerNamespace: 30, podsPerWorkload: 10 };

export interface Made {
  object: KubeObject;
  resource: ApiResource;
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/** Distinct per kind and number, in the form of a real one. */
function uidOf(kind: number, index: number): string {
  const mixed = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  return `${hex(index, 8)}-${hex(kind, 4)}-4${hex(mixed & 0xfff, 3)}-8${hex((mixed >>> 12) & 0xfff, 3)}-${hex(mixed, 12)}`;
}

const resource = (group: string, kind: string, plural: string, namespaced = true): ApiResource => ({
  group,
  version: 'v1',
  kind,
  resource: plural,
  singular: kind.toLowerCase(),
  shortNames: [],
  categories: [],
  namespaced,
  verbs: ['list', 'watch'],
  subresources: [],
  preferred: true,
});
const POD = resource('', 'Pod', 'pods');
const NODE = resource('', 'Node', 'nodes', false);
const NAMESPACE = resource('', 'Namespace', 'namespaces', false);
const SERVICE = resource('', 'Service', 'services');
const REPLICA_SET = resource('apps', 'ReplicaSet', 'replicasets');
const NETWORK_POLICY = resource('networking.k8s.io', 'NetworkPolicy', 'networkpolicies');

/** Through JSON, so that no two objects share a string, as after a real list. */
const fresh = (of: ApiResource, object: KubeObject): Made => ({
  resource: of,
  object: JSON.parse(JSON.stringify(object)) as KubeObject, // what goes in comes out
});

const CREATED = '2026-05-01T10:00:00Z';

export function* backdrop(size: ClusterSize): Generator<Made> {
  for (let i = 0; i < size.nodes; i++) {
    const labels = { 'kubernetes.io/hostname': `node-${i}`, 'topology.kubernetes.io/zone': `zone-${i % 3}` };
    const conditions = [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: CREATED }];
    yield fresh(NODE, { metadata: { ...metadata(`node-${i}`, undefined, 1, i), labels }, status: { conditions } });
  }
  for (let n = 0; n < size.namespaces; n++) {
    const labels = { 'kubernetes.io/metadata.name': `team-${n}` };
    yield fresh(NAMESPACE, { metadata: { ...metadata(`team-${n}`, undefined, 2, n), labels } });
    yield fresh(NETWORK_POLICY, {
      metadata: metadata('default-deny', `team-${n}`, 3, n),
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    });
    for (let w = 0; w < size.workloadsPerNamespace; w++) {
      const index = n * size.workloadsPerNamespace + w;
      yield fresh(SERVICE, {
        metadata: metadata(`app-${w}`, `team-${n}`, 4, index),
        spec: { selector: { app: `app-${w}` }, ports: [{ port: 80, targetPort: 8080 }] },
      });
      yield fresh(REPLICA_SET, {
        metadata: { ...metadata(`app-${w}-5d4f8c7b9`, `team-${n}`, 5, index), labels: labelsOf(w, `team-${n}`) },
        spec: {
          replicas: size.podsPerWorkload,
          template: { metadata: { labels: labelsOf(w, `team-${n}`) }, spec: template(w, `team-${n}`) },
        },
        status: { replicas: size.podsPerWorkload, readyReplicas: size.podsPerWorkload },
      });
    }
  }
}

export function* pods(size: ClusterSize): Generator<Made> {
  const all = size.namespaces * size.workloadsPerNamespace * size.podsPerWorkload;
  for (let i = 0; i < all; i++) yield fresh(POD, pod(size, i, 0));
}

/** Pod number `index`, with so many restarts. */
export function podAgain(size: ClusterSize, index: number, restarts: number): Made {
  return fresh(POD, pod(size, index, restarts));
}

function pod(size: ClusterSize, index: number, restarts: number): KubeObject {
  const workload = Math.floor(index / size.podsPerWorkload);
  const w = workload % size.workloadsPerNamespace;
  const namespace = `team-${Math.floor(workload / size.workloadsPerNamespace)}`;
  const suffix = (Math.imul(index + 7, 0x9e3779b1) >>> 0).toString(36).slice(-5);
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `app-${w}-5d4f8c7b9`, uid: uidOf(5, workload) };
  const at = new Date(Date.UTC(2026, 4, 1) + index * 1000).toISOString().replace('.000', '');
  return {
    metadata: {
      ...metadata(`app-${w}-5d4f8c7b9-${suffix}`, namespace, 6, index),
      resourceVersion: `${9_000_000_000 + index + restarts * 1_000_000}`,
      labels: labelsOf(w, namespace),
      ownerReferences: [{ ...owner, controller: true }],
    },
    spec: { ...template(w, namespace), nodeName: `node-${Math.imul(index, 7919) % size.nodes}` },
    status: {
      phase: 'Running',
      startTime: at,
      qosClass: 'Burstable',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: at,
      })),
      containerStatuses: ['main', 'proxy'].map((name) => ({
        name,
        ready: true,
        started: true,
        restartCount: restarts,
        state: { running: { startedAt: at } },
      })),
    },
  };
}

function metadata(name: string, namespace: string | undefined, kind: number, index: number) {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: uidOf(kind, index),
    resourceVersion: `${8_000_000_000 + kind * 10_000_000 + index}`,
    creationTimestamp: CREATED,
  };
}

/** No two workloads have the same labels or the same template. */
function labelsOf(w: number, namespace: string): Record<string, string> {
  return {
    'app.kubernetes.io/instance': `${namespace}-app-${w}`,
    app: `app-${w}`,
    'app.kubernetes.io/name': `app-${w}`,
    'app.kubernetes.io/part-of': `suite-${w % 5}`,
    tier: w % 2 === 0 ? 'web' : 'backend',
    'pod-template-hash': '5d4f8c7b9',
  };
}

/** With the owner and the node: nine or ten references. */
function template(w: number, namespace: string) {
  const container = (name: string, image: string) => ({
    name,
    image,
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    envFrom: [{ configMapRef: { name: `app-${w}-env` } }],
    readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
  });
  return {
    serviceAccountName: `app-${w}`,
    priorityClassName: 'normal',
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    imagePullSecrets: [{ name: 'pull' }],
    containers: [
      container('main', `registry.test/${namespace}/app-${w}:1.2.3`),
      container('proxy', 'registry.test/proxy:4.5'),
    ],
    volumes: [
      { name: 'config', configMap: { name: `app-${w}-files` } },
      { name: 'secret', secret: { secretName: `app-${w}-tls` } },
      { name: 'ca', configMap: { name: 'kube-root-ca.crt' } },
    ],
  };
}
