import { describe, expect, test } from 'vitest';
import { memoryCluster } from '../../../test/support/memory-view.ts';
import { operation } from './create-resource.ts';

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

test('objects of several documents are created in order', async () => {
  const cluster = memoryCluster();
  const manifest = `${CONFIG}---\n{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"team-z"}}\n`;
  const { text, requests, output } = await cluster.call(operation, { manifest });
  expect(text).toBe('ConfigMap default/a created\nNamespace team-z created');
  expect(requests).toEqual(['create configmaps default a', 'create namespaces * team-z']);
  expect(output).toMatchObject({
    changes: [
      { object: 'ConfigMap default/a', action: 'created', dryRun: false, uid: 'uid-a' },
      { object: 'Namespace team-z' },
    ],
  });
  expect(cluster.objects).toHaveLength(2);
});

test('a manifest may be an object, and kind and namespace may come as arguments', async () => {
  const { text } = await memoryCluster().call(operation, {
    kind: 'cm',
    namespace: 'team-a',
    manifest: { metadata: { name: 'a' } },
  });
  expect(text).toBe('ConfigMap team-a/a created');
});

test('a dry run stores nothing and says so', async () => {
  const cluster = memoryCluster();
  const { text } = await cluster.call(operation, { manifest: CONFIG, dryRun: true });
  expect(text).toBe('ConfigMap default/a would be created (dry run, nothing was stored)');
  expect(cluster.objects).toHaveLength(0);
});

describe('nothing is sent before all documents are good', () => {
  test.each([
    [{ manifest: `${CONFIG}---\nkind: Confgmap\napiVersion: v1\nmetadata: {name: b}` }, 'No kind'],
    [
      { manifest: `${CONFIG}---\nkind: Pod\napiVersion: v1\n` },
      'The object at line 6 of the manifest has no metadata.name.',
    ],
    [
      { manifest: CONFIG.replace('name: a', 'name: a\n  namespace: team-b'), namespace: 'team-a' },
      'The manifest is for namespace team-b, but the argument namespace says team-a.',
    ],
    [
      { manifest: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: x, namespace: y}' },
      'The manifest names a namespace, but Namespace is cluster-scoped.',
    ],
    [{ manifest: CONFIG, kind: 'Pod' }, 'The manifest is a ConfigMap, but the argument kind says Pod.'],
    [{ manifest: 'metadata: {name: a}' }, 'The manifest has no kind.'],
    [{ manifest: 'a: b: c' }, 'Line 1, column 4'],
  ])('%j', async (args, message) => {
    const cluster = memoryCluster();
    await expect(cluster.call(operation, args)).rejects.toThrow(message);
    expect(cluster.objects).toHaveLength(0);
  });
});

test('a failure in the middle says what was done and what was not tried', async () => {
  const { AppError } = await import('../../kernel/errors.ts');
  const fail = {
    match: /^create configmaps default b/,
    error: new AppError('invalid_object', 'data is wrong', { remedy: 'Fix data.' }),
  };
  const manifest = ['a', 'b', 'c'].map((name) => CONFIG.replace('name: a', `name: ${name}`)).join('---\n');
  await expect(memoryCluster({ fail }).call(operation, { manifest })).rejects.toMatchObject({
    code: 'invalid_object',
    message:
      'ConfigMap default/b failed: data is wrong. Done before: ConfigMap default/a created. Not tried: ConfigMap default/c.',
    detail: { remedy: 'Fix data. Then send only what is not done.' },
  });
});

test('an object that exists is named with what to do', async () => {
  const { AppError } = await import('../../kernel/errors.ts');
  const fail = { match: /^create/, error: new AppError('already_exists', 'x') };
  await expect(memoryCluster({ fail }).call(operation, { manifest: CONFIG })).rejects.toMatchObject({
    message: 'ConfigMap default/a exists already.',
    detail: { remedy: 'Change it with update_resource, or choose another name.' },
  });
});
