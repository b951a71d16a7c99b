/** Status, scale, eviction, binding, tokens and what else hangs on an object. */

import { deployment, job, pod, workload } from '../objects.ts';
import {
  apply,
  apps,
  core,
  get,
  inNamespace,
  jsonPatch,
  mergePatch,
  post,
  put,
  type Sequence,
  type Step,
  sequence,
  settled,
  strategicPatch,
  topic,
} from '../sequence.ts';

const PODS = core('pods');
const P = `${PODS}/p`;
const made: Step = post(PODS, pod('p'), { save: { uid: 'metadata.uid' } });
const D = `${apps('deployments')}/d`;
const PDBS = inNamespace('policy/v1', 'poddisruptionbudgets');
const eviction = (fields: Record<string, unknown> = {}) => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { name: 'p' },
  ...fields,
});
const scale = (spec: unknown, metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name: 'd', ...metadata },
  spec,
});

const status: Sequence[] = [
  sequence(
    'of a pod',
    made,
    get(`${P}/status`),
    mergePatch(`${P}/status`, {
      status: { phase: 'Running', message: 'm' },
      spec: { nodeName: 'x' },
      metadata: { labels: { a: 'b' } },
    }),
    mergePatch(P, { status: { phase: 'Failed' } }),
    get(P),
  ),
  sequence(
    'conditions of a pod by strategic patch',
    made,
    strategicPatch(`${P}/status`, { status: { conditions: [{ type: 'Mine', status: 'True' }] } }),
    strategicPatch(`${P}/status`, {
      status: {
        conditions: [
          { type: 'Mine', status: 'False' },
          { type: 'Other', status: 'True' },
        ],
      },
    }),
    jsonPatch(`${P}/status`, [{ op: 'remove', path: '/status/conditions' }]),
    strategicPatch(`${P}/status`, { status: { conditions: [{ type: 'Mine', $patch: 'delete' }] } }),
  ),
  sequence(
    'applied',
    made,
    apply(`${P}/status?fieldManager=one`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      status: { conditions: [{ type: 'Mine', status: 'True' }] },
    }),
    apply(`${P}/status?fieldManager=two`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      status: { conditions: [{ type: 'Mine', status: 'False' }] },
    }),
  ),
  sequence(
    'that cannot be',
    made,
    mergePatch(`${P}/status`, { status: { phase: 5 } }),
    mergePatch(`${P}/status`, { status: { podIP: 'x' } }),
    mergePatch(`${P}/status`, { status: { conditions: [{ type: 'A b', status: 'Maybe' }] } }),
    mergePatch(`${P}/status`, { status: { nominatedNodeName: 'Not Valid' } }),
  ),
  sequence(
    'of a job that nobody runs',
    post(inNamespace('batch/v1', 'jobs'), job('j', { suspend: true, managedBy: 'example.com/me' })),
    get(`${inNamespace('batch/v1', 'jobs')}/j/status`),
    mergePatch(`${inNamespace('batch/v1', 'jobs')}/j/status`, { status: { active: -1 } }),
  ),
  sequence(
    'of a service',
    post(core('services'), { metadata: { name: 's' }, spec: { clusterIP: 'None', ports: [{ port: 1 }] } }),
    mergePatch(`${core('services')}/s/status`, { status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } } }),
    get(`${core('services')}/s/status`),
  ),
  sequence(
    'of a claim',
    post(core('persistentvolumeclaims'), {
      metadata: { name: 'c' },
      spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }),
    mergePatch(`${core('persistentvolumeclaims')}/c/status`, { status: { capacity: { storage: '2Gi' } } }),
    mergePatch(`${core('persistentvolumeclaims')}/c/status`, { status: { phase: 'Bound' } }),
  ),
  sequence(
    'where there is none',
    get(`${core('configmaps')}/x/status`),
    mergePatch(`${core('secrets')}/x/status`, {}),
    post(`${P}/status`, pod('p')),
    get(`${P}/nothing`),
    get(`${core('configmaps')}/kube-root-ca.crt/scale`),
  ),
];

