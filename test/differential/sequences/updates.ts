/** What may not change once an object is there. */
import { deployment, job, pod, workload } from '../objects.ts';
import {
  across,
  apps,
  clusterSequence,
  core,
  get,
  inNamespace,
  isObserved,
  mergePatch,
  post,
  put,
  remove,
  type Sequence,
  type Settling,
  sequence,
  settled,
  topic,
} from '../sequence.ts';

type Fields = Record<string, unknown>;

/** Makes it, then tries each patch, dry. */
function changes(what: string, path: string, object: Fields, ...patches: Fields[]): Sequence {
  const { name } = object['metadata'] as { name: string };
  const resource = path.slice(path.lastIndexOf('/') + 1);
  return sequence(
    what,
    post(path, object, { unrecorded: true }),
    ...(resource in CONTROLLED ? [settled(`${path}/${name}`, CONTROLLED[resource])] : []),
    ...patches.map((patch) => mergePatch(`${path}/${name}?dryRun=All`, patch)),
  );
}

const OBSERVED = ['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'poddisruptionbudgets'];
/** Resources whose controllers write to them at once, and when they are through. */
const CONTROLLED: Readonly<Record<string, (object: Settling) => boolean>> = {
  ...Object.fromEntries(OBSERVED.map((resource) => [resource, isObserved])),
  jobs: ({ status }) => status?.['conditions'] !== undefined,
  persistentvolumeclaims: ({ status }) => status?.['phase'] !== undefined,
  resourcequotas: ({ status }) => status?.['used'] !== undefined,
};

const named = (fields: Fields = {}) => ({ metadata: { name: 'x' }, ...fields });
const claim = { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Gi' } } };

const fixed: Sequence[] = [
  changes(
    'a pod',
    core('pods'),
    pod('x', { nodeSelector: { a: 'b' } }),
    { spec: { nodeName: 'n' } },
    { spec: { containers: [{ name: 'main', image: 'other' }] } },
    { spec: { containers: [{ name: 'main', image: 'nginx:1.27', command: ['x'] }] } },
    { spec: { terminationGracePeriodSeconds: 5 } },
    { spec: { restartPolicy: 'Never' } },
    { spec: { hostNetwork: true } },
    { spec: { serviceAccountName: 'x' } },
    { spec: { nodeSelector: { c: 'd' } } },
    { spec: { tolerations: [] } },
    { spec: { activeDeadlineSeconds: 10 } },
    { spec: { volumes: [] } },
    { spec: { priority: 5 } },
    { spec: { containers: [] } },
  ),
  changes(
    'a pod with gates',
    core('pods'),
    pod('x', { schedulingGates: [{ name: 'a.b/c' }] }),
    { spec: { nodeSelector: { c: 'd' } } },
    { spec: { schedulingGates: [{ name: 'x.y/z' }] } },
    { spec: { schedulingGates: [] } },
    { spec: { nodeName: 'n' } },
    {
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }],
            },
          },
        },
      },
    },
  ),
  changes(
    'a deployment',
    apps('deployments'),
    deployment('x', { replicas: 0 }),
    { spec: { selector: { matchLabels: { app: 'y' } } } },
    { spec: { selector: { matchLabels: { app: 'y' } }, template: { metadata: { labels: { app: 'y' } } } } },
    { spec: { replicas: -1 } },
    { metadata: { labels: { 'a b': 'c' } } },
  ),
  changes(
    'a stateful set',
    apps('statefulsets'),
    workload('apps/v1', 'StatefulSet', 'x', { replicas: 0, serviceName: 's' }),
    { spec: { serviceName: 't' } },
    { spec: { podManagementPolicy: 'Parallel' } },
    { spec: { replicas: 0, updateStrategy: { type: 'OnDelete' } } },
    { spec: { volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: claim }] } },
    { spec: { selector: { matchLabels: { app: 'y' } } } },
    { spec: { revisionHistoryLimit: 3 } },
  ),
  changes(
    'a daemon set',
    apps('daemonsets'),
    workload('apps/v1', 'DaemonSet', 'x', {
      template: {
        metadata: { labels: { app: 'x' } },
        spec: { nodeSelector: { none: 'such' }, containers: [{ name: 'a', image: 'b' }] },
      },
    }),
    { spec: { selector: { matchLabels: { app: 'y' } } } },
    { spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } },
  ),
  changes('a replica set', apps('replicasets'), workload('apps/v1', 'ReplicaSet', 'x', { replicas: 0 }), {
    spec: { selector: { matchLabels: { app: 'y' } } },
  }),
  changes(
    'a job',
    inNamespace('batch/v1', 'jobs'),
    job('x', { suspend: true }),
    { spec: { completions: 5 } },
    { spec: { template: { spec: { containers: [{ name: 'main', image: 'other' }] } } } },
    { spec: { template: { spec: { nodeSelector: { a: 'b' } } } } },
    { spec: { parallelism: 2 } },
    { spec: { completionMode: 'Indexed' } },
    { spec: { selector: { matchLabels: { a: 'b' } } } },
    { spec: { backoffLimit: 3 } },
    { spec: { managedBy: 'a.b/c' } },
  ),
  changes(
    'a service',
    core('services'),
    named({ spec: { ports: [{ port: 80 }] } }),
    { spec: { clusterIP: 'None' } },
    { spec: { clusterIP: '' } },
    { spec: { clusterIP: '10.96.200.7' } },
    { spec: { type: 'ExternalName', externalName: 'a.b' } },
    { spec: { ports: [] } },
    { spec: { ipFamilies: ['IPv6'] } },
    { spec: { sessionAffinity: 'ClientIP' } },
    { spec: { sessionAffinity: 'None', sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } } },
  ),
  changes(
    'a claim',
    core('persistentvolumeclaims'),
    named({ spec: claim }),
    { spec: { resources: { requests: { storage: '2Gi' } } } },
    { spec: { storageClassName: 'other' } },
    { spec: { accessModes: ['ReadWriteMany'] } },
    { spec: { volumeName: 'v' } },
  ),
  changes(
    'a secret',
    core('secrets'),
    named({ type: 'a.b/c', data: { k: 'djE=' } }),
    { type: 'Opaque' },
    { data: { k: 'djI=' } },
    { stringData: { k: 'v3' } },
  ),
  changes(
    'an immutable secret',
    core('secrets'),
    named({ immutable: true, data: { k: 'djE=' } }),
    { data: { k: 'djI=' } },
    { immutable: false },
    { immutable: null },
    { stringData: { l: 'x' } },
    { metadata: { labels: { fine: 'yes' } } },
  ),
  changes(
    'an immutable config map',
    core('configmaps'),
    named({ immutable: true, data: { k: 'v' }, binaryData: { b: 'AQ==' } }),
    { data: { k: 'w' } },
    { binaryData: { b: 'Ag==' } },
    { immutable: false },
    { immutable: null },
    { metadata: { labels: { fine: 'yes' } } },
  ),
  changes(
    'a role binding',
    inNamespace('rbac.authorization.k8s.io/v1', 'rolebindings'),
    named({ roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' } }),
    { roleRef: { name: 'edit' } },
    { subjects: [{ kind: 'User', name: 'u' }] },
  ),
  changes(
    'an ingress',
    inNamespace('networking.k8s.io/v1', 'ingresses'),
    named({ spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } } }),
    { spec: { defaultBackend: null } },
    { spec: { ingressClassName: 'x' } },
  ),
  changes(
    'a disruption budget',
    inNamespace('policy/v1', 'poddisruptionbudgets'),
    named({ spec: { minAvailable: 1, selector: { matchLabels: { a: 'b' } } } }),
    { spec: { minAvailable: '50%' } },
    { spec: { selector: { matchLabels: { c: 'd' } } } },
    { spec: { maxUnavailable: 1 } },
  ),
  changes(
    'a quota',
    core('resourcequotas'),
    named({ spec: { hard: { pods: '1' }, scopes: ['BestEffort'] } }),
    { spec: { hard: { pods: '2' } } },
    { spec: { scopes: null } },
    { spec: { scopes: ['NotBestEffort'] } },
  ),
  changes(
    'a controller revision',
    apps('controllerrevisions'),
    named({ revision: 1, data: { a: 1 } }),
    { revision: 2 },
    { data: { a: 2 } },
  ),
  changes(
    'an endpoint slice',
    inNamespace('discovery.k8s.io/v1', 'endpointslices'),
    named({ addressType: 'IPv4', endpoints: [] }),
    { addressType: 'IPv6' },
    { endpoints: [{ addresses: ['10.0.0.1'] }] },
  ),
  changes(
    'an event of a day',
    inNamespace('events.k8s.io/v1', 'events'),
    named({
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'a.b/c',
      reportingInstance: 'i',
      action: 'Do',
      reason: 'R',
      type: 'Normal',
    }),
    { reason: 'Other' },
    { note: 'other' },
    { series: { count: 2, lastObservedTime: '2026-01-01T00:00:00.000000Z' } },
  ),
];

