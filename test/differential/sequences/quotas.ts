/** Quotas, limit ranges, and what else looks at an object before it is taken. */
import { deployment, job, pod } from '../objects.ts';
import {
  apps,
  core,
  get,
  inNamespace,
  mergePatch,
  post,
  put,
  type Request,
  remove,
  type Sequence,
  type Step,
  sequence,
  topic,
} from '../sequence.ts';

const PODS = core('pods');
const QUOTA = `${core('resourcequotas')}/q`;
const small = (name: string, requests: Record<string, string> = {}, limits: Record<string, string> = {}) =>
  pod(name, { containers: [{ name: 'a', image: 'b', resources: { requests, limits } }] });

/** A quota that the controller has counted once. */
const quota = (hard: Record<string, string>, more: Record<string, unknown> = {}): Step[] => [
  post(core('resourcequotas'), { metadata: { name: 'q' }, spec: { hard, ...more } }, { unrecorded: true }),
  (on) =>
    on.until(
      { ...get(QUOTA), unrecorded: true },
      ({ body }) =>
        JSON.stringify((body as { status?: { used?: unknown } }).status?.used) !== undefined &&
        Object.keys((body as { status: { used: object } }).status.used ?? {}).length > 0,
    ),
];

/** The admission plugin hears of a quota a moment after its controller. */
const refused =
  (request: Request): Step =>
  (on) =>
    on.until(request, ({ status }) => status === 403);

const quotas: Sequence[] = [
  sequence(
    'pods',
    ...quota({ pods: '1' }),
    post(PODS, small('a')),
    post(PODS, small('b')),
    post(`${PODS}?dryRun=All`, small('b')),
    get(QUOTA),
  ),
  sequence(
    'requests that must be said',
    ...quota({ 'requests.cpu': '1', 'limits.memory': '1Gi' }),
    post(PODS, small('a')),
    post(PODS, small('a', { cpu: '2' }, { memory: '2Gi', cpu: '3' })),
    post(PODS, small('a', { cpu: '600m' }, { memory: '100Mi' })),
    post(PODS, small('b', { cpu: '600m' }, { memory: '100Mi' })),
    get(QUOTA),
  ),
  sequence(
    'counts of kinds',
    ...quota({ 'count/configmaps': '2', 'count/secrets': '0', services: '1', 'services.nodeports': '0' }),
    post(core('configmaps'), { metadata: { name: 'a' } }),
    post(core('configmaps'), { metadata: { name: 'b' } }),
    post(core('secrets'), { metadata: { name: 'a' } }),
    post(core('services'), { metadata: { name: 'a' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } }),
    post(core('services'), { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } }),
    post(core('services'), { metadata: { name: 'b' }, spec: { ports: [{ port: 80 }] } }),
  ),
  sequence(
    'scopes',
    ...quota({ pods: '0' }, { scopes: ['BestEffort'] }),
    refused(post(`${PODS}?dryRun=All`, small('a'))),
    post(PODS, small('a', { cpu: '1' })),
  ),
  sequence(
    'storage',
    ...quota({ 'requests.storage': '1Gi', persistentvolumeclaims: '1' }),
    post(core('persistentvolumeclaims'), {
      metadata: { name: 'a' },
      spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
    }),
    post(core('persistentvolumeclaims'), {
      metadata: { name: 'a' },
      spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }),
    post(core('persistentvolumeclaims'), {
      metadata: { name: 'b' },
      spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }),
  ),
  sequence(
    'of workloads',
    ...quota({ 'count/deployments.apps': '0', 'count/jobs.batch': '0' }),
    refused(post(`${apps('deployments')}?dryRun=All`, deployment('d', { replicas: 0 }))),
    post(inNamespace('batch/v1', 'jobs'), job('j', { suspend: true })),
  ),
  sequence(
    'given back',
    ...quota({ 'count/secrets': '1' }),
    post(core('secrets'), { metadata: { name: 'a' } }),
    post(core('secrets'), { metadata: { name: 'b' } }),
    remove(`${core('secrets')}/a`),
    (on) => on.until({ ...post(core('secrets'), { metadata: { name: 'b' } }) }, ({ status }) => status === 201),
  ),
];

