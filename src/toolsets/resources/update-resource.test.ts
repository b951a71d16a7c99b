import { describe, expect, test } from 'vitest';
import { memoryCluster } from '../../../test/support/memory-view.ts';
import { AppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { operation } from './update-resource.ts';

const LIVE: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'a',
    namespace: 'default',
    uid: 'u',
    resourceVersion: '5',
    managedFields: [{ manager: 'helm', operation: 'Update', time: '2026-01-02T03:04:05Z' }],
  },
  data: { mode: 'prod', level: '3' },
};
const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {mode: test, level: "3"}';
const DIFF = [
  '@@ -5,5 +5,5 @@',
  '   namespace: default',
  '   uid: u',
  ' data:',
  '-  mode: prod',
  '+  mode: test',
  '   level: "3"',
].join('\n');

test('a replace takes the version that is live and answers with a diff', async () => {
  const cluster = memoryCluster({ objects: [LIVE] });
  const { text, requests } = await cluster.call(operation, { kind: 'cm', name: 'a', manifest: MANIFEST });
  expect(text).toBe(`ConfigMap default/a updated\n${DIFF}`);
  expect(requests).toEqual(['get configmaps default a', 'update configmaps default a']);
});

test('a dry run says so, and no change says unchanged', async () => {
  const { text } = await memoryCluster({ objects: [LIVE] }).call(operation, { manifest: MANIFEST, dryRun: true });
  expect(text).toBe(`ConfigMap default/a would be updated (dry run, nothing was stored)\n${DIFF}`);
  const same = await memoryCluster({ objects: [LIVE] }).call(operation, { manifest: MANIFEST.replace('test', 'prod') });
  expect(same.text).toBe('ConfigMap default/a unchanged');
});

test('a manifest of an old version is a conflict that names the last writer', async () => {
  const manifest = MANIFEST.replace('{name: a}', '{name: a, resourceVersion: "4"}');
  await expect(memoryCluster({ objects: [LIVE] }).call(operation, { manifest })).rejects.toMatchObject({
    code: 'conflict',
    message:
      'ConfigMap default/a was changed by someone else in the meantime. Last written by helm (Update, 2026-01-02T03:04:05Z).',
  });
});

describe('a patch', () => {
  test('needs kind and name, and is sent as it is', async () => {
    const { text, requests } = await memoryCluster({ objects: [LIVE] }).call(operation, {
      mode: 'merge',
      kind: 'cm',
      name: 'a',
      manifest: { data: { mode: 'test' } },
    });
    expect(requests).toEqual(['get configmaps default a', 'patch-merge configmaps default a']);
    expect(text).toBe(`ConfigMap default/a updated\n${DIFF}`);
  });

  test.each([
    [{ mode: 'merge', manifest: 'data: {}' }, 'mode merge sends a patch, which does not say what it is for.'],
    [{ mode: 'json', kind: 'cm', name: 'a', manifest: 'data: {}' }, 'A json patch is a list of operations'],
    [{ mode: 'merge', kind: 'cm', name: 'a', manifest: '[]' }, 'A merge patch is an object.'],
    [{ mode: 'merge', kind: 'cm', name: 'a', manifest: 'a: 1\n---\nb: 2' }, 'mode merge takes one document.'],
    [{ mode: 'replace', manifest: MANIFEST, force: true }, 'force is for mode apply only.'],
  ])('%j is refused', async (args, message) => {
    await expect(memoryCluster({ objects: [LIVE] }).call(operation, args)).rejects.toThrow(message);
  });
});

describe('an apply', () => {
  test('is server-side', async () => {
    const { requests } = await memoryCluster({ objects: [LIVE] }).call(operation, {
      mode: 'apply',
      manifest: MANIFEST,
    });
    expect(requests).toEqual(['get configmaps default a', 'patch-apply configmaps default a']);
  });

  test('that conflicts passes on who owns the fields, and how to go on', async () => {
    const fail = {
      match: /^patch/,
      error: new AppError('conflict', 'Apply failed with 1 conflict: conflict with "helm": .data.mode'),
    };
    await expect(
      memoryCluster({ objects: [LIVE], fail }).call(operation, { mode: 'apply', manifest: MANIFEST }),
    ).rejects.toMatchObject({
      message: 'Apply failed with 1 conflict: conflict with "helm": .data.mode',
      detail: { remedy: 'Leave those fields out of the manifest, or send force=true to take them over.' },
    });
  });
});

test("a name that is not the manifest's is refused, as nothing can be renamed", async () => {
  await expect(memoryCluster({ objects: [LIVE] }).call(operation, { name: 'b', manifest: MANIFEST })).rejects.toThrow(
    'The manifest has the name a, but the argument name says b.',
  );
});

test('an object that is not there comes with the nearest names', async () => {
  const call = memoryCluster({ objects: [LIVE] }).call(operation, {
    manifest: MANIFEST.replace('{name: a}', '{name: aa}'),
  });
  await expect(call).rejects.toMatchObject({ code: 'not_found', detail: { candidates: ['a'] } });
});
