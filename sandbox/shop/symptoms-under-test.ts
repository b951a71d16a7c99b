/** What each incident shows so many minutes after it was played, in the words of kubectl. */
import { expect } from 'vitest';
import type { KubeObject } from '../types.ts';
import type { ShopUnderTest } from './shop-under-test.ts';

interface Symptom {
  minutes: number;
  see(shop: ShopUnderTest, since: number): unknown;
  shown: unknown;
}

/** The pods of an app, and what events of one reason say. */
const podsAndEvents =
  (app: string, reason: string, namespace = 'shop') =>
  (shop: ShopUnderTest, since: number) => [shop.pods(namespace, app), shop.events(reason, since)];

/** The pods of an app, and how their containers ended before. */
const podsAndEnds = (app: string) => (shop: ShopUnderTest) => [shop.pods('shop', app), shop.lastEnds('shop', app)];

const podsOf =
  (...apps: string[]) =>
  (shop: ShopUnderTest) =>
    apps.map((app) => shop.pods('shop', app));

const UP = '1/1 Running';
const NOT_READY = '0/1 Running';
const HPAS = 'horizontalpodautoscalers.autoscaling';
const NO_PREEMPTION =
  'no new claims to deallocate, preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.';

const ON_PODS: Record<string, Symptom> = {
  'bad-image': {
    minutes: 2,
    see: podsAndEvents('recommendations', 'Failed'),
    shown: [
      ['0/1 ImagePullBackOff', UP, UP],
      [
        'Failed to pull image "registry.shop.example/shop/recommendations:2.15.0-hotfix1": rpc error: code = NotFound desc = failed to pull and unpack image "registry.shop.example/shop/recommendations:2.15.0-hotfix1": failed to resolve reference "registry.shop.example/shop/recommendations:2.15.0-hotfix1": registry.shop.example/shop/recommendations:2.15.0-hotfix1: not found',
        'Error: ErrImagePull',
        'Error: ImagePullBackOff',
      ],
    ],
  },
  'image-pull-secret-missing': {
    minutes: 2,
    see: (shop, since) => [
      ...podsAndEvents('fraud-check', 'FailedToRetrieveImagePullSecret')(shop, since),
      shop.events('Failed', since)[0],
    ],
    shown: [
      ['0/1 ImagePullBackOff'],
      ['Unable to retrieve some image pull secrets (partner-registry); attempting to pull the image may not succeed.'],
      expect.stringMatching(
        /^Failed to pull image "registry\.partner\.example\/risk\/fraud-check:5\.0\.2": .*: 401 Unauthorized$/,
      ),
    ],
  },
  'missing-configmap': {
    minutes: 1,
    see: podsAndEvents('pricing', 'Failed'),
    shown: [['0/1 CreateContainerConfigError', UP], ['Error: configmap "pricing-config" not found']],
  },
  'missing-secret-key': {
    minutes: 1,
    see: podsAndEvents('users', 'Failed'),
    shown: [
      ['0/1 CreateContainerConfigError', UP],
      ["Error: couldn't find key session-key in Secret shop/users-secrets"],
    ],
  },
  oom: {
    minutes: 2,
    see: podsAndEnds('media'),
    shown: [['0/1 CrashLoopBackOff', UP, UP], ['OOMKilled 137']],
  },
  'memory-leak': {
    minutes: 5,
    see: podsAndEnds('sessions'),
    shown: [
      [UP, UP],
      ['OOMKilled 137', 'OOMKilled 137'],
    ],
  },
  'crash-loop': {
    minutes: 2,
    see: podsAndEnds('cart'),
    shown: [['0/1 CrashLoopBackOff', UP, UP, UP], ['Error 1']],
  },
  'wrong-probe-port': {
    minutes: 2,
    see: podsAndEvents('reviews', 'Unhealthy'),
    shown: [
      [NOT_READY, UP, UP],
      [
        expect.stringMatching(
          /^Readiness probe failed: Get "http:\/\/([\d.]+):8081\/health\/ready": dial tcp \1:8081: connect: connection refused$/,
        ),
      ],
    ],
  },
  'liveness-kill': {
    minutes: 4,
    see: (shop, since) => [
      shop.lastEnds('shop', 'search'),
      shop.events('Killing', since),
      shop.events('Unhealthy', since).filter((text) => text.startsWith('Liveness')),
    ],
    shown: [
      ['Completed 0', 'Completed 0'],
      ['Stopping container search', 'Container search failed liveness probe, will be restarted'],
      Array.from({ length: 2 }, () =>
        expect.stringMatching(
          /^Liveness probe failed: Get "http:\/\/[\d.]+:8080\/health\/live": context deadline exceeded \(Client\.Timeout exceeded while awaiting headers\)$/,
        ),
      ),
    ],
  },
  'init-container-failing': {
    minutes: 2,
    see: podsOf('orders'),
    shown: [['0/1 Init:CrashLoopBackOff', UP, UP]],
  },
  'tls-secret-missing': {
    minutes: 1,
    see: podsAndEvents('gateway', 'FailedMount'),
    shown: [
      ['0/1 ContainerCreating', UP, UP],
      ['MountVolume.SetUp failed for volume "tls" : secret "gateway-tls" not found'],
    ],
  },
  'wrong-address': {
    minutes: 2,
    see: (shop, since) => [shop.pods('shop', 'notifications'), shop.events('Unhealthy', since).at(-1)],
    shown: [[NOT_READY, UP, UP], 'Readiness probe failed: HTTP probe failed with statuscode: 503'],
  },
  // The errors are in the logs, and nowhere else.
  'payment-errors': { minutes: 2, see: podsOf('payments'), shown: [[UP, UP]] },
};

