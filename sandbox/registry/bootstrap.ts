/** What an apiserver makes itself when it starts on an empty store. */
import type { Kinds } from '../kinds/types.ts';
import type { Store } from '../store/types.ts';
import type { KubeObject, ResourceId } from '../types.ts';
import type { Registry, WriteContext } from './types.ts';

const NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];
const PRIORITIES = [
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
];

/** The system's namespaces and priority classes, and the service `kubernetes` at 10.96.0.1. What is there already stays as it is. */
export function bootstrap(
  { registry, kinds, store }: { registry: Registry; kinds: Kinds; store: Store },
  /** The port at which the API listens. */
  port: number,
): void {
  const context: WriteContext = {
    caller: { user: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] },
    dryRun: false,
    fieldManager: 'kube-apiserver',
    fieldValidation: 'Ignore',
    warn: () => undefined,
  };
  function ensure(
    id: ResourceId,
    object: Omit<KubeObject, 'apiVersion' | 'kind'> & Pick<KubeObject, 'metadata'>,
  ): void {
    const resource = kinds.byId(id);
    const { name, namespace = '' } = object.metadata;
    if (resource === undefined || store.get(id, namespace, name) !== undefined) return;
    const version = resource.storageVersion;
    const apiVersion = resource.group === '' ? version : `${resource.group}/${version}`;
    const whole: KubeObject = { apiVersion, kind: resource.kind, ...object };
    registry.create({ resource, version, namespace, name: '' }, whole, context);
  }
  for (const name of NAMESPACES) ensure('namespaces', { metadata: { name } });
  for (const { name, ...rest } of PRIORITIES)
    ensure('priorityclasses.scheduling.k8s.io', { metadata: { name }, ...rest });
  ensure('services', {
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.1',
      sessionAffinity: 'None',
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: port }],
    },
  });
}
