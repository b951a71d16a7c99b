/** Queues, caches and the search index. */
import type { KubeObject } from '../../types.ts';
import { budget, configMap, headless, networkPolicy, secret, service, serviceAccount } from '../build/around.ts';
import type { ContainerPlan } from '../build/pods.ts';
import { exec, http, tcp } from '../build/pods.ts';
import { deployment, statefulSet } from '../build/workloads.ts';
import { DATA, dataIdentity, dataMeta } from './databases.ts';

interface StatefulPlan {
  name: string;
  component: string;
  version: string;
  replicas?: number;
  storage: string;
  ports: Readonly<Record<string, number>>;
  container: Omit<ContainerPlan, 'name' | 'ports'>;
  spec?: Record<string, unknown>;
}

function stateful(plan: StatefulPlan): KubeObject[] {
  const { name, component, version, replicas = 1, storage, ports, container, spec } = plan;
  const meta = dataMeta(name, component);
  return [
    serviceAccount(meta, { automountServiceAccountToken: false }),
    headless({ ...meta, name: `${name}-nodes`, of: name, ports }),
    service({ ...meta, ports }),
    statefulSet({
      ...dataIdentity(name, component, version),
      namespace: DATA,
      replicas,
      storage,
      pod: {
        containers: [{ ...container, name, ports }],
        spec: { serviceAccountName: name, priorityClassName: 'data-critical' },
      },
      ...(spec === undefined ? {} : { spec }),
    }),
    ...(replicas > 1 ? [budget(meta, { maxUnavailable: 1 })] : []),
  ];
}

const REDIS_EXPORTER = deployment({
  ...dataIdentity('redis-exporter', 'exporter', '1.80.1'),
  namespace: DATA,
  pod: {
    containers: [
      {
        name: 'exporter',
        image: 'quay.io/prometheuscommunity/redis-exporter:v1.80.1',
        ports: { metrics: 9121 },
        env: { REDIS_ADDR: 'redis://redis.data.svc:6379' },
        cpu: '20m',
        memory: '32Mi',
        memoryLimit: '64Mi',
        ready: tcp('metrics'),
      },
    ],
  },
});

const fromNamespaces = (...names: string[]) => ({
  from: [{ namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: names }] } }],
});

export const QUEUES: readonly KubeObject[] = [
  networkPolicy({ name: 'only-from-the-shop', namespace: DATA }, {
    podSelector: {},
    policyTypes: ['Ingress'],
    ingress: [fromNamespaces('shop', 'data', 'platform')],
  }),
  configMap(dataMeta('kafka-topics', 'queue'), { topics: 'orders:12\npayments:6\nstock:6\n' }),
  ...stateful({
    name: 'kafka',
    component: 'queue',
    version: '4.1.1',
    replicas: 3,
    storage: '30Gi',
    ports: { broker: 9092, controller: 9093 },
    container: {
      image: 'docker.io/apache/kafka:4.1.1',
      env: { KAFKA_NODE_NAME: { field: 'metadata.name' }, KAFKA_HEAP_OPTS: '-Xmx640m' },
      cpu: '300m',
      memory: '768Mi',
      memoryLimit: '1Gi',
      ready: tcp('broker', { initialDelaySeconds: 10, periodSeconds: 5 }),
      live: tcp('broker', { initialDelaySeconds: 30 }),
      mounts: { data: '/var/lib/kafka' },
    },
  }),
  secret(dataMeta('rabbitmq-cookie', 'queue'), { cookie: 'made-up-for-the-sandbox' }),
  ...stateful({
    name: 'rabbitmq',
    component: 'queue',
    version: '4.2.1',
    storage: '10Gi',
    ports: { amqp: 5672, management: 15672, metrics: 15692 },
    container: {
      image: 'docker.io/library/rabbitmq:4.2.1-management',
      env: { RABBITMQ_ERLANG_COOKIE: { secret: ['rabbitmq-cookie', 'cookie'] } },
      cpu: '200m',
      memory: '256Mi',
      memoryLimit: '512Mi',
      ready: exec(['rabbitmq-diagnostics', '-q', 'check_running'], { initialDelaySeconds: 10 }),
      live: exec(['rabbitmq-diagnostics', '-q', 'ping'], { initialDelaySeconds: 30 }),
      mounts: { data: '/var/lib/rabbitmq' },
    },
  }),
  ...stateful({
    name: 'redis',
    component: 'cache',
    version: '8.4.0',
    storage: '5Gi',
    ports: { redis: 6379 },
    container: {
      image: 'docker.io/library/redis:8.4.0-alpine',
      args: ['--appendonly', 'yes'],
      cpu: '100m',
      memory: '128Mi',
      memoryLimit: '256Mi',
      ready: exec(['redis-cli', 'ping'], { periodSeconds: 5 }),
      live: tcp('redis', { initialDelaySeconds: 10 }),
      mounts: { data: '/data' },
    },
  }),
  ...stateful({
    name: 'search-index',
    component: 'index',
    version: '9.2.1',
    storage: '30Gi',
    ports: { http: 9200, transport: 9300 },
    container: {
      image: 'docker.io/library/elasticsearch:9.2.1',
      env: { ES_JAVA_OPTS: '-Xms1g -Xmx1g', 'discovery.type': 'single-node' },
      cpu: '500m',
      memory: '1536Mi',
      memoryLimit: '2Gi',
      ready: http('/_cluster/health?local=true', { initialDelaySeconds: 20, periodSeconds: 5 }),
      live: tcp('http', { initialDelaySeconds: 60 }),
      mounts: { data: '/usr/share/elasticsearch/data' },
    },
  }),
  REDIS_EXPORTER,
];
