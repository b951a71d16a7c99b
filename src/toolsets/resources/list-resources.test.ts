import { describe, expect, test } from 'vitest';
import { memoryCluster, pod } from '../../../test/support/memory-view.ts';
import { operation } from './list-resources.ts';

const config = (
  name: string,
  namespace: string,
  labels: Record<string, string> = {},
  creationTimestamp = '2026-01-01T00:00:00Z',
) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, labels, creationTimestamp },
  data: { size: name.length, name },
});
const OBJECTS = [
  config('a', 'team-a', { tier: 'x' }),
  config('bbb', 'team-a'),
  config('cc', 'team-b', { tier: 'x' }, '2026-01-09T23:00:00Z'),
];

describe('a list is the table of the server', () => {
  test('with the namespace where it spans them', async () => {
    const { text, requests } = await memoryCluster({ objects: OBJECTS }).call(operation, { kind: 'cm' });
    expect(text).toBe(['NAMESPACE NAME AGE', 'team-a a 9d', 'team-a bbb 9d', 'team-b cc 9d'].join('\n'));
    expect(requests).toEqual(['table configmaps * limit=1000']);
  });

  test('without it in one namespace, with the selectors as given', async () => {
    const { text, requests } = await memoryCluster({ objects: OBJECTS }).call(operation, {
      kind: 'cm',
      namespace: 'team-a',
      label_selector: 'tier=x',
    });
    expect(text).toBe(['NAME AGE', 'a 9d'].join('\n'));
    expect(requests).toEqual(['table configmaps team-a labelSelector=tier=x limit=1000']);
  });

  test('with other columns of the server by name, or all with wide', async () => {
    const named = await memoryCluster({ objects: OBJECTS }).call(operation, {
      kind: 'cm',
      namespace: 'team-b',
      columns: 'labels,Name',
    });
    expect(named.text).toBe('LABELS NAME\n{"tier":"x"} cc');
    const wide = await memoryCluster({ objects: OBJECTS }).call(operation, {
      kind: 'cm',
      namespace: 'team-b',
      columns: 'wide',
    });
    expect(wide.text).toBe('NAME AGE LABELS\ncc 9d {"tier":"x"}');
    await expect(
      memoryCluster({ objects: OBJECTS }).call(operation, { kind: 'cm', columns: 'FOO' }),
    ).rejects.toMatchObject({
      detail: { candidates: ['Name', 'Age', 'Labels'] },
    });
  });
});

describe('columns by path', () => {
  test('read whole objects', async () => {
    const { text, requests } = await memoryCluster({ objects: OBJECTS }).call(operation, {
      kind: 'cm',
      columns: 'NAME:.metadata.name,SIZE:{.data.size},.metadata.labels.tier',
    });
    expect(text).toBe(['NAMESPACE NAME SIZE TIER', 'team-a a 1 x', 'team-a bbb 3 -', 'team-b cc 2 x'].join('\n'));
    expect(requests).toEqual(['list configmaps * limit=1000']);
  });

  test('read Secrets whole, as only their data tells what of an annotation must not show', async () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'team-a' }, data: {} };
    const cluster = memoryCluster({ objects: [secret] });
    for (const over of [{ columns: '.metadata.annotations' }, { where: '.metadata.name == "s"', output: 'names' }]) {
      const { requests } = await cluster.call(operation, { kind: 'secrets', ...over });
      expect(requests.at(-1)).toBe('list secrets * limit=1000');
    }
    const { requests } = await cluster.call(operation, { kind: 'secrets', output: 'names' });
    expect(requests.at(-1)).toBe('list-metadata secrets * limit=1000');
  });

  test('read metadata alone where that is all they look at', async () => {
    const { requests } = await memoryCluster({ objects: OBJECTS }).call(operation, {
      kind: 'cm',
      columns: '.metadata.name,.metadata.labels',
      where: 'exists(.metadata.labels.tier)',
    });
    expect(requests).toEqual(['list-metadata configmaps * limit=1000']);
  });
});

