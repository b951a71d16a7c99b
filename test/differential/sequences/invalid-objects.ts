/** Manifests that a kind refuses: in which words. */
import { job, pod, workload } from '../objects.ts';
import { across, apps, core, inNamespace, post, type Sequence, sequence, topic } from '../sequence.ts';

type Fields = Record<string, unknown>;
type Bad = readonly [name: string, spec: Fields];

const dry = (path: string) => `${path}?dryRun=All`;

/** Sequences of at most so many refusals, so that one difference does not hide the others. */
const AT_MOST = 4;

function refusals(what: string, path: string, build: (spec: Fields) => unknown, list: readonly Bad[]): Sequence[] {
  return Array.from({ length: Math.ceil(list.length / AT_MOST) }, (_, at) => {
    const some = list.slice(at * AT_MOST, (at + 1) * AT_MOST);
    return sequence(
      `${what}: ${some.map(([name]) => name).join(', ')}`,
      ...some.map(([, spec]) => post(dry(path), build(spec))),
    );
  });
}

const container = (fields: Fields) => ({ containers: [{ name: 'a', image: 'b', ...fields }] });
const volume = (...volumes: unknown[]) => ({ containers: [{ name: 'a', image: 'b' }], volumes });

const PODS: readonly Bad[] = [
  ['no containers', { containers: [] }],
  ['a container without name and image', { containers: [{}] }],
  [
    'two containers of one name',
    {
      containers: [
        { name: 'a', image: 'x' },
        { name: 'a', image: 'y' },
      ],
    },
  ],
  ['a name that is none', { containers: [{ name: 'A_b', image: 'x' }] }],
  ['an image with spaces', container({ image: ' x ' })],
  ['a restart policy', { ...container({}), restartPolicy: 'Sometimes' }],
  ['a dns policy', { ...container({}), dnsPolicy: 'Mine' }],
  ['dns without servers', { ...container({}), dnsPolicy: 'None' }],
  ['a pull policy', container({ imagePullPolicy: 'Maybe' })],
  ['a port too high', container({ ports: [{ containerPort: 70000 }] })],
  ['a port without number', container({ ports: [{ name: 'x' }] })],
  ['a port name too long', container({ ports: [{ name: 'sixteen-letters-x', containerPort: 80 }] })],
  [
    'a port name twice',
    container({
      ports: [
        { name: 'a', containerPort: 80 },
        { name: 'a', containerPort: 81 },
      ],
    }),
  ],
  ['a protocol', container({ ports: [{ containerPort: 80, protocol: 'ICMP' }] })],
  [
    'a host port twice',
    container({
      ports: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 80 },
      ],
    }),
  ],
  ['an env without name', container({ env: [{ value: 'x' }] })],
  [
    'an env with two values',
    container({ env: [{ name: 'a', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
  ],
  ['a field path', container({ env: [{ name: 'a', valueFrom: { fieldRef: { fieldPath: 'spec.what' } } }] })],
  ['an env from nothing', container({ env: [{ name: 'a', valueFrom: {} }] })],
  ['an env name', container({ env: [{ name: 'a=b', value: 'x' }] })],
  ['an envFrom without source', container({ envFrom: [{}] })],
  ['a resource name', container({ resources: { limits: { foo: '1' } } })],
  ['a request above the limit', container({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } })],
  ['a negative request', container({ resources: { requests: { cpu: '-1' } } })],
  ['half a gpu', container({ resources: { limits: { 'example.com/gpu': '0.5' } } })],
  ['a gpu without limit', container({ resources: { requests: { 'example.com/gpu': '1' } } })],
  ['huge pages alone', container({ resources: { limits: { 'hugepages-2Mi': '2Mi' } } })],
  ['a probe of nothing', container({ livenessProbe: {} })],
  ['a probe of two things', container({ livenessProbe: { tcpSocket: { port: 80 }, exec: { command: ['x'] } } })],
  [
    'a liveness probe with two successes',
    container({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
  ],
  ['probe numbers', container({ readinessProbe: { tcpSocket: { port: 0 }, timeoutSeconds: -1, periodSeconds: -1 } })],
  [
    'a probe by a name that is too long',
    container({ readinessProbe: { httpGet: { port: 'this-is-far-too-long', path: '' } } }),
  ],
  ['a mount of no volume', container({ volumeMounts: [{ name: 'none', mountPath: '/x' }] })],
  ['a mount without path', { ...volume({ name: 'v', emptyDir: {} }), ...container({ volumeMounts: [{ name: 'v' }] }) }],
  [
    'two mounts of one path',
    {
      ...volume({ name: 'v', emptyDir: {} }),
      ...container({
        volumeMounts: [
          { name: 'v', mountPath: '/x' },
          { name: 'v', mountPath: '/x' },
        ],
      }),
    },
  ],
  [
    'a sub path that climbs',
    {
      ...volume({ name: 'v', emptyDir: {} }),
      ...container({ volumeMounts: [{ name: 'v', mountPath: '/x', subPath: '../y' }] }),
    },
  ],
  ['a volume of two kinds', volume({ name: 'v', emptyDir: {}, hostPath: { path: '/x' } })],
  ['two volumes of one name', volume({ name: 'v', emptyDir: {} }, { name: 'v', emptyDir: {} })],
  ['a volume name', volume({ name: 'V v', emptyDir: {} })],
  ['a host path that climbs', volume({ name: 'v', hostPath: { path: '/a/../b' } })],
  ['a host path type', volume({ name: 'v', hostPath: { path: '/a', type: 'Hole' } })],
  ['a config map without name', volume({ name: 'v', configMap: {} })],
  ['a mode', volume({ name: 'v', configMap: { name: 'x', defaultMode: 5000 } })],
  ['a secret item without path', volume({ name: 'v', secret: { secretName: 's', items: [{ key: 'k' }] } })],
  ['a claim without name', volume({ name: 'v', persistentVolumeClaim: {} })],
  ['an nfs share without server', volume({ name: 'v', nfs: { path: 'x' } })],
  ['projected nothing', volume({ name: 'v', projected: { sources: [{}] } })],
  ['a csi volume without driver', volume({ name: 'v', csi: {} })],
  ['a toleration operator', { ...container({}), tolerations: [{ key: 'a', operator: 'Is' }] }],
  [
    'a toleration that exists with a value',
    { ...container({}), tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] },
  ],
  [
    'toleration seconds without NoExecute',
    { ...container({}), tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }] },
  ],
  ['an effect', { ...container({}), tolerations: [{ key: 'a', operator: 'Exists', effect: 'Never' }] }],
  [
    'node affinity without terms',
    {
      ...container({}),
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
    },
  ],
  [
    'a node operator',
    {
      ...container({}),
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Near', values: ['b'] }] }],
          },
        },
      },
    },
  ],
  [
    'a weight',
    {
      ...container({}),
      affinity: {
        podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 500, podAffinityTerm: { topologyKey: 'x' } }],
        },
      },
    },
  ],
  [
    'pod affinity without topology',
    {
      ...container({}),
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {} }] } },
    },
  ],
  [
    'spread',
    { ...container({}), topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Cry' }] },
  ],
  ['a node selector', { ...container({}), nodeSelector: { 'a b': 'c' } }],
  ['a node name', { ...container({}), nodeName: 'Not Valid' }],
  ['a service account name', { ...container({}), serviceAccountName: 'Not Valid' }],
  ['a service account that is not there', { ...container({}), serviceAccountName: 'not-there' }],
  ['a hostname', { ...container({}), hostname: 'a.b', subdomain: 'A' }],
  ['a deadline', { ...container({}), activeDeadlineSeconds: 0 }],
  ['a grace period', { ...container({}), terminationGracePeriodSeconds: -1 }],
  ['users', { ...container({ securityContext: { runAsUser: -1 } }), securityContext: { runAsUser: -5, fsGroup: -2 } }],
  [
    'privileged without escalation',
    container({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
  ],
  ['a seccomp profile', { ...container({}), securityContext: { seccompProfile: { type: 'Localhost' } } }],
  ['a sysctl', { ...container({}), securityContext: { sysctls: [{ name: 'a b', value: '1' }] } }],
  [
    'host ports on the host network',
    { ...container({ ports: [{ containerPort: 80, hostPort: 81 }] }), hostNetwork: true },
  ],
  ['shared processes of a host pid', { ...container({}), hostPID: true, shareProcessNamespace: true }],
  ['a priority class that is not there', { ...container({}), priorityClassName: 'none-such' }],
  ['a priority of its own', { ...container({}), priority: 5 }],
  ['a runtime class that is not there', { ...container({}), runtimeClassName: 'none-such' }],
  ['an init container that is a container', { ...container({}), initContainers: [{ name: 'a', image: 'x' }] }],
  [
    'an init container with a probe',
    { ...container({}), initContainers: [{ name: 'i', image: 'x', readinessProbe: { tcpSocket: { port: 1 } } }] },
  ],
  ['an init restart policy', { ...container({}), initContainers: [{ name: 'i', image: 'x', restartPolicy: 'Never' }] }],
  ['ephemeral containers at once', { ...container({}), ephemeralContainers: [{ name: 'e', image: 'x' }] }],
  ['a readiness gate', { ...container({}), readinessGates: [{ conditionType: 'a b' }] }],
  ['a scheduling gate', { ...container({}), schedulingGates: [{ name: 'a b' }] }],
  ['a host alias', { ...container({}), hostAliases: [{ ip: 'x', hostnames: ['A'] }] }],
  ['a lifecycle of nothing', container({ lifecycle: { preStop: {} } })],
  ['a termination message policy', container({ terminationMessagePolicy: 'Shout' })],
  ['a working os', { ...container({}), os: { name: 'beos' } }],
  ['a preemption policy', { ...container({}), preemptionPolicy: 'Perhaps' }],
];

const template = (fields: Fields = {}) => ({
  template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'a', image: 'b' }] }, ...fields },
});
const WORKLOAD: readonly Bad[] = [
  ['negative replicas', { replicas: -1 }],
  ['a selector that misses', { selector: { matchLabels: { app: 'y' } } }],
  ['an empty selector', { selector: {} }],
  ['no selector', { selector: null }],
  ['a selector operator', { selector: { matchExpressions: [{ key: 'app', operator: 'Like', values: ['x'] }] } }],
  ['a restart policy', template({ spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } })],
  ['no containers', template({ spec: { containers: [] } })],
  ['a deadline', template({ spec: { activeDeadlineSeconds: 5, containers: [{ name: 'a', image: 'b' }] } })],
  ['no template', { template: null }],
  ['template labels', template({ metadata: { labels: { app: 'x', 'a b': 'c' } } })],
];
const DEPLOYMENT: readonly Bad[] = [
  ['a strategy', { strategy: { type: 'Jump' } }],
  ['recreate with numbers', { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }],
  ['neither surge nor unavailable', { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }],
  ['a surge', { strategy: { rollingUpdate: { maxSurge: 'ten' } } }],
  ['too unavailable', { strategy: { rollingUpdate: { maxUnavailable: '101%' } } }],
  ['seconds', { minReadySeconds: -1, revisionHistoryLimit: -1 }],
  ['a deadline below the ready seconds', { minReadySeconds: 700 }],
];
const STATEFUL: readonly Bad[] = [
  ['a pod management policy', { podManagementPolicy: 'None' }],
  ['an update strategy', { updateStrategy: { type: 'Jump' } }],
  ['a partition', { updateStrategy: { rollingUpdate: { partition: -1 } } }],
  ['claims without sizes', { volumeClaimTemplates: [{ metadata: { name: 'x' }, spec: { accessModes: [] } }] }],
  ['a retention policy', { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Keep' } }],
  ['ordinals', { ordinals: { start: -1 } }],
];
const DAEMON: readonly Bad[] = [
  ['an update strategy', { updateStrategy: { type: 'Jump' } }],
  ['nothing unavailable', { updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }],
  ['two ways', { updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } } }],
];
const JOBS: readonly Bad[] = [
  ['a restart policy', { template: { spec: { restartPolicy: 'Always', containers: [{ name: 'a', image: 'b' }] } } }],
  ['numbers', { parallelism: -1, completions: -1, backoffLimit: -1 }],
  ['deadlines', { activeDeadlineSeconds: -1, ttlSecondsAfterFinished: -1 }],
  ['a completion mode', { completionMode: 'Sorted' }],
  ['indexed without completions', { completionMode: 'Indexed' }],
  ['a selector of its own', { selector: { matchLabels: { a: 'b' } } }],
  ['a manual selector that misses', { manualSelector: true, selector: { matchLabels: { a: 'b' } } }],
  ['a failure policy', { podFailurePolicy: { rules: [{ action: 'Panic' }] } }],
  [
    'a failure policy of codes',
    { podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [0] } }] } },
  ],
  ['limits per index', { backoffLimitPerIndex: 1 }],
  ['a manager', { managedBy: 'me' }],
];
const CRON: readonly Bad[] = [
  ['no schedule', { schedule: '' }],
  ['a schedule', { schedule: '* * *' }],
  ['a schedule of numbers too high', { schedule: '99 * * * *' }],
  ['a zone in the schedule', { schedule: 'TZ=UTC * * * * *' }],
  ['a time zone', { timeZone: 'Moon/Base' }],
  ['a policy', { concurrencyPolicy: 'Queue' }],
  ['histories', { successfulJobsHistoryLimit: -1, failedJobsHistoryLimit: -1, startingDeadlineSeconds: -1 }],
];

