import { expect, it } from 'vitest';
import { memoryCluster } from '../../../../test/support/memory-view.ts';
import { graphOf } from '../../../graph/testing.ts';
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import type { ApiResource } from '../../../kube/types.ts';
import { performanceSections } from '../../../monitor/summary/render-performance.ts';
import { readUsage } from './metrics.ts';
import { summaryRequests } from './question.ts';

const APIVERSION = 'metrics.k8s.io/v1beta1';
const metrics = (kind: string, resource: string, namespaced: boolean): ApiResource => ({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind,
  resource,
  singular: '',
  shortNames: [],
  categories: [],
  namespaced,
  verbs: ['get', 'list'],
  subresources: [],
  preferred: true,
});
const podUsage = (name: string, namespace: string, cpu: string): KubeObject => ({
  apiVersion: APIVERSION,
  kind: 'PodMetrics',
  metadata: { name, namespace },
  containers: [{ name: 'main', usage: { cpu, memory: '64Mi' } }],
});
const node: KubeObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n' },
  status: { allocatable: { cpu: '4', memory: '8Gi' } },
};

function measured() {
  const usage = {
    apiVersion: APIVERSION,
    kind: 'NodeMetrics',
    metadata: { name: 'n' },
    usage: { cpu: '1', memory: '2Gi' },
  };
  const pods = [podUsage('a', 'shop', '250m'), podUsage('b', 'shop', '500m'), podUsage('c', 'data', '2')];
  const kinds = [metrics('NodeMetrics', 'nodes', false), metrics('PodMetrics', 'pods', true)];
  const { ctx } = memoryCluster({ objects: [usage, ...pods], kinds });
  return { ctx, view: graphOf([node]).view };
}

it('measures a namespace by its own pods, and nodes only where the whole cluster is asked about', async () => {
  const { ctx, view } = measured();
  const whole = await readUsage(view, undefined, ctx);
  expect(whole).toMatchObject({ nodes: { cpu: { used: 1, allocatable: 4 } } });
  expect(whole.in_namespace).toBeUndefined();
  const { nodes, in_namespace: inside, top_pods: top = [], notes } = await readUsage(view, 'shop', ctx);
  expect(nodes).toBeUndefined();
  expect(inside).toEqual({ pods: 2, cpu: 0.75, memory: 2 * 64 * 1024 ** 2 });
  expect(top.map(({ name }) => name)).toEqual(['b', 'a']);
  const performance = { notes, in_namespace: { pods: 2, cpu: 0.75, memory: 2 * 64 * 1024 ** 2 } };
  const history = { began: 0, ended: 0, latest: [] };
  expect(performanceSections({ ...performance, time_range: '1h', restarts: [], history }, 'shop')[0]?.lines).toEqual([
    'namespace shop: 0.75 cores, 128 MiB by 2 pods',
  ]);
});

it.each([
  [{ include_metrics: true }, ['/pods', 'metrics.k8s.io/nodes', 'metrics.k8s.io/pods']],
  [{ include_metrics: true, focus_namespace: 'shop' }, ['/pods', 'metrics.k8s.io/pods']],
  [{ scope: 'performance', focus_namespace: 'shop' } as const, ['/pods', 'metrics.k8s.io/pods']],
  [{ include_metrics: false }, ['/pods']],
])('asks policy for the metrics that %j reads', async (input, expected) => {
  const requests = await summaryRequests(input, measured().ctx);
  expect(requests.map((asked) => (asked.type === 'resource' ? `${asked.group}/${asked.resource}` : ''))).toEqual(
    expected,
  );
});
