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

export const NODES: readonly KubeObject[] = PLANS.map(node);

function node(plan: Plan): KubeObject {
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
    spec: taints.length === 0 ? {} : { taints },
    status: { capacity: resources, allocatable: resources },
  };
}