const services: Sequence[] = [
  sequence(
    'an address twice',
    post(
      core('services'),
      { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } },
      { save: { ip: 'spec.clusterIP' }, unrecorded: true },
    ),
    post(core('services'), { metadata: { name: 'b' }, spec: { clusterIP: '{ip}', ports: [{ port: 80 }] } }),
    remove(`${core('services')}/a`, undefined, { unrecorded: true }),
    post(core('services'), { metadata: { name: 'b' }, spec: { clusterIP: '{ip}', ports: [{ port: 80 }] } }),
  ),
  sequence(
    'a node port twice',
    post(
      core('services'),
      { metadata: { name: 'a' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } },
      { save: { port: 'spec.ports.0.nodePort' } },
    ),
    post(
      core('services'),
      '{"metadata":{"name":"b"},"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":{port}}]}}',
    ),
    post(
      core('services'),
      '{"metadata":{"name":"c"},"spec":{"type":"NodePort","ports":[{"name":"t","port":53,"nodePort":{port}},{"name":"u","port":53,"protocol":"UDP","nodePort":{port}}]}}',
    ),
  ),
  sequence(
    'from one type to the next',
    post(core('services'), { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } }),
    ...['NodePort', 'ClusterIP'].map((type) => mergePatch(`${core('services')}/s`, { spec: { type } })),
    mergePatch(`${core('services')}/s`, { spec: { type: 'ExternalName', externalName: 'a.example.com' } }),
    mergePatch(`${core('services')}/s`, {
      spec: { type: 'ExternalName', externalName: 'a.example.com', clusterIP: '', clusterIPs: [] },
    }),
    mergePatch(`${core('services')}/s`, { spec: { type: 'ClusterIP' } }),
    get(`${core('services')}/s`),
  ),
  sequence(
    'put without its address',
    post(
      core('services'),
      { metadata: { name: 's' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } },
      { save: { rv: 'metadata.resourceVersion' } },
    ),
    put(`${core('services')}/s`, {
      metadata: { name: 's', resourceVersion: '{rv}' },
      spec: { type: 'NodePort', ports: [{ port: 81 }] },
    }),
    put(`${core('services')}/s`, { metadata: { name: 's' }, spec: { type: 'NodePort', ports: [{ port: 81 }] } }),
  ),
  sequence(
    'headless and selectorless',
    post(core('services'), { metadata: { name: 's' }, spec: { clusterIP: 'None' } }),
    post(core('services'), {
      metadata: { name: 't' },
      spec: { clusterIP: 'None', selector: { a: 'b' }, ports: [{ port: 80 }] },
    }),
    post(core('services'), { metadata: { name: 'u' }, spec: { type: 'ExternalName', externalName: 'A.example.com.' } }),
  ),
];

