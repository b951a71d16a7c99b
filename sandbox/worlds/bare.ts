/** An empty cluster of three nodes, with users of different rights: the twin of the real control plane of the tests. */
import type { KubeObject } from '../types.ts';
import type { ImageEntry } from '../world/kubelet/images.ts';
import type { World } from './types.ts';

const NODES = 3;
const RESOURCES = { cpu: '16', memory: '64Gi', 'ephemeral-storage': '100Gi', pods: '110' };

/** All of these are required of a node that says any. */
const NODE_INFO = {
  architecture: 'amd64',
  bootID: '',
  containerRuntimeVersion: 'sandbox://1',
  kernelVersion: '6.12.0',
  kubeProxyVersion: '',
  kubeletVersion: 'v1.36.3',
  machineID: '',
  operatingSystem: 'linux',
  osImage: 'k8s-mcp sandbox',
  systemUUID: '',
};

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
  images: ['docker.io/*', 'registry.test/*', 'registry.invalid/*', 'example.test/*'].map(anyImage),
};

/** Whatever is asked for is there and starts at once, as on the nodes of the tests' control plane. */
function anyImage(name: string): ImageEntry {
  return { name, sizeBytes: 5_000_000, startSeconds: 0, stopSeconds: 0, log: 'quiet' };
}

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
    status: { capacity: RESOURCES, allocatable: RESOURCES, nodeInfo: NODE_INFO },
  };
}
