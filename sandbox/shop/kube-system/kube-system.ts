/** What keeps the cluster itself going: control plane, network, names, metrics. */
import type { KubeObject } from '../../types.ts';
import { budget, clusterRole, configMap, mayRead, service, serviceAccount } from '../build/around.ts';
import { labelsOf, object } from '../build/meta.ts';
import { container, http, tcp } from '../build/pods.ts';
import { daemonSet, deployment } from '../build/workloads.ts';

const NAMESPACE = 'kube-system';
const RELEASE = 'v1.36.3';
const EVERYWHERE = [{ operator: 'Exists' }];

const identity = (name: string, component: string, version: string) => ({
  name,
  component,
  version,
  partOf: 'kubernetes',
});
const named = (name: string) => ({ name, namespace: NAMESPACE, labels: labelsOf(identity(name, 'system', RELEASE)) });

/** As the kubelet of the control plane's node would mirror them from its manifests. */
function mirror(name: string, image: string, port: number, cpu: string): KubeObject {
  const meta = {
    name: `${name}-control-1`,
    namespace: NAMESPACE,
    labels: { component: name, tier: 'control-plane' },
    annotations: {
      'kubernetes.io/config.source': 'file',
      'kubernetes.io/config.mirror': `${name}-${RELEASE}`,
      'kubernetes.io/config.hash': `${name}-${RELEASE}`,
    },
  };
  return object('v1', 'Pod', meta, {
    spec: {
      nodeName: 'control-1',
      hostNetwork: true,
      enableServiceLinks: false,
      priorityClassName: 'system-node-critical',
      tolerations: EVERYWHERE,
      containers: [
        container({
          name,
          image,
          command: [name],
          ports: { probe: port },
          cpu,
          memory: '128Mi',
          memoryLimit: '1Gi',
          live: tcp('probe', { failureThreshold: 8 }),
        }),
      ],
    },
  });
}

const agent = (name: string, image: string, port: number) =>
  daemonSet({
    ...identity(name, 'network', RELEASE),
    namespace: NAMESPACE,
    pod: {
      containers: [
        {
          name,
          image,
          ports: { metrics: port },
          env: { NODE_NAME: { field: 'spec.nodeName' } },
          cpu: '50m',
          memory: '48Mi',
          memoryLimit: '128Mi',
          live: tcp('metrics', { initialDelaySeconds: 5 }),
        },
      ],
      spec: {
        serviceAccountName: name,
        hostNetwork: true,
        priorityClassName: 'system-node-critical',
        tolerations: EVERYWHERE,
      },
    },
  });

const COREDNS = deployment({
  ...identity('coredns', 'dns', '1.13.1'),
  namespace: NAMESPACE,
  replicas: 2,
  pod: {
    containers: [
      {
        name: 'coredns',
        image: 'registry.k8s.io/coredns/coredns:v1.13.1',
        args: ['-conf', '/etc/coredns/Corefile'],
        ports: { dns: 53, metrics: 9153 },
        cpu: '100m',
        memory: '70Mi',
        memoryLimit: '170Mi',
        ready: http('/ready', {}, 8181),
        live: http('/health', { initialDelaySeconds: 60 }, 8080),
        mounts: { config: '/etc/coredns' },
      },
    ],
    volumes: { config: { configMap: { name: 'coredns' } } },
    spec: {
      serviceAccountName: 'coredns',
      priorityClassName: 'system-cluster-critical',
      tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
    },
  },
});

const METRICS_SERVER = deployment({
  ...identity('metrics-server', 'metrics', '0.8.0'),
  namespace: NAMESPACE,
  pod: {
    containers: [
      {
        name: 'metrics-server',
        image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.0',
        args: ['--secure-port=10250', '--metric-resolution=15s'],
        ports: { https: 10250 },
        cpu: '100m',
        memory: '200Mi',
        memoryLimit: '400Mi',
        ready: tcp('https'),
        live: tcp('https', { initialDelaySeconds: 20 }),
      },
    ],
    spec: { serviceAccountName: 'metrics-server', priorityClassName: 'system-cluster-critical' },
  },
});

const COREFILE = `.:53 {
    errors
    health
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
}
`;

export const KUBE_SYSTEM: readonly KubeObject[] = [
  ...['coredns', 'kube-proxy', 'kindnet', 'metrics-server'].map((name) => serviceAccount(named(name))),
  ...clusterRole(named('coredns-reader'), [
    mayRead('', 'services', 'namespaces'),
    mayRead('discovery.k8s.io', 'endpointslices'),
  ]),
  ...clusterRole(named('metrics-server'), [mayRead('', 'pods', 'nodes', 'nodes/metrics')]),
  configMap(named('coredns'), { Corefile: COREFILE }),
  configMap(named('kube-proxy'), { 'config.conf': 'mode: nftables\nclusterCIDR: 10.244.0.0/16\n' }),
  mirror('etcd', 'registry.k8s.io/etcd:3.6.5-0', 2381, '100m'),
  mirror('kube-apiserver', `registry.k8s.io/kube-apiserver:${RELEASE}`, 6443, '250m'),
  mirror('kube-controller-manager', `registry.k8s.io/kube-controller-manager:${RELEASE}`, 10257, '200m'),
  mirror('kube-scheduler', `registry.k8s.io/kube-scheduler:${RELEASE}`, 10259, '100m'),
  agent('kube-proxy', `registry.k8s.io/kube-proxy:${RELEASE}`, 10249),
  agent('kindnet', 'docker.io/kindest/kindnetd:v20260908', 10255),
  COREDNS,
  service({
    name: 'kube-dns',
    namespace: NAMESPACE,
    of: 'coredns',
    ports: {
      dns: { port: 53, targetPort: 53, protocol: 'UDP' },
      'dns-tcp': { port: 53, targetPort: 53 },
      metrics: 9153,
    },
    spec: { clusterIP: '10.96.0.10' },
  }),
  budget(named('coredns'), { maxUnavailable: 1 }),
  METRICS_SERVER,
  service({ name: 'metrics-server', namespace: NAMESPACE, ports: { https: { port: 443, targetPort: 'https' } } }),
];