const port = (fields: Fields = {}) => ({ ports: [{ port: 80, ...fields }] });
const SERVICES: readonly Bad[] = [
  ['no ports', {}],
  ['a port', port({ port: 0 })],
  ['two ports without names', { ports: [{ port: 80 }, { port: 81 }] }],
  [
    'a port twice',
    {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
    },
  ],
  ['a port name', port({ name: 'A b' })],
  ['a target port', port({ targetPort: 'this-is-far-too-long' })],
  ['a type', { ...port(), type: 'Pipe' }],
  ['a node port on a cluster ip', port({ nodePort: 30000 })],
  ['a node port out of range', { ...port({ nodePort: 80 }), type: 'NodePort' }],
  ['an address', { ...port(), clusterIP: 'x' }],
  ['an address out of range', { ...port(), clusterIP: '10.0.0.1' }],
  ['an external name', { type: 'ExternalName', externalName: '' }],
  ['an external name with an address', { type: 'ExternalName', externalName: 'a.b', clusterIP: '10.96.0.50' }],
  ['headless and node port', { ...port(), type: 'NodePort', clusterIP: 'None' }],
  ['an affinity', { ...port(), sessionAffinity: 'Friend' }],
  ['a traffic policy', { ...port(), externalTrafficPolicy: 'Local' }],
  ['an internal traffic policy', { ...port(), internalTrafficPolicy: 'Some' }],
  ['two families of one stack', { ...port(), ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'SingleStack' }],
  ['a family that is not there', { ...port(), ipFamilies: ['IPv6'] }],
  ['dual stack by force', { ...port(), ipFamilyPolicy: 'RequireDualStack' }],
  ['source ranges', { ...port(), loadBalancerSourceRanges: ['x'], type: 'LoadBalancer' }],
  ['external addresses', { ...port(), externalIPs: ['127.0.0.1'] }],
  ['a selector', { ...port(), selector: { 'a b': 'c' } }],
  ['a protocol', port({ protocol: 'ICMP' })],
];

