/** What happens in every cluster every day and is no incident. */
import type { Machine } from '../../../sandbox/world/types.ts';
import {
  change,
  create,
  DEPLOYMENTS,
  deployment,
  type Noise,
  NS,
  namespaced,
  podTemplate,
  service,
  workload,
} from './bed.ts';

const PREFIX = 'sandbox.k8s-mcp.dev';

/** What one pod of payments says of itself. */
function answer(machine: Machine, status: 'True' | 'False'): void {
  const lastTransitionTime = new Date(machine.clock.now()).toISOString();
  const of = machine.list('pods', 'shop').find(({ metadata }) => metadata.name.startsWith('payments-'));
  change(
    machine,
    'pods',
    `shop/${of?.metadata.name}`,
    (draft) => {
      for (const condition of draft.status.conditions) {
        if (/Ready/.test(condition.type)) Object.assign(condition, { status, lastTransitionTime });
      }
      for (const container of draft.status.containerStatuses) container.ready = status === 'True';
    },
    'status',
  );
}

export const NOISE: readonly Noise[] = [
  {
    name: 'everything is rolled out anew',
    world: 'shop',
    play(m) {
      for (const kind of [DEPLOYMENTS, 'statefulsets.apps', 'daemonsets.apps'])
        for (const { metadata } of m.list(kind))
          change(m, kind, `${metadata.namespace}/${metadata.name}`, ({ spec }) => {
            spec.template.metadata.annotations = {
              ...spec.template.metadata.annotations,
              'example.test/restarted': 'now',
            };
          });
    },
  },
  {
    name: 'up and down',
    world: 'shop',
    play: (m) =>
      change(m, DEPLOYMENTS, 'shop/cart', ({ spec }) => {
        spec.replicas = 8;
      }),
    later: {
      5: (m) =>
        change(m, DEPLOYMENTS, 'shop/cart', ({ spec }) => {
          spec.replicas = 2;
        }),
    },
  },
  {
    name: 'a node is drained and comes back',
    world: 'shop',
    play(m) {
      change(m, 'nodes', '/worker-2', ({ spec }) => {
        spec.unschedulable = true;
      });
      for (const pod of m.list('pods')) {
        const { ownerReferences = [] } = pod.metadata as { ownerReferences?: { kind: string }[] };
        if ((pod as unknown as { spec: { nodeName?: string } }).spec.nodeName !== 'worker-2') continue;
        if (ownerReferences[0]?.kind === 'ReplicaSet')
          m.delete('pods', pod.metadata.namespace ?? '', pod.metadata.name);
      }
    },
    later: {
      5: (m) =>
        change(m, 'nodes', '/worker-2', ({ spec }) => {
          spec.unschedulable = false;
        }),
    },
  },
  {
    name: 'a CronJob fails once and then succeeds',
    world: 'bare',
    atTheEnd: true,
    play(m) {
      const pods = podTemplate('report', { annotations: { 'crash-on-start': '1' }, spec: { restartPolicy: 'Never' } });
      create(m, 'cronjobs.batch', {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: namespaced('report'),
        spec: { schedule: '*/3 * * * *', jobTemplate: { spec: { backoffLimit: 0, template: pods } } },
      });
    },
    later: {
      7: (m) =>
        change(m, 'cronjobs.batch', 'app/report', ({ spec }) => {
          spec.jobTemplate.spec.template.metadata.annotations = { [`${PREFIX}/exit-after`]: '5' };
        }),
    },
    steps: 24,
  },
  {
    name: 'a Job whose first pod fails and whose second succeeds',
    world: 'bare',
    atTheEnd: true,
    play: (m) =>
      create(m, 'jobs.batch', {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: namespaced('import'),
        spec: {
          template: podTemplate('import', { annotations: { 'exit-after': '90' }, spec: { restartPolicy: 'Never' } }),
        },
      }),
    later: {
      1: (m) => {
        for (const pod of m.list('pods', NS))
          change(
            m,
            'pods',
            `${NS}/${pod.metadata.name}`,
            (draft) => {
              draft.status.phase = 'Failed';
            },
            'status',
          );
      },
    },
  },
  {
    name: 'a readiness probe misses for twenty seconds',
    world: 'shop',
    play: (m) => answer(m, 'False'),
    later: { 1: (m) => answer(m, 'True') },
  },
  {
    name: 'a certificate is renewed',
    world: 'shop',
    play: (m) =>
      change(
        m,
        'certificates.certs.k8s-mcp.dev',
        'shop/api',
        (draft) => {
          const at = new Date(m.clock.now()).toISOString();
          draft.status = {
            ...draft.status,
            conditions: [
              { type: 'Ready', status: 'False', reason: 'Renewing', message: 'renewing', lastTransitionTime: at },
            ],
          };
        },
        'status',
      ),
    later: {
      2: (m) =>
        change(
          m,
          'certificates.certs.k8s-mcp.dev',
          'shop/api',
          (draft) => {
            const at = new Date(m.clock.now()).toISOString();
            draft.status = {
              ...draft.status,
              conditions: [
                { type: 'Ready', status: 'True', reason: 'Issued', message: 'issued', lastTransitionTime: at },
              ],
            };
          },
          'status',
        ),
    },
  },
  {
    name: 'an autoscaler scales',
    world: 'shop',
    play: (m) =>
      change(m, 'horizontalpodautoscalers.autoscaling', 'shop/storefront', ({ spec }) => {
        spec.minReplicas += 1;
      }),
    later: {
      6: (m) =>
        change(m, 'horizontalpodautoscalers.autoscaling', 'shop/storefront', ({ spec }) => {
          spec.minReplicas -= 1;
        }),
    },
  },
  {
    name: 'pods were evicted and replaced, the node is well again',
    world: 'shop',
    atTheEnd: true,
    steps: 40,
    play: (m) =>
      change(m, 'nodes', '/worker-2', ({ metadata }) => {
        metadata.annotations = { ...metadata.annotations, [`${PREFIX}/pressure`]: 'disk' };
      }),
    later: {
      4: (m) =>
        change(m, 'nodes', '/worker-2', ({ metadata }) => {
          delete metadata.annotations?.[`${PREFIX}/pressure`];
        }),
    },
  },
  {
    name: 'warnings of fifty minutes ago about what is well',
    world: 'bare',
    steps: 110,
    atTheEnd: true,
    before: (m) => deployment(m, 'api'),
    play(m) {
      const [rs] = m.list('replicasets.apps', NS);
      const [pod] = m.list('pods', NS);
      if (rs !== undefined)
        m.event(rs, 'Warning', 'FailedCreate', 'Error creating: pods "api-x" is forbidden: exceeded quota: limit');
      if (pod !== undefined) {
        m.event(pod, 'Warning', 'FailedMount', 'MountVolume.SetUp failed for volume "x" : secret "x" not found');
        m.event(pod, 'Warning', 'BackOff', 'Back-off restarting failed container');
        m.event(pod, 'Warning', 'Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500');
      }
    },
  },
  {
    name: 'a suspended CronJob that never ran',
    world: 'bare',
    steps: 60,
    play: (m) =>
      create(m, 'cronjobs.batch', {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: namespaced('once'),
        spec: {
          schedule: '*/5 * * * *',
          suspend: true,
          jobTemplate: { spec: { template: podTemplate('once', { spec: { restartPolicy: 'Never' } }) } },
        },
      }),
  },
  {
    name: 'a Deployment at zero that nobody uses',
    world: 'bare',
    steps: 40,
    play(m) {
      deployment(m, 'idle', {}, { replicas: 0 });
      service(m, 'idle');
    },
  },
  {
    name: 'a headless Service without pods that publishes the unready',
    world: 'bare',
    steps: 40,
    play: (m) => service(m, 'peers', { clusterIP: 'None', publishNotReadyAddresses: true }),
  },
  {
    name: 'a StatefulSet and a DaemonSet start for the first time',
    world: 'bare',
    play(m) {
      const annotations = { 'start-seconds': '20' };
      const container = {
        readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 5 },
        ports: [{ containerPort: 80 }],
      };
      service(m, 'store', { clusterIP: 'None' });
      workload(m, 'StatefulSet', 'store', { annotations, container }, { replicas: 3, serviceName: 'store' });
      workload(m, 'DaemonSet', 'agent', { annotations, container });
    },
  },
  {
    name: 'a budget that matches nothing is no incident',
    world: 'bare',
    play: (m) =>
      create(m, 'poddisruptionbudgets.policy', {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: namespaced('none'),
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'none' } } },
      }),
  },
];
