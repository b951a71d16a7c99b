/** What the detectors see of a real control plane: nothing where all is well, and the cause where something is not. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sync } from '../../../src/graph/sync/types.ts';
import { createMonitor } from '../../../src/monitor/create-monitor.ts';
import { DETECTORS } from '../../../src/monitor/detectors/index.ts';
import type { Anomaly, Monitor } from '../../../src/monitor/types.ts';
import { atRest } from '../../support/at-rest.ts';
import { controlPlane, freshNamespace, hasTestUsers, kubectl, tryKubectl } from '../../support/control-plane.ts';
import { type GraphBed, graphBed, held, listed, wait } from '../../support/graph-bed.ts';
import { createHurriedClock } from '../../support/graph-life.ts';
import { until } from '../api.ts';

const LATER_MS = 20 * 60_000;
const SOON = { timeout: 60_000, interval: 250 };
/** Of all Ingresses here: without one no controller takes them up, which is told as well. */
const CLASS = 'graph-anomalies';

/** Small and proper: probes, requests, more than one replica. */
function deployment(name: string, more: Record<string, unknown> = {}, labels: Record<string, string> = {}): object {
  const { replicas = 2, container = {}, pod = {}, ...spec } = more;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, ...labels } },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'registry.example/app:1.2.3',
              resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '32Mi' } },
              ...(container as object),
            },
          ],
          ...(pod as object),
        },
      },
      ...spec,
    },
  };
}

const service = (name: string, app = name): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
});

const job = (name: string, labels: Record<string, string> = {}, spec: object = {}): object => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    backoffLimit: 0,
    template: {
      metadata: { labels },
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'registry.example/job:1' }] },
    },
    ...spec,
  },
});

const ingress = (name: string, backend: string): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name },
  spec: {
    ingressClassName: CLASS,
    rules: [
      {
        host: `${name}.example`,
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: backend, port: { number: 80 } } } }],
        },
      },
    ],
  },
});

const budget = (name: string, app: string, minAvailable: number): object => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name },
  spec: { minAvailable, selector: { matchLabels: { app } } },
});

interface Observer {
  monitor: Monitor;
  later(ms: number): void;
}

interface Incident {
  objects: readonly object[];
  /** After the objects: what a kubelet or a person does. */
  meanwhile?: (namespace: string) => Promise<void>;
  /** `Kind/name` of the root: without group and namespace. A pattern where names are made. */
  root: RegExp;
}

const names = async (namespace: string, kind: string, app: string) =>
  (await kubectl(['get', kind, '-n', namespace, '-l', `app=${app}`, '-o', 'name'])).trim().split('\n');

/** As a kubelet writes it. */
async function waiting(namespace: string, app: string, reason: string, message: string): Promise<void> {
  // The scheduler writes to a status, too, and is done with it once it has found a node.
  const placed = async () => {
    const path = '-o=jsonpath={.items[*].spec.nodeName}';
    return (await kubectl(['get', 'pods', '-n', namespace, '-l', `app=${app}`, path])).split(' ').length === 2;
  };
  await until('two pods on nodes', placed, 60_000);
  for (const pod of await names(namespace, 'pods', app)) {
    const at = new Date().toISOString();
    const status = {
      phase: 'Pending',
      conditions: ['Ready', 'ContainersReady'].map((type) => ({
        type,
        status: 'False',
        reason: 'ContainersNotReady',
        lastTransitionTime: at,
      })),
      containerStatuses: [
        {
          name: 'main',
          image: 'registry.example/app:1.2.3',
          imageID: '',
          ready: false,
          started: false,
          restartCount: 0,
          state: { waiting: { reason, message } },
        },
      ],
    };
    await kubectl([
      'patch',
      pod,
      '-n',
      namespace,
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({ status }),
    ]);
  }
}