const hpa = (spec: Fields) => ({
  metadata: { name: 'x' },
  spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' }, ...spec },
});
const AUTOSCALERS: readonly Bad[] = [
  ['no target', { scaleTargetRef: {} }],
  ['numbers', { minReplicas: 5, maxReplicas: 3 }],
  ['none at most', { maxReplicas: 0 }],
  ['zero at least', { minReplicas: 0 }],
  ['a metric type', { metrics: [{ type: 'Mood' }] }],
  ['a metric without its part', { metrics: [{ type: 'Resource' }] }],
  [
    'a metric without target',
    { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } }] },
  ],
  [
    'behaviour',
    {
      behavior: {
        scaleUp: { policies: [{ type: 'Pods', value: 0, periodSeconds: 0 }], stabilizationWindowSeconds: 9999 },
      },
    },
  ],
];

const rule = (path: Fields) => ({ rules: [{ http: { paths: [path] } }] });
const backend = { service: { name: 's', port: { number: 80 } } };
const INGRESSES: readonly Bad[] = [
  ['nothing', {}],
  ['a path without type', rule({ path: '/', backend })],
  ['a path without slash', rule({ path: 'x', pathType: 'Prefix', backend })],
  ['no backend', rule({ path: '/', pathType: 'Prefix', backend: {} })],
  [
    'two backends',
    rule({ path: '/', pathType: 'Prefix', backend: { ...backend, resource: { kind: 'a', name: 'b' } } }),
  ],
  ['a backend port', rule({ path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: {} } } })],
  ['a host', { rules: [{ host: 'A b', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] }],
  ['a host that is an address', { rules: [{ host: '1.2.3.4' }] }],
  ['a path type', rule({ path: '/', pathType: 'Regex', backend })],
  ['a class', { defaultBackend: backend, ingressClassName: 'A b' }],
  ['tls hosts', { defaultBackend: backend, tls: [{ hosts: ['*.*'] }] }],
];
const POLICIES: readonly Bad[] = [
  ['a block', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 'x' } }] }] }],
  [
    'an exception outside',
    { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/8'] } }] }] },
  ],
  ['a peer of nothing', { podSelector: {}, ingress: [{ from: [{}] }] }],
  ['a peer of two', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] }] }],
  ['types', { podSelector: {}, policyTypes: ['Sideways'] }],
  ['an end before the beginning', { podSelector: {}, egress: [{ ports: [{ port: 100, endPort: 50 }] }] }],
  ['a port', { podSelector: {}, egress: [{ ports: [{ port: 70000 }, { port: 'far-too-long-for-this' }] }] }],
];
const CLAIMS: readonly Bad[] = [
  ['nothing', {}],
  ['a mode', { accessModes: ['WriteOnly'], resources: { requests: { storage: '1Gi' } } }],
  ['a size', { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '0' } } }],
  ['a class', { accessModes: ['ReadWriteOnce'], storageClassName: 'A b', resources: { requests: { storage: '1Gi' } } }],
  [
    'a source',
    {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      dataSource: { kind: 'Thing', name: '' },
    },
  ],
  [
    'once by one pod and many',
    { accessModes: ['ReadWriteOncePod', 'ReadWriteMany'], resources: { requests: { storage: '1Gi' } } },
  ],
  [
    'a volume mode',
    { accessModes: ['ReadWriteOnce'], volumeMode: 'Tape', resources: { requests: { storage: '1Gi' } } },
  ],
];
const BUDGETS: readonly Bad[] = [
  ['both', { minAvailable: 1, maxUnavailable: 1 }],
  ['a number', { minAvailable: -1 }],
  ['a percentage', { maxUnavailable: '200%' }],
  ['a text', { maxUnavailable: 'many' }],
  ['a policy', { minAvailable: 1, unhealthyPodEvictionPolicy: 'Never' }],
  ['a selector', { selector: { matchLabels: { 'a b': 'c' } } }],
];
const QUOTAS: readonly Bad[] = [
  ['names', { hard: { 'a b': '1', foo: '1' } }],
  ['half a pod', { hard: { pods: '1.5' } }],
  ['less than nothing', { hard: { cpu: '-1' } }],
  ['a scope', { hard: { pods: '1' }, scopes: ['Everything'] }],
  ['scopes against each other', { hard: { pods: '1' }, scopes: ['Terminating', 'NotTerminating'] }],
  ['a scope of other things', { hard: { services: '1' }, scopes: ['BestEffort'] }],
];
const LIMITS: readonly Bad[] = [
  ['min above max', { limits: [{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }] }],
  ['a default of a pod', { limits: [{ type: 'Pod', default: { cpu: '1' } }] }],
  ['a type twice', { limits: [{ type: 'Pod' }, { type: 'Pod' }] }],
  ['a default above max', { limits: [{ type: 'Container', default: { cpu: '3' }, max: { cpu: '2' } }] }],
  ['a ratio', { limits: [{ type: 'Container', maxLimitRequestRatio: { cpu: '0.5' } }] }],
  ['a claim without bounds', { limits: [{ type: 'PersistentVolumeClaim' }] }],
];

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