const scales: Sequence[] = [
  sequence(
    'of a deployment',
    post(apps('deployments'), deployment('d', { replicas: 0, paused: true })),
    settled(D),
    get(`${D}/scale`),
    put(`${D}/scale`, scale({ replicas: 0 })),
    mergePatch(`${D}/scale`, { spec: { replicas: 0 } }),
    put(`${D}/scale`, scale({ replicas: -1 })),
    put(`${D}/scale`, scale({ replicas: 0 }, { name: 'other' })),
    put(`${D}/scale`, scale({ replicas: 0 }, { resourceVersion: '1' })),
    mergePatch(`${D}/scale`, { spec: { replicas: 'x' } }),
    put(`${D}/scale`, { ...scale({}), kind: 'Deployment' }),
    put(`${D}/scale?dryRun=All`, scale({ replicas: 5 })),
  ),
  ...(['statefulsets', 'replicasets'] as const).map((resource) =>
    sequence(
      `of ${resource}`,
      post(
        apps(resource),
        workload('apps/v1', resource === 'statefulsets' ? 'StatefulSet' : 'ReplicaSet', 'd', { replicas: 0 }),
      ),
      settled(`${apps(resource)}/d`),
      get(`${apps(resource)}/d/scale`),
      mergePatch(`${apps(resource)}/d/scale?dryRun=All`, { spec: { replicas: 2 } }),
    ),
  ),
  sequence(
    'of a replication controller',
    post(core('replicationcontrollers'), {
      metadata: { name: 'd' },
      spec: {
        replicas: 0,
        selector: { app: 'x' },
        template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'a', image: 'b' }] } },
      },
    }),
    settled(`${core('replicationcontrollers')}/d`),
    get(`${core('replicationcontrollers')}/d/scale`),
    mergePatch(`${core('replicationcontrollers')}/d/scale?dryRun=All`, { spec: { replicas: 2 } }),
  ),
  sequence(
    'of nothing',
    get(`${D}/scale`),
    put(`${D}/scale`, scale({ replicas: 1 })),
    mergePatch(`${D}/scale`, { spec: { replicas: 1 } }),
    get(`${apps('daemonsets')}/x/scale`),
  ),
  sequence(
    'as a table and metadata',
    post(apps('deployments'), deployment('d', { replicas: 0, paused: true })),
    settled(D),
    get(`${D}/scale`, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } }),
    get(`${D}/scale`, { headers: { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' } }),
  ),
];

const budget = (spec: Record<string, unknown>) =>
  post(
    PDBS,
    { metadata: { name: 'b' }, spec: { selector: { matchLabels: { app: 'x' } }, ...spec } },
    { unrecorded: true },
  );
const guarding: Step = settled(`${PDBS}/b`);

const evictions: Sequence[] = [
  sequence('of a pod that nobody guards', made, post(`${P}/eviction`, eviction()), get(P)),
  sequence('of nothing', post(`${P}/eviction`, eviction())),
  sequence(
    'dry',
    made,
    post(`${P}/eviction`, eviction({ deleteOptions: { dryRun: ['All'] } })),
    post(`${P}/eviction?dryRun=All`, eviction()),
    get(P),
  ),
  sequence(
    'under another name',
    made,
    post(`${P}/eviction`, eviction({ metadata: { name: 'q' } })),
    post(`${P}/eviction`, eviction({ metadata: {} })),
    post(`${P}/eviction`, { kind: 'Eviction', apiVersion: 'policy/v1beta1', metadata: { name: 'p' } }),
    post(`${P}/eviction`, { ...eviction(), kind: 'Pod' }),
  ),
  sequence(
    'with conditions',
    made,
    post(
      `${P}/eviction`,
      eviction({ deleteOptions: { preconditions: { uid: '11111111-1111-1111-1111-111111111111' } } }),
    ),
    post(`${P}/eviction`, eviction({ deleteOptions: { preconditions: { uid: '{uid}' } } })),
  ),
  sequence(
    'of a guarded pod that is pending',
    budget({ minAvailable: 1 }),
    guarding,
    post(PODS, pod('p', {}, { labels: { app: 'x' } })),
    post(`${P}/eviction`, eviction()),
  ),
  sequence(
    'of a guarded pod that runs',
    budget({ minAvailable: 1 }),
    guarding,
    post(PODS, pod('p', { nodeName: 'no-such-node' }, { labels: { app: 'x' } })),
    mergePatch(
      `${P}/status`,
      { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } },
      { unrecorded: true },
    ),
    (on) =>
      on.until(
        { ...get(`${PDBS}/b`), unrecorded: true },
        ({ body }) => (body as { status?: { currentHealthy?: number } }).status?.currentHealthy === 1,
      ),
    post(`${P}/eviction`, eviction()),
  ),
  sequence('get and put of an eviction', made, get(`${P}/eviction`), put(`${P}/eviction`, eviction())),
];

