import { expect, test } from 'vitest';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { graphOf } from '../testing.ts';
import { MOST_PODS, type TopologyQuestion, topology } from './topology.ts';

const ALL: TopologyQuestion = {
  namespaces: undefined,
  nodes: undefined,
  kinds: undefined,
  maxResults: 10,
  edges: MOST_PODS,
};

interface Made {
  ready?: boolean;
  cordoned?: boolean;
  zone?: string;
  pool?: string;
}

const node = (
  name: string,
  { ready = true, cordoned = false, zone = 'z1', pool = 'general' }: Made = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'topology.kubernetes.io/zone': zone, 'karpenter.sh/nodepool': pool } },
  spec: { unschedulable: cordoned },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});

const pod = (name: string, nodeName: string, namespace = 'shop'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: { nodeName, containers: [{ name: 'main', image: 'cart:1' }] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});

const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

test('nodes are counted with their pods, those in trouble first, and namespaces with what they hold', () => {
  const { view } = graphOf([node('w1'), node('w2'), node('w3', { ready: false }), pod('a', 'w1'), pod('b', 'w2')]);
  const { nodes, namespaces } = topology(view, ALL);
  expect(nodes).toMatchObject({ total: 3, ready: 2, zones: { z1: 3 } });
  expect(nodes?.shown.map(({ name, pods }) => [name, pods])).toEqual([
    ['w3', 0],
    ['w1', 1],
    ['w2', 1],
  ]);
  expect(namespaces.shown[0]).toMatchObject({ name: 'shop', byKind: { Pod: 2 } });
});

test('nodes of one zone, pool and state are one group, told by how many pods they have', () => {
  const { view } = graphOf([
    node('w1'),
    node('w2'),
    node('w3'),
    node('w4', { pool: 'burst' }),
    node('w5', { cordoned: true }),
    node('w6', { ready: false, zone: 'z2' }),
    ...['a', 'b', 'c', 'd'].map((name) => pod(name, 'w1')),
    pod('e', 'w2'),
  ]);
  const groups = topology(view, ALL).nodes?.groups.map(({ nodes, pods }) => [
    nodes.map(({ name }) => name).join(),
    pods,
  ]);
  expect(groups).toEqual([
    ['w6', { least: 0, median: 0, most: 0 }],
    ['w5', { least: 0, median: 0, most: 0 }],
    ['w1,w2,w3', { least: 0, median: 1, most: 4 }],
    ['w4', { least: 0, median: 0, most: 0 }],
  ]);
});

test('of one namespace the nodes are those that host it, with its pods alone', () => {
  const { view } = graphOf([node('w1'), node('w2'), pod('a', 'w1'), pod('b', 'w2', 'data'), pod('c', 'w1', 'data')]);
  const { nodes, namespaces } = topology(view, { ...ALL, namespaces: ['shop'] });
  expect(nodes?.shown.map(({ name, pods }) => [name, pods])).toEqual([['w1', 1]]);
  expect(namespaces.shown.map(({ name }) => name)).toEqual(['shop']);
});

test('of some nodes the namespaces are those that have pods there, with those pods alone', () => {
  const { view } = graphOf([node('w1'), node('w2'), pod('a', 'w1'), pod('b', 'w2', 'data'), pod('c', 'w2')]);
  const { nodes, namespaces } = topology(view, { ...ALL, nodes: ({ name }) => name === 'w1' });
  expect(nodes?.total).toBe(1);
  expect(namespaces).toMatchObject({ total: 1, shown: [{ name: 'shop', byKind: { Pod: 1 } }] });
});

test('what may not be listed is not counted', () => {
  const forbidden = { state: 'forbidden', reason: 'no rights' } as const;
  const found = topology(graphOf([pod('a', 'w1')], { states: { Node: forbidden } }).view, ALL);
  expect([found.nodes, found.podsKnown]).toEqual([undefined, true]);
  expect(topology(graphOf([node('w1')], { states: { Pod: forbidden } }).view, ALL).podsKnown).toBe(false);
});

test('a namespace that holds nothing is one all the same', () => {
  const { view } = graphOf([namespace('idle'), pod('a', 'w1')]);
  expect(topology(view, ALL).namespaces).toMatchObject({
    total: 2,
    shown: [{ name: 'shop' }, { name: 'idle', total: 0 }],
  });
});

test('pods are counted up to a bound, and that it was reached is said', () => {
  const { view } = graphOf([node('w1'), pod('a', 'w1'), pod('b', 'w1')]);
  expect(topology(view, { ...ALL, edges: 1 }).complete).toBe(false);
  expect(topology(view, { ...ALL, edges: 2 }).complete).toBe(true);
});

test('kinds of which there are as many are told in the order of their names, whichever came first', () => {
  const own = { namespace: 'shop', name: 'cart' };
  const objects = ['ServiceAccount', 'Service', 'ConfigMap'].map((kind) => ({ apiVersion: 'v1', kind, metadata: own }));
  for (const arrived of [objects, objects.toReversed()]) {
    const { namespaces } = topology(graphOf(arrived).view, { ...ALL, namespaces: ['shop'] });
    expect(Object.keys(namespaces.shown[0]?.byKind ?? {})).toEqual(['ConfigMap', 'Service', 'ServiceAccount']);
  }
});