const ON_WORKLOADS: Record<string, Symptom> = {
  'bad-rollout': {
    minutes: 4,
    see: (shop) => [shop.pods('shop', 'catalog'), shop.condition('deployments.apps', 'shop', 'catalog', 'Progressing')],
    shown: [
      [NOT_READY, UP, UP, UP],
      expect.stringMatching(
        /^False ProgressDeadlineExceeded ReplicaSet "catalog-[a-z0-9]+" has timed out progressing\.$/,
      ),
    ],
  },
  'statefulset-stuck': {
    minutes: 2,
    see: (shop) => [shop.row('statefulsets.apps', 'data', 'kafka', 'Ready'), shop.pods('data', 'kafka')],
    shown: ['2/3', ['0/1 ImagePullBackOff', UP, UP]],
  },
  'job-failing': {
    minutes: 4,
    see: (shop) => [
      shop.row('jobs.batch', 'shop', 'invoice-export', 'Status', 'Completions'),
      shop.condition('jobs.batch', 'shop', 'invoice-export', 'Failed'),
      shop.pods('shop', 'invoice-export'),
    ],
    shown: [
      'Failed 0/1',
      'True BackoffLimitExceeded Job has reached the specified backoff limit',
      ['0/1 Error', '0/1 Error', '0/1 Error'],
    ],
  },
  'cronjob-suspended': {
    minutes: 20,
    see: (shop, since) => [
      shop.row('cronjobs.batch', 'shop', 'cart-cleanup', 'Suspend', 'Active'),
      shop.events('SuccessfulCreate', since).filter((text) => text.includes('cart-cleanup')),
    ],
    shown: ['True 0', []],
  },
  'hpa-no-metrics': {
    minutes: 1,
    see: (shop) => [
      shop.row(HPAS, 'shop', 'gateway', 'Targets'),
      shop.condition(HPAS, 'shop', 'gateway', 'ScalingActive'),
    ],
    shown: [
      '<unknown>/200',
      'False FailedGetPodsMetric the HPA was unable to compute the replica count: unable to get metric requests_per_second: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
    ],
  },
  'hpa-at-max': {
    minutes: 6,
    see: (shop) => [
      shop.row(HPAS, 'shop', 'storefront', 'MaxPods', 'Replicas'),
      shop.condition(HPAS, 'shop', 'storefront', 'ScalingLimited'),
    ],
    shown: ['10 10', 'True TooManyReplicas the desired replica count is more than the maximum replica count'],
  },
  'pdb-blocks-drain': {
    minutes: 1,
    see: (shop) =>
      shop.row('poddisruptionbudgets.policy', 'platform', 'ingress-controller', 'Min Available', 'Allowed Disruptions'),
    shown: '2 0',
  },
  'quota-exceeded': {
    minutes: 2,
    see: (shop) => [
      shop.row('deployments.apps', 'shop', 'storefront', 'Ready'),
      shop.condition('deployments.apps', 'shop', 'storefront', 'ReplicaFailure'),
    ],
    shown: [
      '2/3',
      expect.stringMatching(
        /^True FailedCreate pods "storefront-\w+-\w+" is forbidden: exceeded quota: shop, requested: pods=1, used: pods=4\d, limited: pods=40$/,
      ),
    ],
  },
};

