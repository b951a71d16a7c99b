/** Failures that were written without knowledge of the detectors, each with the root that an engineer on call would name. */
import type { Machine } from '../../../sandbox/world/types.ts';
import {
  change,
  configMap,
  create,
  DEPLOYMENTS,
  deployment,
  type Failure,
  ingress,
  type Loose,
  NS,
  namespaced,
  podTemplate,
  service,
  workload,
} from './bed.ts';

const PREFIX = 'sandbox.k8s-mcp.dev';
const NODES = ['node-0', 'node-1', 'node-2'];
/** No node knows it. */
const LOST = 'registry.lost.example/team';

function spread(name: string): object {
  return {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: name } }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  };
}

const stop = (machine: Machine, node: string) =>
  change(machine, 'nodes', `/${node}`, ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, 'sandbox.k8s-mcp.dev/kubelet': 'stopped' };
  });

function crash(machine: Machine, resource: string, at: string): void {
  change(machine, resource, at, ({ spec }) => {
    spec.template.metadata.annotations = {
      ...spec.template.metadata.annotations,
      'sandbox.k8s-mcp.dev/crash-on-start': '1',
    };
  });
}

export const FAILURES: readonly Failure[] = [
  {
    name: 'a ConfigMap lacks the key that is asked for',
    world: 'bare',
    roots: [['configmap app/settings']],
    play(m) {
      configMap(m, 'settings', { A: '1' });
      const valueFrom = { configMapKeyRef: { name: 'settings', key: 'B' } };
      deployment(m, 'api', { container: { env: [{ name: 'B', valueFrom }] } });
    },
  },
  {
    name: 'a Secret is mounted that is in another namespace only',
    world: 'bare',
    roots: [['secret app/tls']],
    play(m) {
      create(m, 'secrets', { kind: 'Secret', metadata: namespaced('tls', 'team-a'), stringData: { a: 'b' } });
      deployment(m, 'api', { spec: { volumes: [{ name: 'tls', secret: { secretName: 'tls' } }] } });
    },
  },
  {
    name: 'the ServiceAccount does not exist',
    world: 'bare',
    roots: [['serviceaccount app/robot']],
    play: (m) => deployment(m, 'api', { spec: { serviceAccountName: 'robot' } }),
  },
  {
    name: 'a nodeSelector that no node has',
    world: 'bare',
    roots: [['deployment app/api']],
    play: (m) => deployment(m, 'api', { spec: { nodeSelector: { gpu: 'yes' } } }),
  },
  {
    name: 'all nodes have a taint that the pods do not tolerate',
    world: 'bare',
    roots: [['deployment app/api', ...NODES.map((name) => `node /${name}`)]],
    alone: true,
    play(m) {
      for (const name of NODES)
        change(m, 'nodes', `/${name}`, ({ spec }) => {
          spec.taints = [{ key: 'dedicated', value: 'batch', effect: 'NoSchedule' }];
        });
      deployment(m, 'api', {}, { replicas: 2 });
    },
  },
  {
    name: 'a claim is bound to a local volume whose node is gone',
    world: 'bare',
    roots: [['persistentvolume /disk-9', 'persistentvolumeclaim app/data']],
    play(m) {
      const capacity = { storage: '1Gi' };
      const accessModes = ['ReadWriteOnce'];
      const values = ['node-9'];
      create(m, 'persistentvolumes', {
        kind: 'PersistentVolume',
        metadata: { name: 'disk-9' },
        spec: {
          capacity,
          accessModes,
          storageClassName: 'local',
          persistentVolumeReclaimPolicy: 'Retain',
          local: { path: '/disk' },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values }] }],
            },
          },
        },
      });
      create(m, 'persistentvolumeclaims', {
        kind: 'PersistentVolumeClaim',
        metadata: namespaced('data'),
        spec: { accessModes, storageClassName: 'local', volumeName: 'disk-9', resources: { requests: capacity } },
      });
      deployment(m, 'api', { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] } });
    },
  },
  {
    name: 'more replicas than nodes under required anti-affinity',
    world: 'bare',
    roots: [['deployment app/api']],
    play: (m) => deployment(m, 'api', { spec: { affinity: spread('api') } }, { replicas: 4 }),
  },
  {
    name: 'two unrelated things at once',
    world: 'bare',
    roots: [['deployment app/one'], ['configmap app/absent']],
    alone: true,
    play(m) {
      deployment(m, 'one', { container: { image: `${LOST}/one:2` } });
      deployment(m, 'two', { container: { envFrom: [{ configMapRef: { name: 'absent' } }] } });
    },
  },
  {
    name: 'one missing ConfigMap stops three workloads',
    world: 'bare',
    roots: [['configmap app/absent']],
    alone: true,
    play(m) {
      for (const name of ['one', 'two', 'three'])
        deployment(m, name, { container: { envFrom: [{ configMapRef: { name: 'absent' } }] } });
    },
  },
  {
    name: 'a database crashes, its dependants are not ready, addresses in Secrets',
    world: 'shop',
    roots: [['statefulset data/orders-db']],
    alone: true,
    play: (m) => crash(m, 'statefulsets.apps', 'data/orders-db'),
  },
  {
    name: 'a database crashes whose dependants have other names than it, addresses in Secrets',
    world: 'shop',
    roots: [['statefulset data/catalog-db']],
    follows: ['horizontalpodautoscaler'],
    play: (m) => crash(m, 'statefulsets.apps', 'data/catalog-db'),
  },
  {
    name: 'a queue crashes, addresses in plain sight',
    world: 'shop',
    roots: [['statefulset data/rabbitmq']],
    alone: true,
    play: (m) => crash(m, 'statefulsets.apps', 'data/rabbitmq'),
  },
  {
    name: 'a workload crashes by itself while another that begins with its name fails elsewhere',
    world: 'bare',
    roots: [['deployment app/cart'], ['deployment team-a/cart-reports']],
    alone: true,
    play(m) {
      configMap(m, 'cart', { A: '1' });
      deployment(m, 'cart', {
        container: { envFrom: [{ configMapRef: { name: 'cart' } }] },
        annotations: { 'crash-on-start': '2' },
      });
      create(m, DEPLOYMENTS, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: namespaced('cart-reports', 'team-a'),
        spec: {
          selector: { matchLabels: { app: 'cart-reports' } },
          template: podTemplate('cart-reports', { container: { image: `${LOST}/reports:1` } }),
        },
      });
    },
  },
  {
    name: 'a workload whose image is missing while a database that begins with its name crashes',
    world: 'bare',
    roots: [['deployment app/cart'], ['statefulset app/cart-db']],
    alone: true,
    play(m) {
      configMap(m, 'cart', { A: '1' });
      deployment(m, 'cart', { container: { image: `${LOST}/cart:1`, envFrom: [{ configMapRef: { name: 'cart' } }] } });
      workload(m, 'StatefulSet', 'cart-db', { annotations: { 'crash-on-start': '2' } }, { serviceName: 'cart-db' });
    },
  },
  {
    name: 'a DaemonSet fails on one node only',
    world: 'bare',
    roots: [['daemonset app/agent']],
    before: (m) => workload(m, 'DaemonSet', 'agent'),
    play(m) {
      const pod = m.list<Loose>('pods', NS).find(({ spec }) => spec.nodeName === 'node-1');
      change(m, 'pods', `${NS}/${pod?.metadata.name}`, ({ metadata }) => {
        metadata.annotations = {
          ...metadata.annotations,
          [`${PREFIX}/exit-after`]: '2',
          [`${PREFIX}/crash-on-start`]: '1',
        };
      });
    },
  },
  {
    name: 'a rollout without room: maxUnavailable 0 and a quota that is used up',
    world: 'bare',
    roots: [['resourcequota app/limit']],
    before(m) {
      create(m, 'resourcequotas', {
        kind: 'ResourceQuota',
        metadata: namespaced('limit'),
        spec: { hard: { pods: '3' } },
      });
      deployment(
        m,
        'api',
        {},
        { replicas: 3, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } },
      );
    },
    play: (m) =>
      change(m, DEPLOYMENTS, 'app/api', ({ spec }) => {
        spec.template.spec.containers[0].image = 'docker.io/test/api:2';
      }),
  },
  {
    name: 'a CronJob with an image that does not exist',
    world: 'bare',
    roots: [['cronjob app/report']],
    play(m) {
      const spec = podTemplate('report', {
        container: { image: `${LOST}/report:1` },
        spec: { restartPolicy: 'Never' },
      });
      create(m, 'cronjobs.batch', {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: namespaced('report'),
        spec: { schedule: '*/2 * * * *', concurrencyPolicy: 'Forbid', jobTemplate: { spec: { template: spec } } },
      });
    },
  },
  {
    name: 'a Job runs past its deadline',
    world: 'bare',
    roots: [['job app/import']],
    play(m) {
      create(m, 'jobs.batch', {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: namespaced('import'),
        spec: { activeDeadlineSeconds: 60, template: podTemplate('import', { spec: { restartPolicy: 'Never' } }) },
      });
    },
  },
  {
    name: 'all pods of a Service are not ready',
    world: 'bare',
    roots: [['deployment app/api']],
    alone: true,
    play(m) {
      const readinessProbe = { httpGet: { path: '/', port: 8080 }, periodSeconds: 5 };
      const ports = [{ containerPort: 8080 }];
      deployment(
        m,
        'api',
        { annotations: { 'http-status': '503' }, container: { readinessProbe, ports } },
        { replicas: 3 },
      );
      service(m, 'api');
      ingress(m, 'api', { name: 'api', port: { number: 80 } });
    },
  },
  {
    name: 'an Ingress leads to a Service that has neither selector nor endpoints',
    world: 'bare',
    roots: [['service app/legacy']],
    play(m) {
      service(m, 'legacy', { selector: undefined });
      ingress(m, 'legacy', { name: 'legacy', port: { number: 80 } });
    },
  },
  {
    name: 'an ExternalName that is a Service which does not exist',
    world: 'bare',
    roots: [['service app/alias', 'service app/gone']],
    play(m) {
      create(m, 'services', {
        kind: 'Service',
        metadata: namespaced('alias'),
        spec: { type: 'ExternalName', externalName: 'gone.app.svc.cluster.local' },
      });
      deployment(m, 'api', { container: { env: [{ name: 'BACKEND_URL', value: 'http://alias.app.svc:80' }] } });
    },
  },
  {
    name: 'an Ingress of a class that does not exist',
    world: 'bare',
    roots: [['ingress app/web', 'ingressclass /inside']],
    play(m) {
      deployment(m, 'web');
      service(m, 'web');
      ingress(m, 'web', { name: 'web', port: { number: 80 } }, 'inside');
    },
  },
  {
    name: 'an Ingress asks for a port that the Service does not have',
    world: 'bare',
    roots: [['ingress app/web']],
    play(m) {
      deployment(m, 'web');
      service(m, 'web');
      ingress(m, 'web', { name: 'web', port: { number: 8443 } });
    },
  },
  {
    name: 'an autoscaler of a Deployment that does not exist',
    world: 'bare',
    roots: [['horizontalpodautoscaler app/api', 'deployment app/api']],
    play: (m) =>
      create(m, 'horizontalpodautoscalers.autoscaling', {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: namespaced('api'),
        spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' }, maxReplicas: 3 },
      }),
  },
  {
    name: 'a LimitRange refuses the pods',
    world: 'bare',
    roots: [['limitrange app/bounds', 'deployment app/api']],
    play(m) {
      create(m, 'limitranges', {
        kind: 'LimitRange',
        metadata: namespaced('bounds'),
        spec: { limits: [{ type: 'Container', max: { cpu: '500m' } }] },
      });
      deployment(m, 'api', { container: { resources: { requests: { cpu: '2' }, limits: { cpu: '2' } } } });
    },
  },
  {
    name: 'a webhook that must answer has no Service',
    world: 'bare',
    roots: [['validatingwebhookconfiguration /guard', 'service app/guard']],
    play: (m) =>
      create(m, 'validatingwebhookconfigurations.admissionregistration.k8s.io', {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'guard' },
        webhooks: [
          {
            name: 'guard.example.test',
            failurePolicy: 'Fail',
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
            clientConfig: { service: { name: 'guard', namespace: NS } },
            rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['daemonsets'] }],
          },
        ],
      }),
  },
  {
    name: 'the nodes of a zone are silent',
    world: 'shop',
    steps: 8,
    // One trouble, told of the zone by its first node; its title names the zone and both.
    roots: [['node /worker-2', 'node /worker-5']],
    alone: true,
    play(m) {
      stop(m, 'worker-2');
      stop(m, 'worker-5');
    },
  },
  {
    name: 'a node without room on its disk evicts',
    world: 'shop',
    roots: [['node /worker-2']],
    play: (m) =>
      change(m, 'nodes', '/worker-2', ({ metadata }) => {
        metadata.annotations = { ...metadata.annotations, 'sandbox.k8s-mcp.dev/pressure': 'disk' };
      }),
  },
  {
    name: 'two images that one registry no longer has',
    world: 'bare',
    roots: [['deployment app/one'], ['deployment app/two']],
    alone: true,
    play(m) {
      deployment(m, 'one', { container: { image: `${LOST}/one:1` } });
      deployment(m, 'two', { container: { image: `${LOST}/two:1` } });
    },
  },
  {
    name: 'a namespace ends, a ConfigMap in it has a finalizer',
    world: 'bare',
    roots: [['namespace /old']],
    play(m) {
      create(m, 'namespaces', { kind: 'Namespace', metadata: { name: 'old' } });
      create(m, 'configmaps', {
        kind: 'ConfigMap',
        metadata: { ...namespaced('kept', 'old'), finalizers: ['example.test/archive'] },
      });
      m.delete('namespaces', '', 'old');
    },
  },
  {
    name: 'a certificate is not ready',
    world: 'shop',
    steps: 40,
    roots: [['certificate shop/api']],
    play: (m) =>
      change(
        m,
        'certificates.certs.k8s-mcp.dev',
        'shop/api',
        (draft) => {
          const lastTransitionTime = new Date(m.clock.now()).toISOString();
          draft.status = {
            ...draft.status,
            conditions: [
              {
                type: 'Ready',
                status: 'False',
                reason: 'IssuerFailed',
                message: 'the order failed: 429',
                lastTransitionTime,
              },
            ],
          };
        },
        'status',
      ),
  },
  {
    name: 'a rollout was paused half way, its new pods do not start',
    world: 'bare',
    roots: [['deployment app/api']],
    before: (m) => deployment(m, 'api', {}, { replicas: 3 }),
    play: (m) =>
      change(m, DEPLOYMENTS, 'app/api', ({ spec }) => {
        spec.template.spec.containers[0].image = `${LOST}/api:2`;
      }),
    later: {
      1: (m) =>
        change(m, DEPLOYMENTS, 'app/api', ({ spec }) => {
          spec.paused = true;
        }),
    },
  },
  {
    name: 'a ReplicaSet without an owner fails',
    world: 'bare',
    roots: [['replicaset app/alone']],
    play: (m) => workload(m, 'ReplicaSet', 'alone', { annotations: { 'crash-on-start': '1' } }, { replicas: 2 }),
  },
  {
    name: 'a sidecar crashes, the main container runs',
    world: 'bare',
    roots: [['deployment app/api']],
    play(m) {
      deployment(m, 'api', {
        annotations: { 'crash-on-start.proxy': '1' },
        spec: {
          containers: [
            { name: 'main', image: 'docker.io/test/api:1' },
            { name: 'proxy', image: 'docker.io/test/proxy:1' },
          ],
        },
      });
    },
  },
  {
    name: 'an init container waits for a Service for ever',
    world: 'bare',
    steps: 40,
    roots: [['service app/db', 'deployment app/api']],
    play(m) {
      const env = [{ name: 'DB_ADDR', value: 'db:5432' }];
      deployment(m, 'api', {
        spec: {
          initContainers: [{ name: 'wait', image: 'docker.io/test/wait:1', command: ['sleep', 'infinity'], env }],
        },
      });
    },
  },
  {
    name: 'a pod cannot end by a finalizer',
    world: 'bare',
    steps: 60,
    roots: [['pod app/held']],
    before: (m) =>
      create(m, 'pods', {
        kind: 'Pod',
        metadata: { ...namespaced('held'), finalizers: ['example.test/drain'] },
        spec: { containers: [{ name: 'main', image: 'docker.io/test/held:1' }] },
      }),
    play: (m) => m.delete('pods', NS, 'held'),
  },
  {
    name: 'a workload of a higher priority takes the room of another',
    world: 'bare',
    roots: [['deployment app/low']],
    before(m) {
      for (const [name, value] of [
        ['low', 1],
        ['high', 1000],
      ] as const)
        create(m, 'priorityclasses.scheduling.k8s.io', {
          apiVersion: 'scheduling.k8s.io/v1',
          kind: 'PriorityClass',
          metadata: { name },
          value,
        });
      const resources = { requests: { cpu: '12' } };
      deployment(m, 'low', { container: { resources }, spec: { priorityClassName: 'low' } }, { replicas: 3 });
    },
    play(m) {
      const resources = { requests: { cpu: '12' } };
      deployment(m, 'high', { container: { resources }, spec: { priorityClassName: 'high' } }, { replicas: 2 });
    },
  },
  {
    name: 'all nodes are cordoned and pods wait',
    world: 'bare',
    roots: [NODES.map((name) => `node /${name}`)],
    play(m) {
      for (const name of NODES)
        change(m, 'nodes', `/${name}`, ({ spec }) => {
          spec.unschedulable = true;
        });
      deployment(m, 'api', {}, { replicas: 2 });
    },
  },
  {
    name: 'a ConfigMap is missing while a node is silent',
    world: 'bare',
    steps: 8,
    roots: [['node /node-2'], ['configmap app/absent']],
    play(m) {
      stop(m, 'node-2');
      deployment(m, 'two', {
        container: { envFrom: [{ configMapRef: { name: 'absent' } }] },
        spec: { nodeSelector: { 'kubernetes.io/hostname': 'node-0' } },
      });
    },
  },
  {
    name: 'nodes of two zones, of one pool, are silent',
    world: 'shop',
    steps: 8,
    // Both are of the pool `general`: one trouble, told of the pool by its first node.
    roots: [['node /worker-1']],
    play(m) {
      stop(m, 'worker-1');
      stop(m, 'worker-3');
    },
  },
  {
    name: 'a StatefulSet asks for a storage class that does not exist, others call it',
    world: 'bare',
    roots: [['persistentvolumeclaim app/data-store-0', 'storageclass /fast', 'statefulset app/store']],
    alone: true,
    play(m) {
      const spec = {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'fast',
        resources: { requests: { storage: '1Gi' } },
      };
      workload(
        m,
        'StatefulSet',
        'store',
        {},
        { serviceName: 'store', volumeClaimTemplates: [{ metadata: { name: 'data' }, spec }] },
      );
      service(m, 'store');
      deployment(m, 'api', {
        annotations: { 'depends-on': 'store.app.svc:80' },
        container: { env: [{ name: 'STORE_ADDR', value: 'store.app.svc:80' }] },
      });
    },
  },
  {
    name: 'a workload that others call is deleted, its Service stays',
    world: 'shop',
    roots: [['service shop/pricing', 'deployment shop/pricing']],
    play: (m) => m.delete(DEPLOYMENTS, 'shop', 'pricing', { propagationPolicy: 'Background' }),
  },
  {
    name: 'a Service that one workload calls is deleted',
    world: 'bare',
    roots: [['service app/store']],
    alone: true,
    before(m) {
      const readinessProbe = { httpGet: { path: '/', port: 8080 }, periodSeconds: 5 };
      const ports = [{ containerPort: 8080 }];
      deployment(m, 'store');
      service(m, 'store');
      deployment(m, 'api', {
        annotations: { 'depends-on': 'store.app.svc:80' },
        container: { env: [{ name: 'STORE_ADDR', value: 'store.app.svc:80' }], readinessProbe, ports },
      });
    },
    play: (m) => m.delete('services', NS, 'store'),
  },
  {
    name: 'a Service that an Ingress leads to is deleted',
    world: 'shop',
    roots: [['service shop/storefront']],
    play: (m) => m.delete('services', 'shop', 'storefront'),
  },
  {
    name: 'an operator is down and a webhook of it with it',
    world: 'shop',
    roots: [['deployment platform/cert-manager-webhook']],
    alone: true,
    play: (m) => crash(m, DEPLOYMENTS, 'platform/cert-manager-webhook'),
  },
];