const binding = (name: string, target: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name, ...metadata },
  target: { kind: 'Node', name: 'no-such-node', ...target },
});

const bindings: Sequence[] = [
  sequence('of a pod', made, post(`${P}/binding`, binding('p')), get(P), post(`${P}/binding`, binding('p'))),
  sequence('the old way', made, post(core('bindings'), binding('p')), get(P)),
  sequence(
    'to what is no node',
    made,
    post(`${P}/binding`, binding('p', { kind: 'Pod' })),
    post(`${P}/binding`, binding('p', { name: '' })),
    post(`${P}/binding`, binding('q')),
    post(`${P}/binding`, { kind: 'Binding', apiVersion: 'v1', metadata: { name: 'p' } }),
  ),
  sequence(
    'of a pod with gates',
    post(PODS, pod('p', { schedulingGates: [{ name: 'a.b/c' }] })),
    post(`${P}/binding`, binding('p')),
    mergePatch(P, { spec: { schedulingGates: [] } }),
    post(`${P}/binding`, binding('p')),
  ),
  sequence('dry', made, post(`${P}/binding?dryRun=All`, binding('p')), get(P)),
  sequence('of nothing', post(`${P}/binding`, binding('p'))),
  sequence(
    'with labels',
    made,
    post(`${P}/binding`, binding('p', {}, { annotations: { a: 'b' }, labels: { c: 'd' } })),
    get(P),
  ),
];

const others: Sequence[] = [
  sequence(
    'ephemeral containers',
    made,
    get(`${P}/ephemeralcontainers`),
    strategicPatch(`${P}/ephemeralcontainers`, {
      spec: { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] },
    }),
    strategicPatch(`${P}/ephemeralcontainers`, { spec: { ephemeralContainers: [{ name: 'main', image: 'busybox' }] } }),
    mergePatch(P, { spec: { ephemeralContainers: [] } }),
  ),
  sequence(
    'resize',
    post(
      PODS,
      pod('p', {
        containers: [
          {
            name: 'main',
            image: 'x',
            resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '200m', memory: '128Mi' } },
          },
        ],
      }),
    ),
    strategicPatch(`${P}/resize`, {
      spec: { containers: [{ name: 'main', resources: { requests: { cpu: '150m' } } }] },
    }),
    strategicPatch(`${P}/resize`, { spec: { containers: [{ name: 'main', image: 'y' }] } }),
    mergePatch(P, { spec: { containers: [{ name: 'main', image: 'x', resources: { requests: { cpu: '1' } } }] } }),
  ),
  sequence(
    'tokens',
    post(`${core('serviceaccounts')}/default/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 600 },
    }),
    post(`${core('serviceaccounts')}/none/token`, { spec: {} }),
    post(`${core('serviceaccounts')}/default/token`, { spec: { expirationSeconds: 5 } }),
    post(`${core('serviceaccounts')}/default/token`, {
      spec: { audiences: ['me'], boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'none' } },
    }),
    get(`${core('serviceaccounts')}/default/token`),
  ),
  sequence(
    'logs of pods without any',
    made,
    get(`${P}/log`),
    get(`${P}/log?container=none`),
    get(`${PODS}/none/log`),
    get(`${P}/log?tailLines=-1`),
    get(`${P}/log?limitBytes=0`),
    get(`${P}/log?sinceSeconds=0`),
    get(`${P}/log?tailLines=x`),
    get(`${P}/log?previous=true`),
  ),
  sequence(
    'logs of several containers',
    post(
      PODS,
      pod('p', {
        containers: [
          { name: 'a', image: 'x' },
          { name: 'b', image: 'y' },
        ],
        initContainers: [{ name: 'i', image: 'z' }],
      }),
    ),
    get(`${P}/log`),
    get(`${P}/log?container=c`),
  ),
  sequence('approval of nothing', get('/apis/certificates.k8s.io/v1/certificatesigningrequests/{id}-none/approval')),
];

export const SUBRESOURCES = [
  ...topic('status', ...status),
  ...topic('scale', ...scales),
  ...topic('eviction', ...evictions),
  ...topic('binding', ...bindings),
  ...topic('subresource', ...others),
];
