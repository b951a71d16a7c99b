import { describe, expect, it } from 'vitest';
import { COVERAGE } from '../../../../test/support/coverage.ts';
import { memoryCluster, NOW } from '../../../../test/support/memory-view.ts';
import type { Coverage } from '../../../graph/access.ts';
import { type GraphOfOptions, graphOf } from '../../../graph/testing.ts';
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import { createMonitor } from '../../../monitor/create-monitor.ts';
import { operation } from '../k8s-relation-query.ts';
import { questionRequests } from './targets.ts';

interface Given extends GraphOfOptions {
  coverage?: Partial<Coverage>;
  maxResources?: number;
}

/** The lines of an answer, without what it rests on. */
async function topologyLines(objects: KubeObject[], args: Record<string, unknown>, given: Given = {}) {
  const { text } = await asked(objects, args, given);
  return text.split('\n[')[0]?.split('\n') ?? [];
}

function asked(objects: KubeObject[], args: Record<string, unknown>, { coverage, maxResources, ...options }: Given) {
  const { graph } = graphOf(objects, options);
  const detection = createMonitor({ graph, detectors: [], now: () => NOW });
  const world = memoryCluster({
    defaultNamespace: 'shop',
    ...(maxResources === undefined ? {} : { rules: { maxResources } }),
    graph: {
      ask: async (_, answer) =>
        answer({ view: graph.view(), detection, coverage: () => ({ ...COVERAGE, ...coverage }), now: () => NOW }),
    },
  });
  return world.call(operation, { query_type: 'cluster_topology', ...args });
}

const node = (name: string, zone = 'z1'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
});
const pod = (name: string, nodeName: string, namespace = 'shop'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: { nodeName, containers: [{ name: 'main', image: 'cart:1' }] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});
const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const SHOP = [
  node('n1'),
  node('n2', 'z2'),
  pod('a', 'n1'),
  pod('b', 'n2', 'data'),
  namespace('shop'),
  namespace('data'),
];
const FORBIDDEN = { state: 'forbidden', reason: 'no rights' } as const;