const limits = (...list: unknown[]) => post(core('limitranges'), { metadata: { name: 'l' }, spec: { limits: list } });
/** The admission plugin hears of limit ranges a moment later. */
const applied: Step = (on) =>
  on.until(
    { ...post(`${PODS}?dryRun=All`, small('probe')), unrecorded: true },
    ({ status, body }) => status !== 201 || JSON.stringify(body).includes('limit-ranger'),
  );
const ranges: Sequence[] = [
  sequence(
    'defaults',
    limits({ type: 'Container', default: { cpu: '1', memory: '1Gi' }, defaultRequest: { cpu: '100m' } }),
    applied,
    post(PODS, small('a')),
    post(PODS, small('b', { cpu: '500m' })),
    post(PODS, small('c', {}, { cpu: '2' })),
    post(PODS, pod('d', { initContainers: [{ name: 'i', image: 'x' }] })),
  ),
  sequence(
    'bounds of a container',
    limits({ type: 'Container', min: { cpu: '100m' }, max: { cpu: '1' }, maxLimitRequestRatio: { memory: '2' } }),
    applied,
    post(PODS, small('a')),
    post(PODS, small('b', { cpu: '50m' })),
    post(PODS, small('c', {}, { cpu: '2' })),
    post(PODS, small('d', { memory: '1Gi' }, { memory: '4Gi' })),
    post(PODS, small('e', { memory: '1Gi' })),
  ),
  sequence(
    'bounds of a pod',
    limits({ type: 'Pod', max: { cpu: '1' }, min: { memory: '1Gi' } }),
    applied,
    post(PODS, small('a')),
    post(PODS, small('b', { cpu: '2', memory: '2Gi' }, { cpu: '2', memory: '2Gi' })),
    post(PODS, small('c', { cpu: '1', memory: '1Gi' }, { cpu: '1', memory: '1Gi' })),
  ),
  sequence(
    'bounds of a claim',
    limits({ type: 'PersistentVolumeClaim', min: { storage: '2Gi' }, max: { storage: '4Gi' } }),
    (on) =>
      on.until(
        {
          ...post(`${core('persistentvolumeclaims')}?dryRun=All`, {
            metadata: { name: 'a' },
            spec: {
              storageClassName: 'none',
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '1Gi' } },
            },
          }),
        },
        ({ status }) => status === 403,
      ),
    post(`${core('persistentvolumeclaims')}?dryRun=All`, {
      metadata: { name: 'a' },
      spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } },
    }),
  ),
];