const VOLUMES = across('v1', 'persistentvolumes');
const outside: Sequence[] = [
  clusterSequence(
    'a volume',
    post(
      VOLUMES,
      {
        metadata: { name: '{id}' },
        spec: {
          capacity: { storage: '1Gi' },
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'none-{id}',
          hostPath: { path: '/x' },
        },
      },
      { unrecorded: true },
    ),
    settled(`${VOLUMES}/{id}`, ({ status }) => status?.['phase'] === 'Available'),
    mergePatch(`${VOLUMES}/{id}?dryRun=All`, { spec: { hostPath: { path: '/y' } } }),
    mergePatch(`${VOLUMES}/{id}?dryRun=All`, { spec: { volumeMode: 'Block' } }),
    mergePatch(`${VOLUMES}/{id}?dryRun=All`, { spec: { persistentVolumeReclaimPolicy: 'Burn' } }),
  ),
  clusterSequence(
    'a storage class',
    post(
      across('storage.k8s.io/v1', 'storageclasses'),
      { metadata: { name: '{id}' }, provisioner: 'a.b' },
      { unrecorded: true },
    ),
    ...[
      { provisioner: 'c.d' },
      { parameters: { a: 'b' } },
      { reclaimPolicy: 'Retain' },
      { volumeBindingMode: 'WaitForFirstConsumer' },
      { allowVolumeExpansion: true },
    ].map((patch) => mergePatch(`${across('storage.k8s.io/v1', 'storageclasses')}/{id}?dryRun=All`, patch)),
  ),
  clusterSequence(
    'a priority class',
    post(
      across('scheduling.k8s.io/v1', 'priorityclasses'),
      { metadata: { name: '{id}' }, value: 5 },
      { unrecorded: true },
    ),
    ...[{ value: 6 }, { preemptionPolicy: 'Never' }, { description: 'x' }].map((patch) =>
      mergePatch(`${across('scheduling.k8s.io/v1', 'priorityclasses')}/{id}?dryRun=All`, patch),
    ),
  ),
  clusterSequence(
    'a runtime class',
    post(
      across('node.k8s.io/v1', 'runtimeclasses'),
      { metadata: { name: '{id}' }, handler: 'a' },
      { unrecorded: true },
    ),
    mergePatch(`${across('node.k8s.io/v1', 'runtimeclasses')}/{id}?dryRun=All`, { handler: 'b' }),
  ),
  clusterSequence(
    'a cluster role binding',
    post(
      across('rbac.authorization.k8s.io/v1', 'clusterrolebindings'),
      {
        metadata: { name: '{id}' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'none' },
      },
      { unrecorded: true },
    ),
    mergePatch(`${across('rbac.authorization.k8s.io/v1', 'clusterrolebindings')}/{id}?dryRun=All`, {
      roleRef: { name: 'view' },
    }),
  ),
];

export const UPDATES = [...topic('change', ...fixed, ...outside), ...topic('services', ...services)];
