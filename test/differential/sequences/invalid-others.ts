/** Refused manifests of kinds that have more than a `spec`, or something else. */
import { dry, type Fields } from '../refusals.ts';
import { across, core, inNamespace, post, sequence, topic } from '../sequence.ts';

/** Kinds whose fields are not under `spec`. */
const OTHERS: readonly (readonly [name: string, path: string, ...objects: Fields[]])[] = [
  [
    'config maps',
    core('configmaps'),
    { data: { 'a b': 'x' } },
    { data: { a: 'x' }, binaryData: { a: 'AQ==' } },
    { data: { '..': 'x' } },
    { data: { ['x'.repeat(254)]: '1' } },
    { data: { big: 'x'.repeat(1_100_000) } },
  ],
  [
    'secrets',
    core('secrets'),
    { data: { 'a b': 'eA==' } },
    { type: 'kubernetes.io/tls' },
    { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'eA==' } },
    { type: 'kubernetes.io/basic-auth' },
    { type: 'kubernetes.io/ssh-auth' },
    { type: 'kubernetes.io/service-account-token' },
    { data: { a: 'no base64' } },
    { type: 'kubernetes.io/dockercfg', data: { '.dockercfg': '' } },
  ],
  [
    'roles',
    inNamespace('rbac.authorization.k8s.io/v1', 'roles'),
    { rules: [{ resources: ['pods'] }] },
    { rules: [{ verbs: ['get'] }] },
    { rules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }] },
    { rules: [{ verbs: ['get'], apiGroups: [''] }] },
    { rules: [{ verbs: ['get'], resources: ['pods'] }] },
  ],
  [
    'role bindings',
    inNamespace('rbac.authorization.k8s.io/v1', 'rolebindings'),
    {},
    { roleRef: { apiGroup: 'x', kind: 'Role', name: 'r' } },
    { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Thing', name: '' } },
    {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'Robot', name: 'x' },
        { kind: 'ServiceAccount', name: 'A b' },
        { kind: 'User', name: '' },
      ],
    },
  ],
  [
    'leases',
    inNamespace('coordination.k8s.io/v1', 'leases'),
    { spec: { leaseDurationSeconds: 0 } },
    { spec: { leaseTransitions: -1 } },
    { spec: { holderIdentity: '' } },
  ],
  [
    'endpoint slices',
    inNamespace('discovery.k8s.io/v1', 'endpointslices'),
    { endpoints: [] },
    { addressType: 'IPv9', endpoints: [] },
    { addressType: 'IPv4', endpoints: [{ addresses: [] }] },
    { addressType: 'IPv4', endpoints: [{ addresses: ['x'] }] },
    { addressType: 'IPv4', endpoints: [], ports: [{ name: 'A b' }] },
  ],
  [
    'endpoints',
    core('endpoints'),
    { subsets: [{}] },
    { subsets: [{ addresses: [{ ip: '127.0.0.1' }] }] },
    { subsets: [{ addresses: [{ ip: 'x' }], ports: [{ port: 0 }] }] },
  ],
  [
    'events',
    core('events'),
    {},
    { involvedObject: { namespace: 'elsewhere' } },
    { involvedObject: { kind: 'Node', name: 'n' } },
  ],
  ['service accounts', core('serviceaccounts'), { secrets: 'x' }, { imagePullSecrets: [{ name: 5 }] }],
  [
    'priority classes',
    across('scheduling.k8s.io/v1', 'priorityclasses'),
    { value: 2_000_000_000 },
    { value: 1, preemptionPolicy: 'Maybe' },
    {},
  ],
  [
    'storage classes',
    across('storage.k8s.io/v1', 'storageclasses'),
    {},
    { provisioner: 'a b' },
    { provisioner: 'a.b', reclaimPolicy: 'Burn' },
    { provisioner: 'a.b', volumeBindingMode: 'Late' },
    { provisioner: 'a.b', parameters: { '': 'x' } },
  ],
  [
    'volumes',
    across('v1', 'persistentvolumes'),
    {},
    { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] } },
    { spec: { capacity: { storage: '-1' }, accessModes: ['x'], hostPath: { path: '/x' } } },
    {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/x' },
        nfs: { server: 'a', path: '/b' },
      },
    },
    {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Burn',
        hostPath: { path: '/..' },
      },
    },
  ],
  [
    'nodes',
    across('v1', 'nodes'),
    { spec: { taints: [{ key: 'a b', effect: 'x' }] } },
    { spec: { podCIDR: 'x' } },
    {
      spec: {
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', effect: 'NoSchedule' },
        ],
      },
    },
  ],
  [
    'cluster roles',
    across('rbac.authorization.k8s.io/v1', 'clusterroles'),
    { rules: [{ verbs: ['get'], resources: ['pods'], apiGroups: [''], nonResourceURLs: ['/x'] }] },
    { aggregationRule: {} },
  ],
  [
    'ingress classes',
    across('networking.k8s.io/v1', 'ingressclasses'),
    { spec: { controller: 'x' } },
    { spec: { controller: 'a.b/c', parameters: { kind: 'x' } } },
    { spec: { controller: 'a.b/c', parameters: { kind: 'K', name: 'n', scope: 'Galaxy' } } },
  ],
  ['runtime classes', across('node.k8s.io/v1', 'runtimeclasses'), {}, { handler: 'A b' }],
  [
    'csi drivers',
    across('storage.k8s.io/v1', 'csidrivers'),
    { spec: { fsGroupPolicy: 'x' } },
    { spec: { volumeLifecycleModes: ['x'] } },
  ],
  [
    'webhooks',
    across('admissionregistration.k8s.io/v1', 'validatingwebhookconfigurations'),
    { webhooks: [{}] },
    { webhooks: [{ name: 'a', admissionReviewVersions: ['v9'], sideEffects: 'Some', clientConfig: {} }] },
  ],
  [
    'definitions',
    across('apiextensions.k8s.io/v1', 'customresourcedefinitions'),
    {},
    { spec: { group: 'a.b', scope: 'Galaxy', names: {}, versions: [] } },
  ],
];

export const INVALID_OTHERS = topic(
  'refused',
  ...OTHERS.map(([name, path, ...objects]) =>
    sequence(name, ...objects.map((object) => post(dry(path), { metadata: { name: 'x' }, ...object }))),
  ),
);
