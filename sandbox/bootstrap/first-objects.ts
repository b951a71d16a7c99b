/** What a kube-apiserver creates for itself when it starts: system namespaces, default roles, priority classes, the `kubernetes` Service... */
import { readFileSync } from 'node:fs';
import { dataFolder } from '../data-folder.ts';
import type { Kinds } from '../kinds/types.ts';
import { generateUid } from '../registry/metadata/generate-name.ts';
import type { Registry, WriteContext } from '../registry/types.ts';
import type { Store } from '../store/types.ts';
import { rfc3339 } from '../timestamps.ts';
import type { KubeObject, ResourceInfo } from '../types.ts';

export interface BootstrapParts {
  store: Store;
  kinds: Kinds;
  registry: Registry;
  /** ms since the epoch. */
  now: number;
  random: () => number;
  /** PEM of the authority that clients trust. */
  ca: string;
}

const NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];

/** For how things are written at start: by the API server itself. */
export const API_SERVER: WriteContext = {
  caller: { user: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] },
  dryRun: false,
  fieldManager: 'kube-apiserver',
  fieldValidation: 'Strict',
  warn: () => undefined,
};

/** Fills an empty store. */
export function createFirstObjects(parts: BootstrapParts): void {
  for (const object of apiServices(parts.kinds)) store(parts, object);
  for (const name of NAMESPACES)
    create(parts, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (const object of recorded()) store(parts, object);
  create(parts, 'configmaps', clientAuthority(parts.ca));
  store(parts, serviceRange(parts.now));
  create(parts, 'services', KUBERNETES_SERVICE);
}

/** Objects of the API server itself, as they are read back from a real one: nothing is left to default or to check. */
function recorded(): KubeObject[] {
  const text = readFileSync(new URL('objects.json', dataFolder('bootstrap', import.meta.url)), 'utf8');
  return JSON.parse(text) as KubeObject[];
}

function store(parts: BootstrapParts, object: KubeObject): void {
  const resource = resourceOf(parts.kinds, object);
  const creationTimestamp = rfc3339(parts.now);
  const metadata = { ...object.metadata, uid: generateUid(parts.random), creationTimestamp };
  parts.store.put({ resource: resource.id, object: { ...object, metadata } });
}

function create({ kinds, registry }: BootstrapParts, id: string, object: KubeObject): void {
  const resource = kinds.byId(id);
  if (resource === undefined) throw new Error(`the sandbox serves no ${id}`);
  const { namespace = '' } = object.metadata;
  registry.create({ resource, version: resource.storageVersion, namespace, name: '' }, object, API_SERVER);
}

function resourceOf(kinds: Kinds, { apiVersion, kind }: KubeObject): ResourceInfo {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const served = kinds.byKind(group, version, kind);
  if (served === undefined) throw new Error(`the sandbox serves no ${apiVersion} ${kind}`);
  return served.resource;
}

/** One APIService a group and version, as the aggregator registers those that it serves itself. */
function apiServices(kinds: Kinds): KubeObject[] {
  const versions = new Map<string, { group: string; version: string }>();
  for (const { group, origin, versions: served } of kinds.all()) {
    if (origin === 'custom' || group === 'metrics.k8s.io') continue;
    for (const { version } of served) versions.set(`${version}.${group}`, { group, version });
  }
  return [...versions.keys()].sort().map((name) => {
    const { group, version } = versions.get(name) ?? { group: '', version: '' };
    return {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name, labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
      spec: { group, version, groupPriorityMinimum: group === '' ? 18_000 : 17_000, versionPriority: 15 },
      status: {
        conditions: [
          {
            type: 'Available',
            status: 'True',
            reason: 'Local',
            message: 'Local APIServices are always available',
            lastTransitionTime: '2026-01-01T00:00:00Z',
          },
        ],
      },
    };
  });
}

function clientAuthority(ca: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'extension-apiserver-authentication', namespace: 'kube-system' },
    data: { 'client-ca-file': ca },
  };
}

function serviceRange(now: number): KubeObject {
  const condition = {
    type: 'Ready',
    status: 'True',
    reason: '',
    message: 'Kubernetes Service CIDR is ready',
    lastTransitionTime: rfc3339(now),
  };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: 'kubernetes', finalizers: ['networking.k8s.io/service-cidr-finalizer'] },
    spec: { cidrs: ['10.96.0.0/16'] },
    status: { conditions: [condition] },
  };
}

const KUBERNETES_SERVICE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: {
    type: 'ClusterIP',
    clusterIP: '10.96.0.1',
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
    sessionAffinity: 'None',
  },
};
