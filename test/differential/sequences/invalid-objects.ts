/** Manifests of other kinds than Pod that are refused: in which words. */
import { job, workload } from '../objects.ts';
import { type Bad, type Fields, refusals } from '../refusals.ts';
import { apps, core, inNamespace, topic } from '../sequence.ts';

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

export const INVALID_OBJECTS = topic(
  'refused',
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
);