const byBase = (path: string, kind: string, list: readonly Bad[]) =>
  refusals(kind, path, (spec) => workload('apps/v1', kind, 'x', spec), list);
const bySpec = (what: string, path: string, list: readonly Bad[]) =>
  refusals(what, path, (spec) => ({ metadata: { name: 'x' }, spec }), list);

const cronJob = (spec: Fields) => ({
  metadata: { name: 'x' },
  spec: {
    schedule: '* * * * *',
    jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } } },
    ...spec,
  },
});

export const INVALID = topic(
  'refused',
  ...refusals('Pod', core('pods'), (spec) => pod('x', spec), PODS),
  ...byBase(apps('deployments'), 'Deployment', [...WORKLOAD, ...DEPLOYMENT]),
  ...byBase(apps('replicasets'), 'ReplicaSet', WORKLOAD),
  ...byBase(apps('statefulsets'), 'StatefulSet', [...WORKLOAD, ...STATEFUL]),
  ...byBase(apps('daemonsets'), 'DaemonSet', [...WORKLOAD, ...DAEMON]),
  ...refusals('Job', inNamespace('batch/v1', 'jobs'), (spec) => job('x', spec), JOBS),
  ...refusals('CronJob', inNamespace('batch/v1', 'cronjobs'), cronJob, CRON),
  ...bySpec('Service', core('services'), SERVICES),
  ...refusals('HorizontalPodAutoscaler', inNamespace('autoscaling/v2', 'horizontalpodautoscalers'), hpa, AUTOSCALERS),
  ...bySpec('Ingress', inNamespace('networking.k8s.io/v1', 'ingresses'), INGRESSES),
  ...bySpec('NetworkPolicy', inNamespace('networking.k8s.io/v1', 'networkpolicies'), POLICIES),
  ...bySpec('PersistentVolumeClaim', core('persistentvolumeclaims'), CLAIMS),
  ...bySpec('PodDisruptionBudget', inNamespace('policy/v1', 'poddisruptionbudgets'), BUDGETS),
  ...bySpec('ResourceQuota', core('resourcequotas'), QUOTAS),
  ...bySpec('LimitRange', core('limitranges'), LIMITS),
  ...OTHERS.map(([name, path, ...objects]) =>
    sequence(name, ...objects.map((object) => post(dry(path), { metadata: { name: 'x' }, ...object }))),
  ),
);
