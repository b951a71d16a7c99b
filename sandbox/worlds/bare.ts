/** An empty cluster of three nodes, with users of different rights: the twin of the real control plane of the tests. */
import type { KubeObject } from '../types.ts';
import type { World } from './types.ts';

const NODES = 3;
const RESOURCES = { cpu: '16', memory: '64Gi', 'ephemeral-storage': '100Gi', pods: '110' };

export const BARE: World = {
  name: 'bare',
  users: [
    { context: 'admin', groups: ['system:masters'], signsInBy: 'certificate' },
    { context: 'viewer', signsInBy: 'certificate', role: { clusterRole: 'view' } },
    {
      context: 'editor',
      signsInBy: 'certificate',
      namespace: 'team-a',
      role: { clusterRole: 'edit', namespace: 'team-a' },
    },
    { context: 'nobody', signsInBy: 'certificate' },
    { context: 'token-admin', groups: ['system:masters'], signsInBy: 'token' },
    { context: 'expired', signsInBy: 'unknown' },
  ],
  objects: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } },
    ...Array.from({ length: NODES }, (_, index) => node(index)),
  ],
  ageMs: 60_000,
  lives: true,
};

function node(index: number): KubeObject {
  const name = `node-${index}`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node.kubernetes.io/instance-type': 'kwok.large',
        'topology.kubernetes.io/region': 'test-region',
        'topology.kubernetes.io/zone': `zone-${'abc'[index % 3]}`,
      },
    },
    spec: {},
    status: { capacity: RESOURCES, allocatable: RESOURCES },
  };
}