const admission: Sequence[] = [
  sequence(
    'a priority class',
    post('/apis/scheduling.k8s.io/v1/priorityclasses', {
      metadata: { name: '{id}' },
      value: 77,
      preemptionPolicy: 'Never',
    }),
    (on) =>
      on.until(post(`${PODS}?dryRun=All`, pod('p', { priorityClassName: '{id}' })), ({ status }) => status === 201),
    post(`${PODS}?dryRun=All`, pod('p', { priorityClassName: '{id}', priority: 5 })),
    post(`${PODS}?dryRun=All`, pod('p', { priorityClassName: 'system-node-critical' })),
  ),
  sequence(
    'tolerations',
    post(
      PODS,
      pod('p', { tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }] }),
    ),
    post(PODS, pod('q', { tolerations: [{ operator: 'Exists' }] })),
  ),
  sequence(
    'service accounts',
    post(PODS, pod('p', { automountServiceAccountToken: false })),
    post(core('serviceaccounts'), {
      metadata: { name: 's' },
      imagePullSecrets: [{ name: 'pull' }],
      automountServiceAccountToken: false,
    }),
    (on) => on.until(post(PODS, pod('q', { serviceAccountName: 's' })), ({ status }) => status === 201),
    post(
      PODS,
      pod('r', {
        containers: [
          {
            name: 'a',
            image: 'b',
            volumeMounts: [{ name: 't', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
          },
        ],
        volumes: [{ name: 't', emptyDir: {} }],
      }),
    ),
  ),
  sequence(
    'security labels of a namespace',
    mergePatch('/api/v1/namespaces/{ns}', {
      metadata: {
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/warn': 'baseline' },
      },
    }),
    post(`${PODS}?dryRun=All`, pod('p')),
    mergePatch('/api/v1/namespaces/{ns}', {
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'nonsense' } },
    }),
  ),
  sequence(
    'image pull policies',
    ...[
      'nginx',
      'nginx:latest',
      'nginx:1',
      'a.b/c@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1',
      'localhost:5000/x',
    ].map((image) => post(`${PODS}?dryRun=All`, pod('p', { containers: [{ name: 'a', image }] }))),
  ),
  sequence(
    'quality of service',
    ...[
      {},
      { requests: { cpu: '1' } },
      { limits: { cpu: '1', memory: '1Gi' } },
      { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } },
      { limits: { cpu: '1' } },
    ].map((resources) => post(`${PODS}?dryRun=All`, pod('p', { containers: [{ name: 'a', image: 'b', resources }] }))),
  ),
  sequence(
    'resources of a pod',
    post(`${PODS}?dryRun=All`, pod('p', { resources: { limits: { cpu: '1', memory: '1Gi' } } })),
    post(`${PODS}?dryRun=All`, pod('p', { resources: { requests: { 'example.com/x': '1' } } })),
  ),
  sequence(
    'quantities as they are written',
    ...[
      '1000m',
      '0.5',
      '1e3',
      '1E',
      '1024Ki',
      '1.5Gi',
      '100000',
      '0',
      '1n',
      '12345678901234567890',
      '.5',
      '1Ti',
      '+1',
      '0.0001',
    ].map((cpu) =>
      post(`${core('resourcequotas')}?dryRun=All`, {
        metadata: { name: 'q' },
        spec: { hard: { 'requests.memory': cpu } },
      }),
    ),
  ),
  sequence(
    'the old and the new events',
    post(core('events'), {
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: '{ns}' },
      reason: 'R',
      message: 'm',
      type: 'Normal',
      source: { component: 'c', host: 'h' },
      count: 2,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T01:00:00Z',
    }),
    get(`${inNamespace('events.k8s.io/v1', 'events')}/e`),
    get(`${core('events')}?fieldSelector=involvedObject.name=p`),
    mergePatch(`${inNamespace('events.k8s.io/v1', 'events')}/e`, { note: 'n' }),
    put(`${core('events')}/e`, {
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: '{ns}' },
      message: 'other',
    }),
  ),
  sequence(
    'autoscalers of two versions',
    post(inNamespace('autoscaling/v1', 'horizontalpodautoscalers'), {
      metadata: { name: 'h' },
      spec: {
        maxReplicas: 3,
        targetCPUUtilizationPercentage: 70,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
      },
    }),
    post(`${inNamespace('autoscaling/v2', 'horizontalpodautoscalers')}?dryRun=All`, {
      metadata: { name: 'i' },
      spec: {
        maxReplicas: 3,
        metrics: [
          { type: 'Pods', pods: { metric: { name: 'x' }, target: { type: 'AverageValue', averageValue: '5' } } },
        ],
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
      },
    }),
    post(`${inNamespace('autoscaling/v1', 'horizontalpodautoscalers')}?dryRun=All`, {
      metadata: {
        name: 'i',
        annotations: {
          'autoscaling.alpha.kubernetes.io/metrics':
            '[{"type":"Pods","pods":{"metricName":"x","targetAverageValue":"5"}}]',
        },
      },
      spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } },
    }),
  ),
];

export const QUOTAS = [
  ...topic('quota', ...quotas),
  ...topic('limit range', ...ranges),
  ...topic('admission', ...admission),
];