const INCIDENTS: Readonly<Record<string, Incident>> = {
  'a request larger than any node': {
    objects: [
      deployment('huge', {
        container: { resources: { requests: { cpu: '500', memory: '16Mi' }, limits: { memory: '32Mi' } } },
      }),
    ],
    root: /^(Deployment\/huge|Pod\/huge-.*|ReplicaSet\/huge-.*)$/,
  },
  'a claim of a storage class that does not exist': {
    objects: [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'no-such-class',
          resources: { requests: { storage: '1Gi' } },
        },
      },
      deployment('store', {
        pod: {
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
        },
      }),
    ],
    root: /^(StorageClass\/no-such-class|PersistentVolumeClaim\/data)$/,
  },
  'a quota that is used up': {
    objects: [
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'few' },
        spec: { hard: { pods: '1' } },
      },
      deployment('many'),
    ],
    root: /^ResourceQuota\/few$/,
  },
  'a Service that selects nothing by a typing error': {
    objects: [deployment('orders'), service('orders', 'oders'), ingress('orders', 'orders')],
    root: /^Service\/orders$/,
  },
  'an Ingress whose Service is missing': {
    objects: [deployment('front'), service('front'), ingress('front', 'front-v2')],
    root: /^(Service\/front-v2|Ingress\/front)$/,
  },
  'a budget that lets nothing go': {
    objects: [deployment('strict'), budget('strict', 'strict', 2)],
    root: /^PodDisruptionBudget\/strict$/,
  },
  'a ConfigMap that is missing': {
    objects: [
      deployment(
        'pricing',
        { container: { envFrom: [{ configMapRef: { name: 'pricing-config' } }] } },
        {
          'k8s-mcp.test/fail': 'kept',
        },
      ),
    ],
    meanwhile: (namespace) =>
      waiting(namespace, 'pricing', 'CreateContainerConfigError', 'configmap "pricing-config" not found'),
    root: /^ConfigMap\/pricing-config$/,
  },
  'a Secret that is missing': {
    objects: [
      deployment(
        'users',
        { container: { envFrom: [{ secretRef: { name: 'users-secret' } }] } },
        {
          'k8s-mcp.test/fail': 'kept',
        },
      ),
    ],
    meanwhile: (namespace) =>
      waiting(namespace, 'users', 'CreateContainerConfigError', 'secret "users-secret" not found'),
    root: /^Secret\/users-secret$/,
  },
  'an image that cannot be pulled': {
    objects: [deployment('pulls', {}, { 'k8s-mcp.test/fail': 'imagepull' })],
    root: /^(Deployment\/pulls|Image\/.*|ReplicaSet\/pulls-.*)$/,
  },
  'a crash loop': {
    objects: [deployment('crashes', {}, { 'k8s-mcp.test/fail': 'crashloop' }), service('crashes')],
    root: /^(Deployment\/crashes|ReplicaSet\/crashes-.*|Pod\/crashes-.*)$/,
  },
  'a Job that fails': {
    objects: [job('settle', { 'k8s-mcp.test/fail': 'exit' })],
    root: /^(Job\/settle|Pod\/settle-.*)$/,
  },
  'a HorizontalPodAutoscaler without metrics': {
    objects: [
      deployment('scaled'),
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'scaled' },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'scaled' },
          minReplicas: 2,
          maxReplicas: 4,
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
          ],
        },
      },
    ],
    root: /^(HorizontalPodAutoscaler\/scaled|APIService\/.*)$/,
  },
  'a RoleBinding to a Role that does not exist': {
    objects: [
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'readers' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'no-such-role' },
        subjects: [{ kind: 'ServiceAccount', name: 'default' }],
      },
    ],
    root: /^(Role\/no-such-role|RoleBinding\/readers)$/,
  },
};

