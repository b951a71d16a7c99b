/** The machines of the shop's cluster: one for the control plane, five for the work, over three zones. */
import type { KubeObject } from '../../types.ts';

interface Plan {
  name: string;
  zone: string;
  instance: string;
  cpu: string;
  memory: string;
  roles: readonly string[];
  labels?: Record<string, string>;
  taints?: readonly { key: string; value?: string; effect: string }[];
}

const REGION = 'eu-north-2';

const PLANS: readonly Plan[] = [
  {
    name: 'control-1',
    zone: 'a',
    instance: 'standard-4',
    cpu: '4',
    memory: '16Gi',
    roles: ['control-plane'],
    taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
  },
  ...['a', 'b', 'c', 'a', 'b'].map((zone, index) => ({
    name: `worker-${index + 1}`,
    zone,
    instance: 'standard-8',
    cpu: '8',
    memory: '32Gi',
    roles: ['worker'],
    labels: { 'shop.k8s-mcp.dev/pool': index < 3 ? 'general' : 'burst' },
  })),
];

const SYSTEM = {
  architecture: 'amd64',
  containerRuntimeVersion: 'containerd://2.1.5',
  kernelVersion: '6.12.57-cloud-amd64',
  kubeProxyVersion: '',
  kubeletVersion: 'v1.36.3',
  operatingSystem: 'linux',
  osImage: 'Debian GNU/Linux 13 (trixie)',
};

/** Where kubelets listen. */
const KUBELET_PORT = 10_250;

export const NODES: readonly KubeObject[] = PLANS.map(node);

function node(plan: Plan, index: number): KubeObject {
  const { name, zone, instance, cpu, memory, roles, labels = {}, taints = [] } = plan;
  const resources = { cpu, memory, 'ephemeral-storage': '100Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node.kubernetes.io/instance-type': instance,
        'topology.kubernetes.io/region': REGION,
        'topology.kubernetes.io/zone': `${REGION}${zone}`,
        ...Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ''])),
        ...labels,
      },
    },
    spec: { ...podRange(index), ...(taints.length === 0 ? {} : { taints }) },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address: `10.0.0.${10 + index}` },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: KUBELET_PORT } },
      nodeInfo: { ...SYSTEM, ...machineIds(index) },
    },
  };
}

function podRange(index: number) {
  const podCIDR = `10.244.${index}.0/24`;
  return { podCIDR, podCIDRs: [podCIDR] };
}

function machineIds(index: number) {
  const end = `${index + 1}`.padStart(12, '0');
  return {
    machineID: `5a4d0b6c8f1e4c7e9d21${end}`,
    systemUUID: `5a4d0b6c-8f1e-4c7e-9d21-${end}`,
    bootID: `c2f7e913-64ab-4f0d-8a35-${end}`,
  };
}