const ON_SERVICES: Record<string, Symptom> = {
  'selector-typo': {
    minutes: 1,
    see: (shop) => [shop.row('endpoints', 'shop', 'orders', 'Endpoints'), shop.pods('shop', 'checkout')],
    shown: ['<none>', [NOT_READY, NOT_READY, NOT_READY]],
  },
  'wrong-target-port': {
    minutes: 1,
    see: (shop) => [shop.row('endpoints', 'shop', 'shipping', 'Endpoints'), shop.pods('shop', 'checkout')],
    shown: ['<none>', [NOT_READY, NOT_READY, NOT_READY]],
  },
  'dependency-down': {
    minutes: 2,
    see: (shop) => [
      shop.row('statefulsets.apps', 'data', 'payments-db', 'Ready'),
      shop.pods('shop', 'payments'),
      shop.pods('shop', 'checkout'),
    ],
    shown: ['0/0', [NOT_READY, NOT_READY], [NOT_READY, NOT_READY, NOT_READY]],
  },
  'ingress-backend-missing': {
    minutes: 1,
    see: ({ sandbox: { operator } }) => [
      JSON.stringify(operator.get('ingresses.networking.k8s.io', 'shop', 'storefront')?.['spec']),
      operator.get('services', 'shop', 'storefront-v2'),
    ],
    shown: [expect.stringContaining('"backend":{"service":{"name":"storefront-v2"'), undefined],
  },
  'rbac-denied': {
    minutes: 1,
    see: (shop) => shop.row('rolebindings.rbac.authorization.k8s.io', 'shop', 'promotions', 'Role'),
    shown: 'NotFound',
  },
};

const ON_THE_CLUSTER: Record<string, Symptom> = {
  'unschedulable-cpu': {
    minutes: 1,
    see: podsAndEvents('inventory', 'FailedScheduling'),
    shown: [
      ['0/1 Pending', UP, UP],
      [`0/6 nodes are available: 1 node(s) had untolerated taint(s), 5 Insufficient cpu. ${NO_PREEMPTION}`],
    ],
  },
  'cordoned-pool': {
    minutes: 1,
    see: (shop, since) => [
      shop.row('nodes', '', 'worker-4', 'Status'),
      ...podsAndEvents('order-worker', 'FailedScheduling')(shop, since),
    ],
    shown: [
      'Ready,SchedulingDisabled',
      ['0/1 Pending', UP],
      [
        `0/6 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) were unschedulable, 3 node(s) didn't match Pod's node affinity/selector. ${NO_PREEMPTION}`,
      ],
    ],
  },
  'pvc-pending': {
    minutes: 1,
    see: (shop, since) => [
      shop.row('persistentvolumeclaims', 'data', 'reports', 'Status', 'StorageClass'),
      shop.events('ProvisioningFailed', since),
      ...podsAndEvents('reports', 'FailedScheduling', 'data')(shop, since),
    ],
    shown: [
      'Pending fast-ssd',
      ['storageclass.storage.k8s.io "fast-ssd" not found'],
      ['0/1 Pending'],
      ['0/6 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found'],
    ],
  },
  'node-down': {
    minutes: 7,
    see: (shop, since) => [
      shop.row('nodes', '', 'worker-3', 'Status'),
      shop.condition('nodes', '', 'worker-3', 'Ready'),
      shop.events('NodeNotReady', since).sort(),
      terminatingOn('worker-3', shop) > 0,
    ],
    shown: [
      'NotReady',
      'Unknown NodeStatusUnknown Kubelet stopped posting node status.',
      ['Node is not ready', 'Node worker-3 status is now: NodeNotReady'],
      true,
    ],
  },
  'node-pressure': {
    minutes: 2,
    see: (shop) => [
      shop.condition('nodes', '', 'worker-4', 'MemoryPressure'),
      JSON.stringify(shop.sandbox.operator.get('nodes', '', 'worker-4')?.['spec']),
    ],
    shown: [
      'True KubeletHasInsufficientMemory kubelet has insufficient memory available',
      expect.stringContaining('"key":"node.kubernetes.io/memory-pressure","effect":"NoSchedule"'),
    ],
  },
  'namespace-stuck': {
    minutes: 1,
    see: (shop) => [
      shop.row('namespaces', '', 'campaign-spring', 'Status'),
      shop.condition('namespaces', '', 'campaign-spring', 'NamespaceFinalizersRemaining'),
    ],
    shown: [
      'Terminating',
      'True SomeFinalizersRemain Some content in the namespace has finalizers remaining: shop.k8s-mcp.dev/settle-redemptions in 1 resource instances',
    ],
  },
};

const terminatingOn = (node: string, { sandbox }: ShopUnderTest) =>
  sandbox.operator
    .list<KubeObject & { spec: { nodeName?: string } }>('pods')
    .filter(({ spec, metadata }) => spec.nodeName === node && metadata.deletionTimestamp !== undefined).length;

export const SYMPTOMS: Readonly<Record<string, Symptom>> = {
  ...ON_PODS,
  ...ON_WORKLOADS,
  ...ON_SERVICES,
  ...ON_THE_CLUSTER,
};
