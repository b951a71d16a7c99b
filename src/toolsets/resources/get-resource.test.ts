import { describe, expect, test } from 'vitest';
import { memoryCluster } from '../../../test/support/memory-view.ts';
import { operation } from './get-resource.ts';

const CONFIG = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'web-config',
    namespace: 'default',
    managedFields: [{ manager: 'kubectl' }],
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'x' },
  },
  data: { mode: 'prod', level: '3' },
  extra: null,
};
const NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1' },
  spec: {},
  status: { capacity: { cpu: '4' } },
};

test('an object is YAML without managedFields, last-applied and nulls', async () => {
  const { text, requests } = await memoryCluster({ objects: [CONFIG] }).call(operation, {
    kind: 'cm',
    name: 'web-config',
  });
  expect(text).toBe(
    [
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata:',
      '  name: web-config',
      '  namespace: default',
      '  annotations:',
      '    note: x',
      'data:',
      '  mode: prod',
      '  level: "3"',
    ].join('\n'),
  );
  expect(requests).toEqual(['get configmaps default web-config']);
});

test('full keeps everything; json is JSON', async () => {
  const { text } = await memoryCluster({ objects: [CONFIG] }).call(operation, {
    kind: 'ConfigMap',
    name: 'web-config',
    full: true,
    output: 'json',
  });
  expect(JSON.parse(text)).toEqual(CONFIG);
});

test('fields selects parts by path', async () => {
  const { text } = await memoryCluster({ objects: [CONFIG] }).call(operation, {
    kind: 'cm',
    name: 'web-config',
    fields: ".data.mode,.metadata.annotations['note'],.nothing",
  });
  expect(text).toBe(
    ['.data.mode: prod', `".metadata.annotations['note']": x`, '.nothing: null'].join('\n').replaceAll('"', ''),
  );
});

test('a namespace for a cluster-scoped kind is ignored, and that is said', async () => {
  const { text, requests } = await memoryCluster({ objects: [NODE] }).call(operation, {
    kind: 'node',
    name: 'node-1',
    namespace: 'x',
    fields: '.status.capacity',
  });
  expect(text).toBe('.status.capacity:\n  cpu: "4"\nNode is cluster-scoped: namespace was ignored.');
  expect(requests).toEqual(['get nodes * node-1']);
});

describe('what is not there', () => {
  test('comes with the nearest names', async () => {
    await expect(
      memoryCluster({ objects: [CONFIG] }).call(operation, { kind: 'cm', name: 'web-cfg' }),
    ).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no ConfigMap web-cfg in namespace default.',
      detail: { candidates: ['web-config'] },
    });
  });

  test('comes with where to look when nothing is near', async () => {
    await expect(
      memoryCluster({ objects: [CONFIG] }).call(operation, { kind: 'cm', name: 'zzz', namespace: 'team-a' }),
    ).rejects.toMatchObject({
      message: 'There is no ConfigMap zzz in namespace team-a. There is no ConfigMap in namespace team-a at all.',
      detail: { remedy: 'Look in another namespace: list_resources kind=configmaps fieldSelector=metadata.name=zzz.' },
    });
  });

  test('as a kind comes with the nearest kinds', async () => {
    await expect(memoryCluster().call(operation, { kind: 'confgmap', name: 'x' })).rejects.toMatchObject({
      code: 'unknown_kind',
    });
  });
});

test('a 3 MB object is cut to the budget, says where its size lies and how to narrow', async () => {
  const big = {
    ...CONFIG,
    data: { blob: 'x'.repeat(3_000_000), lines: Array.from({ length: 20_000 }, (_, i) => `line ${i}`).join('\n') },
  };
  const { text, output } = await memoryCluster({ objects: [big] }).call(operation, { kind: 'cm', name: 'web-config' });
  expect(text.length).toBeLessThan(60_000);
  expect(text).toContain('… [2998008 more characters]');
  expect(output['omittedLines']).toBeGreaterThan(10_000);
  expect(text.split('\n').at(-1)).toMatch(
    /^\d+ more lines were cut\. Sizes: data\.blob 3\.0 MB, data\.lines \d+ KB, .*Call again with fields, for instance fields=\S+$/,
  );
});