describe.skipIf(!hasTestUsers())('what is wrong with a real cluster', () => {
  let bed: GraphBed;
  let sync: Sync;
  let future: Observer;
  const monitors: Monitor[] = [];
  const spaces = new Map<string, string>();

  beforeAll(async () => {
    bed = await graphBed(controlPlane().kubeconfig, 'admin');
    sync = bed.sync();
    await wait(sync);
    const made = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: CLASS },
      spec: { controller: 'k8s-mcp.test/none' },
    };
    await kubectl(['apply', '-f', '-'], { stdin: JSON.stringify(made) });
    // All at once: each in a namespace of its own.
    for (const title of Object.keys(INCIDENTS)) spaces.set(title, await freshNamespace('wrong'));
    await Promise.all(
      Object.entries(INCIDENTS).map(async ([title, { objects, meanwhile }]) => {
        const namespace = spaces.get(title) ?? '';
        const list = { apiVersion: 'v1', kind: 'List', items: objects };
        await kubectl(['apply', '-n', namespace, '-f', '-'], { stdin: JSON.stringify(list) });
        await meanwhile?.(namespace);
      }),
    );
    await sleep(4_000);
    future = observer();
    // Some things count from when they were first seen, others from when the cluster says they began.
    future.monitor.anomalies();
    future.later(LATER_MS);
  });
  afterAll(async () => {
    for (const monitor of monitors) monitor.stop();
    await bed?.close();
    await tryKubectl(['delete', 'ingressclass', CLASS, '--ignore-not-found']);
  });

  /** Whose time is moved on: what has to hold for minutes need not be waited for. */
  function observer() {
    const clock = createHurriedClock();
    const now = () => sync.now() + clock.now() - Date.now();
    const monitor = createMonitor({ graph: sync.graph, detectors: DETECTORS, clock, now });
    monitors.push(monitor);
    return { monitor, later: (ms: number) => clock.jump(ms) };
  }
  const isIn = (namespace: string) => (anomaly: Anomaly) =>
    anomaly.root.namespace === namespace || anomaly.findings.some((id) => id.includes(namespace));
  const rootOf = ({ root }: Anomaly) => `${root.kind.replace(/^~/, '').split('.')[0]}/${root.name}`;
  const incidentsOf = ({ monitor }: Observer, namespace: string) =>
    monitor
      .anomalies()
      .anomalies.filter(isIn(namespace))
      .filter(({ severity }) => severity > 1);

  test.each(Object.entries(INCIDENTS))('%s is the first that is told', async (title, { root }) => {
    const namespace = spaces.get(title) ?? '';
    const first = () => {
      const [anomaly] = incidentsOf(future, namespace);
      const told = anomaly === undefined ? 'none' : rootOf(anomaly);
      // What a slow cluster came to only after time was moved on has to hold as well.
      if (!root.test(told)) future.later(60_000);
      return told;
    };
    await expect.poll(first, { timeout: 60_000, interval: 500 }).toMatch(root);
  });

  /** Controllers are done with `web`, and the graph has heard all of it: time may pass. */
  async function restOf(namespace: string): Promise<void> {
    await atRest(namespace);
    const ready = '{.items[*].endpoints[*].conditions.ready}';
    const endpoints = ['get', 'endpointslices', '-l', 'kubernetes.io/service-name=web', `-o=jsonpath=${ready}`];
    await expect.poll(() => kubectl([...endpoints, '-n', namespace]), SOON).toBe('true true');
    const disruptions = '--for=jsonpath={.status.disruptionsAllowed}=1';
    await kubectl(['wait', 'pdb/web', disruptions, '-n', namespace, '--timeout=40s']);
    const own = (lines: readonly string[]) => lines.filter((line) => line.includes(` ${namespace}/`)).join('\n');
    const isExact = async () => own(held(sync.graph)) === own(await listed(bed.ports()));
    await expect.poll(isExact, SOON).toBe(true);
  }

  test('where all is well, nothing is told: rollouts, completed Jobs, what is scaled to zero, suspended or just starting', async () => {
    const namespace = await freshNamespace('well');
    const items = [
      deployment('web'),
      service('web'),
      ingress('web', 'web'),
      budget('web', 'web', 1),
      deployment('asleep', { replicas: 0 }),
      job('done'),
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'paused' },
        spec: { schedule: '0 0 * * *', suspend: true, jobTemplate: { spec: (job('x') as { spec: object }).spec } },
      },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'unused' } },
    ];
    await kubectl(['apply', '-n', namespace, '-f', '-'], {
      stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    });
    const own = observer();
    const told = () => incidentsOf(own, namespace).map((one) => `${rootOf(one)}: ${one.title}`);
    for (let look = 0; look < 8; look++) {
      expect(told()).toEqual([]);
      await sleep(250);
    }
    await kubectl(['wait', '-n', namespace, '--for=condition=Complete', 'job/done', '--timeout=30s']);
    await kubectl(['set', 'image', '-n', namespace, 'deployment/web', 'main=registry.example/app:1.2.4']);
    expect(told()).toEqual([]);
    await restOf(namespace);
    expect(told()).toEqual([]);
    own.later(LATER_MS);
    expect(told()).toEqual([]);
    own.later(LATER_MS);
    expect(told()).toEqual([]);
  });

  test('a namespace that a finalizer holds back is told, and no more once it is gone', async () => {
    const namespace = `stuck-${randomBytes(4).toString('hex')}`;
    await kubectl(['create', 'namespace', namespace]);
    const stuck = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', finalizers: ['k8s-mcp.test/held'] },
    };
    await kubectl(['apply', '-n', namespace, '-f', '-'], { stdin: JSON.stringify(stuck) });
    await kubectl(['delete', 'namespace', namespace, '--wait=false']);
    const told = () => {
      future.later(60_000);
      return future.monitor.anomalies().anomalies.some((one) => one.root.name === namespace || isIn(namespace)(one));
    };
    await expect.poll(told, { timeout: 60_000, interval: 500 }).toBe(true);
    await kubectl([
      'patch',
      'configmap',
      'held',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    ]);
    await expect.poll(told, { timeout: 60_000, interval: 500 }).toBe(false);
  });

  test('a node that is not ready is told, and no more once it is', async () => {
    const told = () => {
      future.later(30_000);
      return future.monitor.anomalies().anomalies.some(({ root }) => root.kind === 'Node' && root.name === 'sick');
    };
    const resources = { cpu: '1', memory: '1Gi', pods: '10' };
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'sick', labels: { 'k8s-mcp.test/fail': 'notready' } },
      spec: { unschedulable: true },
      status: { capacity: resources, allocatable: resources },
    };
    try {
      await kubectl(['apply', '-f', '-'], { stdin: JSON.stringify(node) });
      await expect.poll(told, { timeout: 60_000, interval: 500 }).toBe(true);
      await kubectl(['label', 'node', 'sick', 'k8s-mcp.test/fail-']);
      await expect.poll(told, { timeout: 60_000, interval: 500 }).toBe(false);
    } finally {
      await tryKubectl(['delete', 'node', 'sick', '--ignore-not-found']);
    }
  });

  test('what is taken away is told of no more', async () => {
    const all = [...spaces.values()];
    const kinds = 'deployments,jobs,services,ingresses,pdb,hpa,rolebindings,pvc,quota';
    await Promise.all(
      all.map((namespace) =>
        kubectl(['delete', kinds, '--all', '-n', namespace, '--wait=false', '--ignore-not-found']),
      ),
    );
    const left = () => all.flatMap((namespace) => incidentsOf(future, namespace).map(rootOf));
    await expect.poll(left, { timeout: 120_000, interval: 1_000 }).toEqual([]);
  });
});
