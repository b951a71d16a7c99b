import { type Api, until } from './api.ts';

/** The namespace the `editor` may edit. */
export const EDITOR_NAMESPACE = 'team-a';

const SETTLED_WITHIN_MS = 60_000;

/** Creates nodes, the editor's namespace and the rights of the users, and waits until pods can be created and run. */
export async function createFirstObjects(api: Api, nodes: number): Promise<void> {
  await api.create('/api/v1/namespaces', { metadata: { name: EDITOR_NAMESPACE } });
  await api.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', binding('viewer', 'view'));
  await api.create(
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${EDITOR_NAMESPACE}/rolebindings`,
    binding('editor', 'edit'),
  );
  for (let index = 0; index < nodes; index++) await api.create('/api/v1/nodes', node(index));
  for (const namespace of ['default', EDITOR_NAMESPACE]) {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
    await until(
      `the default service account of ${namespace}`,
      async () => (await api.get(path)).status === 200,
      SETTLED_WITHIN_MS,
    );
  }
  await until(`${nodes} ready nodes`, async () => (await readyNodes(api)) >= nodes, SETTLED_WITHIN_MS);
}

function binding(user: string, clusterRole: string): unknown {
  return {
    metadata: { name: `k8s-mcp-test-${user}` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: clusterRole },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  };
}

function node(index: number): unknown {
  const name = `node-${index}`;
  const zone = `zone-${'abc'[index % 3]}`;
  const resources = { cpu: '16', memory: '64Gi', 'ephemeral-storage': '100Gi', pods: '110' };
  return {
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node.kubernetes.io/instance-type': 'kwok.large',
        'topology.kubernetes.io/region': 'test-region',
        'topology.kubernetes.io/zone': zone,
      },
    },
    status: { capacity: resources, allocatable: resources },
  };
}

async function readyNodes(api: Api): Promise<number> {
  const { body } = await api.get('/api/v1/nodes');
  const list = JSON.parse(body) as {
    items?: { spec?: { taints?: unknown[] }; status?: { conditions?: Condition[] } }[];
  };
  const isReady = (conditions: Condition[]) =>
    conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  // The taint of a new node goes a moment after it became ready; until then nothing is scheduled on it.
  return (list.items ?? []).filter((item) => isReady(item.status?.conditions ?? []) && !item.spec?.taints?.length)
    .length;
}

interface Condition {
  readonly type: string;
  readonly status: string;
}
