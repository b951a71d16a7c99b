import { expect, test } from 'vitest';
import type { ResourceInfo } from '../types.ts';
import { builtinType } from './builtin-data.ts';
import { createKinds } from './create-kinds.ts';
import { compareVersions } from './version-order.ts';

const widget: ResourceInfo = {
  id: 'widgets.example.com',
  group: 'example.com',
  plural: 'widgets',
  singular: 'widget',
  kind: 'Widget',
  listKind: 'WidgetList',
  namespaced: true,
  shortNames: ['wd'],
  categories: [],
  versions: [{ version: 'v1', verbs: ['get', 'list'], subresources: {} }],
  storageVersion: 'v1',
  origin: 'custom',
};

test('built-in resources are found by path, kind and id', () => {
  const kinds = createKinds();
  const deployments = kinds.byPath('apps', 'v1', 'deployments');
  expect(deployments?.resource).toMatchObject({
    id: 'deployments.apps',
    kind: 'Deployment',
    shortNames: ['deploy'],
    namespaced: true,
  });
  expect(deployments?.version.subresources['scale']).toEqual({
    kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    verbs: ['get', 'patch', 'update'],
  });
  expect(kinds.byKind('', 'v1', 'Pod')?.resource.id).toBe('pods');
  expect(kinds.byId('horizontalpodautoscalers.autoscaling')?.versions.map(({ version }) => version)).toEqual([
    'v2',
    'v1',
  ]);
  expect(kinds.byId('events.events.k8s.io')?.storedAs).toBe('events');
  expect(kinds.byPath('metrics.k8s.io', 'v1beta1', 'pods')?.resource.kind).toBe('PodMetrics');
  expect(kinds.byPath('apps', 'v1beta1', 'deployments')).toBeUndefined();
});

test('a schema is followed through its references, with what stands beside them', () => {
  const kinds = createKinds();
  const schema = kinds.byKind('apps', 'v1', 'Deployment')!.version.schema!;
  const spec = kinds.resolve(kinds.resolve(schema).properties!['spec']!);
  expect(spec.required).toEqual(['selector', 'template']);
  const strategy = kinds.resolve(spec.properties!['strategy']!);
  expect(strategy['x-kubernetes-patch-strategy']).toBe('retainKeys');
  expect(Object.keys(strategy.properties!)).toEqual(['rollingUpdate', 'type']);
  expect(kinds.resolve(strategy)).toBe(strategy);
});

test('every reference of a built-in type leads somewhere', () => {
  const kinds = createKinds();
  const seen = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key !== '$ref' || typeof value !== 'string') walk(value);
      else if (!seen.has(value)) {
        seen.add(value);
        const target = builtinType(value);
        expect(target, value).toBeDefined();
        walk(target);
      }
    }
  };
  walk(kinds.all().map(({ versions }) => versions));
  expect(seen.size).toBeGreaterThan(400);
});

test('custom resources come and go, and who listens hears of it', () => {
  const kinds = createKinds();
  let heard = 0;
  const stop = kinds.onChange(() => heard++);
  const before = kinds.generation;
  kinds.addCustom(widget);
  expect(kinds.byPath('example.com', 'v1', 'widgets')?.resource).toBe(widget);
  kinds.addCustom({ ...widget, versions: [{ version: 'v2', verbs: ['get'], subresources: {} }] });
  expect(kinds.byPath('example.com', 'v1', 'widgets')).toBeUndefined();
  expect(kinds.byKind('example.com', 'v2', 'Widget')).toBeDefined();
  kinds.removeCustom('widgets.example.com');
  expect(kinds.byKind('example.com', 'v2', 'Widget')).toBeUndefined();
  stop();
  kinds.removeCustom('pods');
  expect(kinds.byId('pods')).toBeDefined();
  expect(heard).toBe(3);
  expect(kinds.generation).toBe(before + 3);
});

test('a custom resource never takes the place of a built-in one', () => {
  const kinds = createKinds();
  expect(() => kinds.addCustom({ ...widget, id: 'pods' })).toThrow('pods is built in');
});

test('versions stand in the order of Kubernetes', () => {
  const order = ['v10', 'v2', 'v1', 'v11beta2', 'v10beta3', 'v3beta1', 'v12alpha1', 'v11alpha2', 'foo1', 'foo10'];
  expect([...order].sort().sort(compareVersions)).toEqual(order);
});