describe('where, sortBy and groupBy look at every object', () => {
  test('where shows what it looked at', async () => {
    const { text } = await memoryCluster({ objects: OBJECTS }).call(operation, {
      kind: 'cm',
      where: '.data.size > 1 && age(.metadata.creationTimestamp) > 2h',
    });
    expect(text).toBe(['1 of 3 ConfigMap match', 'NAMESPACE NAME SIZE AGE', 'team-a bbb 3 9d'].join('\n'));
  });

  test('sortBy orders, with - downwards', async () => {
    const rows = async (sortBy: string) =>
      (await memoryCluster({ objects: OBJECTS }).call(operation, { kind: 'cm', sortBy })).output['rows'];
    expect(await rows('.data.size')).toEqual([
      ['team-a', 'a', '1', '9d'],
      ['team-b', 'cc', '2', '60m'],
      ['team-a', 'bbb', '3', '9d'],
    ]);
    expect(((await rows('-.data.size')) as string[][]).map((row) => row[1])).toEqual(['bbb', 'cc', 'a']);
  });

  test('groupBy counts, the largest group first', async () => {
    const { text } = await memoryCluster({ objects: OBJECTS }).call(operation, {
      kind: 'cm',
      groupBy: '.metadata.labels.tier',
    });
    expect(text).toBe(['3 ConfigMap', 'TIER COUNT', 'x 2', '<none> 1'].join('\n'));
  });

  test('all pages are read, and continue goes on in the sorted order of the same version', async () => {
    const objects = Array.from({ length: 2500 }, (_, i) =>
      config(`c${String((i * 7) % 2500).padStart(4, '0')}`, 'team-a'),
    );
    const cluster = memoryCluster({ objects });
    const first = await cluster.call(operation, { kind: 'cm', sortBy: '.metadata.name', limit: 2 });
    expect(first.requests).toEqual([
      'list-metadata configmaps * limit=1000',
      'list-metadata configmaps * limit=1000 continue=1000',
      'list-metadata configmaps * limit=1000 continue=2000',
    ]);
    expect(first.output).toMatchObject({
      rows: [
        ['team-a', 'c0000', '9d'],
        ['team-a', 'c0001', '9d'],
      ],
      left: 2498,
      exact: true,
    });
    const second = await cluster.call(operation, {
      kind: 'cm',
      sortBy: '.metadata.name',
      limit: 2,
      continue: first.output['continue'],
    });
    expect(second.output['rows']).toEqual([
      ['team-a', 'c0002', '9d'],
      ['team-a', 'c0003', '9d'],
    ]);
    expect(second.requests[0]).toBe('list-metadata configmaps * limit=1000 resourceVersion=77');
  });

  test('a cap on what is read is said', async () => {
    const objects = Array.from({ length: 20_500 }, (_, i) => config(`c${i}`, 'team-a'));
    const { text, output } = await memoryCluster({ objects }).call(operation, {
      kind: 'cm',
      groupBy: '.metadata.namespace',
    });
    expect(text.split('\n').at(-1)).toBe(
      'Only the first 20000 objects were read: narrow by namespace, labelSelector or fieldSelector.',
    );
    expect(output).toMatchObject({ exact: false, read: 20_000 });
  });

  test('nothing that matches is said with how many were looked at', async () => {
    const { text } = await memoryCluster({ objects: OBJECTS }).call(operation, {
      kind: 'cm',
      namespace: 'team-a',
      where: '.data.size > 9',
    });
    expect(text).toBe('None of 2 ConfigMap in namespace team-a matches.');
  });
});

describe('a list that does not fit', () => {
  test('says how many are left, and continue gets them', async () => {
    const objects = Array.from({ length: 1500 }, (_, i) => config(`c${String(i).padStart(4, '0')}`, 'team-a'));
    const cluster = memoryCluster({ objects, budgetTokens: 3000 });
    const names: string[] = [];
    let token: unknown;
    do {
      const { output, text } = await cluster.call(operation, {
        kind: 'cm',
        ...(token === undefined ? {} : { continue: token }),
      });
      const rows = output['rows'] as string[][];
      names.push(...rows.map((row) => row[1] ?? ''));
      token = output['continue'];
      if (token !== undefined)
        expect(text.split('\n').at(-1)).toBe(
          `Shown ${rows.length} ConfigMap; ${1500 - names.length} more: continue=${token}`,
        );
    } while (token !== undefined);
    expect(names).toEqual(objects.map((object) => object.metadata.name));
  });

  test('with a selector, where the server does not count, says that more exist', async () => {
    const objects = Array.from({ length: 3 }, (_, i) => config(`c${i}`, 'team-a', { tier: 'x' }));
    const { text } = await memoryCluster({ objects }).call(operation, {
      kind: 'cm',
      labelSelector: 'tier=x',
      limit: 2,
    });
    expect(text).toMatch(/\nShown 2 ConfigMap; more exist: continue=\S+$/);
  });

  test('is capped by the operator, who is named', async () => {
    const { text, output } = await memoryCluster({ objects: OBJECTS, rules: { maxResources: 2 } }).call(operation, {
      kind: 'cm',
      limit: 100,
    });
    expect(output['shown']).toBe(2);
    expect(text.split('\n').at(-1)).toBe('The operator caps an answer at 2 objects.');
  });
});