describe('the topology', () => {
  it('tells a few nodes one by one, and many alike in one line, with how to see fewer', async () => {
    expect((await topologyLines(SHOP, {})).slice(0, 3)).toEqual([
      '2 nodes: 2 ready; by zone: z1 1, z2 1',
      '  n1 [z1] · 1 pod',
      '  n2 [z2] · 1 pod',
    ]);
    const many = Array.from({ length: 300 }, (_, at) => node(`w${String(at).padStart(3, '0')}`));
    expect((await topologyLines([...many, ...SHOP], {})).slice(0, 4)).toEqual([
      '302 nodes: 302 ready; by zone: z1 301, z2 1',
      '  301 nodes [z1], 0 to 1 pods each (median 0): n1, w000, w001, w002, w003 and 296 more',
      '  n2 [z2] · 1 pod',
      '  (focus_namespace tells the nodes that host it; target_resources: ["zone/NAME"] or ["node/NAME"] tells those)',
    ]);
  });

  it('is of the nodes that host a namespace, where one is asked about', async () => {
    expect(await topologyLines(SHOP, { focus_namespace: 'data' })).toEqual([
      '1 node hosts pods of data: 1 ready; by zone: z2 1',
      '  n2 [z2] · 1 pod',
      '1 namespace:',
      '  data · 1 Pod',
    ]);
    const narrowed = await topologyLines(SHOP, { target_resources: ['namespace/data'] });
    expect(narrowed).toEqual(await topologyLines(SHOP, { focus_namespace: 'data' }));
  });

  it('is of the nodes and zones that are named, with the pods there', async () => {
    const ofNode = await topologyLines(SHOP, { target_resources: ['node/n1'] });
    expect(ofNode).toEqual([
      '1 node: 1 ready; by zone: z1 1',
      '  n1 [z1] · 1 pod',
      '1 namespace with pods there:',
      '  shop · 1 Pod',
    ]);
    expect(await topologyLines(SHOP, { target_resources: ['zone/z1'] })).toEqual(ofNode);
  });

  it('asks policy for its pods, too, where it is of a node', async () => {
    const { ctx } = memoryCluster({});
    const requests = await questionRequests({ query_type: 'cluster_topology', target_resources: ['node/n1'] }, ctx);
    expect(requests.map((request) => JSON.stringify(request))).toEqual([
      expect.stringContaining('"nodes"'),
      expect.stringContaining('"pods"'),
    ]);
  });

  it('is of nothing else', async () => {
    await expect(asked(SHOP, { target_resources: ['pod/shop/a'] }, {})).rejects.toMatchObject({
      code: 'invalid_argument',
      message: 'A topology is of nodes, zones and namespaces; Pod shop/a is none.',
    });
  });

  it('has no number of what may not be listed', async () => {
    const few = [pod('a', 'n1')];
    const given = { states: { Node: FORBIDDEN, Namespace: FORBIDDEN }, coverage: { namespaces: ['shop'] } };
    expect(await topologyLines(few, {}, given)).toEqual([
      'nodes: not visible to this identity',
      '1 namespace visible to this identity:',
      '  shop · 1 Pod',
    ]);
    const { output } = await asked(few, {}, given);
    expect(output).toMatchObject({
      results_count: 1,
      summary: { cluster_overview: { nodes: { visible: false }, namespaces: { total_namespaces: 1 } } },
    });
    expect(await topologyLines([node('n1')], {}, { states: { Pod: FORBIDDEN } })).toEqual([
      '1 node: 1 ready; by zone: z1 1',
      '  n1 [z1]',
      'pods: not visible to this identity',
      '0 namespaces',
    ]);
  });

  it('says at least of nodes that are still being read', async () => {
    const given = { states: { Node: { state: 'syncing', done: 2, total: 9 } } } as const;
    expect((await topologyLines(SHOP, {}, given))[0]).toBe('at least 2 nodes: 2 ready; by zone: z1 1, z2 1');
    expect((await topologyLines([], {}, given))[0]).toBe('nodes: still being read');
  });

  it('names the argument that gets more, as long as there is one', async () => {
    const last = async (args: object, given?: Given) => (await topologyLines(SHOP, { ...args }, given)).at(-1);
    expect(await last({ max_results: 1 })).toBe(
      '  and 1 more namespace: name one with focus_namespace, or raise max_results (1)',
    );
    expect(await last({ max_results: 50 }, { maxResources: 1 })).toBe(
      '  and 1 more namespace: name one with focus_namespace (K8S_MAX_RESOURCES is 1)',
    );
  });
});

describe.each(['cluster_topology', 'anomaly_correlation'])('%s of a namespace', (query_type) => {
  it('is refused where there is none, with the nearest names', async () => {
    await expect(asked(SHOP, { query_type, focus_namespace: 'shp' }, {})).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no namespace shp.',
      detail: { candidates: ['shop'] },
    });
  });

  it('is refused where this identity sees none', async () => {
    const given = { states: { Namespace: FORBIDDEN }, coverage: { namespaces: ['shop', 'idle'] } };
    await expect(asked([], { query_type, focus_namespace: 'data' }, given)).rejects.toMatchObject({
      code: 'cluster_forbidden',
    });
    expect((await asked([], { query_type, focus_namespace: 'idle' }, given)).text).toContain('idle');
  });
});

it('no anomaly is told of no more than what is read', async () => {
  const where = async (namespaces: string[] | undefined) =>
    (await topologyLines(SHOP, { query_type: 'anomaly_correlation' }, { coverage: { namespaces } }))[0];
  expect(await where(undefined)).toBe('No anomaly in the cluster.');
  expect(await where(['shop'])).toBe('No anomaly in namespace shop.');
  expect(await where(['data', 'shop'])).toBe('No anomaly in the namespaces data, shop.');
});