describe('other outputs', () => {
  test('names', async () => {
    const { text, requests } = await memoryCluster({ objects: OBJECTS }).call(operation, {
      kind: 'cm',
      output: 'names',
    });
    expect(text).toBe('team-a/a\nteam-a/bbb\nteam-b/cc');
    expect(requests).toEqual(['list-metadata configmaps * limit=1000']);
  });

  test('yaml documents and JSON lines of trimmed objects', async () => {
    const yaml = await memoryCluster({ objects: OBJECTS }).call(operation, {
      kind: 'cm',
      namespace: 'team-b',
      output: 'yaml',
    });
    expect(yaml.text).toContain('kind: ConfigMap\nmetadata:\n  name: cc\n  namespace: team-b');
    const json = await memoryCluster({ objects: OBJECTS }).call(operation, {
      kind: 'cm',
      output: 'json',
      where: '.metadata.name == "a"',
    });
    expect(JSON.parse(json.text.split('\n')[1] ?? '')).toMatchObject({ metadata: { name: 'a' } });
  });
});

describe('namespaces of the operator', () => {
  const rules = { allowedNamespaces: new Set(['team-b', 'team-a']), forbiddenNamespaces: new Set(['team-b']) };

  test('all namespaces are the allowed ones that are not forbidden', async () => {
    const { text, requests } = await memoryCluster({ objects: OBJECTS, rules }).call(operation, { kind: 'cm' });
    expect(requests).toEqual(['table configmaps team-a limit=1000']);
    expect(text).toBe(['NAME AGE', 'a 9d', 'bbb 9d', 'Only the namespaces allowed here were read: team-a.'].join('\n'));
  });

  test('a token cannot name another', async () => {
    const cluster = memoryCluster({ objects: OBJECTS, rules: { allowedNamespaces: new Set(['team-a', 'team-b']) } });
    const first = await cluster.call(operation, { kind: 'cm', limit: 1 });
    const token = JSON.parse(Buffer.from(String(first.output['continue']), 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...token, n: 'kube-system' })).toString('base64url');
    await expect(cluster.call(operation, { kind: 'cm', limit: 1, continue: forged })).rejects.toThrow(
      'a namespace that this list does not read',
    );
  });
});

test('bad paths and conditions name the argument and the position', async () => {
  const cluster = memoryCluster({ objects: [pod('a')] });
  await expect(cluster.call(operation, { kind: 'pods', where: '.a = b' })).rejects.toThrow(
    'where: expected a path or a value',
  );
  await expect(cluster.call(operation, { kind: 'pods', sortBy: '.a[' })).rejects.toThrow('sortBy: expected');
  await expect(cluster.call(operation, { kind: 'pods', groupBy: '.' + 'a.' })).rejects.toThrow(
    'groupBy: expected a field name at position 4',
  );
  await expect(cluster.call(operation, { kind: 'pods', columns: 'A:.x,B:.[' })).rejects.toThrow('columns: expected');
});

test('a namespace for a cluster-scoped kind is ignored, and an empty list says what of', async () => {
  const { text } = await memoryCluster().call(operation, { kind: 'nodes', namespace: 'x' });
  expect(text).toBe('No Node.\nNode is cluster-scoped: namespace was ignored.');
  expect((await memoryCluster().call(operation, { kind: 'cm', namespace: 'x' })).text).toBe(
    'No ConfigMap in namespace x.',
  );
});
