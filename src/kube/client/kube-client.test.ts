import { describe, expect, test } from 'vitest';
import type { Decision } from '../../kernel/vocabulary.ts';
import { clientFor, lines, names, pod, scopeOf } from '../testing/client.ts';
import { DEPLOYMENTS, NAMESPACES, NODES, PODS, SECRETS } from '../testing/fixtures.ts';
import { failure, never } from '../testing/scripted-transport.ts';

describe('reads', () => {
  test('addresses core, named, cluster-scoped and sub-resources', async () => {
    const { client, sent } = clientFor({ kind: 'Anything' });
    await client.get(PODS, 'web', { namespace: 'shop', signal: never });
    await client.get(DEPLOYMENTS, 'web', { namespace: 'shop', subresource: 'scale', signal: never });
    await client.get(NODES, 'system:node:a', { namespace: 'ignored', signal: never });
    expect(lines(sent)).toEqual([
      'GET /api/v1/namespaces/shop/pods/web',
      'GET /apis/apps/v1/namespaces/shop/deployments/web/scale',
      'GET /api/v1/nodes/system%3Anode%3Aa',
    ]);
  });

  test('fills in what a LIST leaves out of its items', async () => {
    const { client, sent } = clientFor({
      kind: 'DeploymentList',
      metadata: { resourceVersion: '42', continue: 'next', remainingItemCount: 7 },
      items: [{ metadata: { name: 'a' } }],
    });
    const query = {
      namespace: 'shop',
      labelSelector: 'app in (a,b)',
      fieldSelector: 'x=y',
      limit: 5,
      continue: 'token',
    };
    expect(await client.list(DEPLOYMENTS, query, never)).toEqual({
      items: [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } }],
      resourceVersion: '42',
      continue: 'next',
      remainingItemCount: 7,
    });
    expect(lines(sent)).toEqual([
      'GET /apis/apps/v1/namespaces/shop/deployments labelSelector=app in (a,b) fieldSelector=x=y limit=5 continue=token',
    ]);
  });

  test('a list of null is empty, anything else is a bad answer', async () => {
    expect((await clientFor({ items: null }).client.list(PODS, {}, never)).items).toEqual([]);
    for (const answer of [[], 'text', {}, { items: 'x' }]) {
      await expect(clientFor(answer).client.list(PODS, {}, never)).rejects.toMatchObject({
        code: 'cluster_bad_answer',
      });
    }
  });

  test('metadata lists carry the real kind and nothing but metadata', async () => {
    const { client, sent } = clientFor({
      items: [
        {
          kind: 'PartialObjectMetadata',
          apiVersion: 'meta.k8s.io/v1',
          metadata: { name: 'a' },
          data: { password: 'x' },
        },
      ],
    });
    expect((await client.listMetadata(SECRETS, { namespace: 'shop' }, never)).items).toEqual([
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } },
    ]);
    expect(sent[0]!.headers!['accept']).toBe(
      'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json',
    );
  });

  test('an expired continue token says to start again', async () => {
    const { client } = clientFor(failure('expired', 'The provided continue parameter is too old'));
    const expired = client.list(PODS, { continue: 'old' }, never);
    await expect(expired).rejects.toMatchObject({
      code: 'expired',
      detail: { remedy: 'Start the list again without `continue`.' },
    });
  });

  test.each([
    ['', 'is empty'],
    ['.', 'may not be "."'],
    ['..', 'may not be ".."'],
    ['a/b', 'may not contain "/" or "%"'],
    ['a%2fb', 'may not contain "/" or "%"'],
    ['a\nb', 'holds characters that no name can have'],
    ['\ud800', 'holds characters that no name can have'],
    ['x'.repeat(501), 'is longer than 500 characters'],
  ])('the name %j is refused and nothing is sent', async (name, problem) => {
    const { client, sent } = clientFor({});
    const refused = client.get(PODS, name, { namespace: 'shop', signal: never });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_argument',
      message: `The name of the Pod ${problem}.`,
    });
    expect(sent).toEqual([]);
  });

  test('namespaces and subresources are refused unless they are plain words', async () => {
    const { client, sent } = clientFor({});
    for (const namespace of ['', '.', '..', 'a/b', 'A', '-a', 'a%', 'x'.repeat(64)]) {
      await expect(client.list(PODS, { namespace }, never)).rejects.toMatchObject({ code: 'invalid_argument' });
    }
    for (const subresource of ['', '..', 'proxy/x', 'log?x']) {
      await expect(client.get(PODS, 'a', { namespace: 'b', subresource, signal: never })).rejects.toMatchObject({
        code: 'invalid_argument',
      });
    }
    await expect(client.get(PODS, 'a', { signal: never })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(client.list(PODS, { limit: 0.5 }, never)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(sent).toEqual([]);
  });

  test('getPath takes plain paths outside the resources only', async () => {
    const { client, sent } = clientFor({ major: '1' });
    expect(await client.getPath('/version', never)).toEqual({ major: '1' });
    await client.getPath('/apis/apps/v1', never);
    for (const path of [
      'version',
      '/api/v1/secrets',
      '/apis/apps/v1/deployments',
      '/a/../b',
      '/version?x',
      '/a%2e',
      '//x',
    ]) {
      await expect(client.getPath(path, never)).rejects.toMatchObject({ code: 'invalid_argument' });
    }
    expect(lines(sent)).toEqual(['GET /version', 'GET /apis/apps/v1']);
  });
});

test('items of a list come without managedFields', async () => {
  const metadata = { name: 'web', managedFields: [{ manager: 'kubectl' }] };
  const { client } = clientFor({ items: [{ metadata }], metadata: {} });
  const { items } = await client.list(PODS, { namespace: 'shop' }, never);
  expect(items).toEqual([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } }]);
});

describe('tables', () => {
  const table = {
    kind: 'Table',
    metadata: { resourceVersion: '9', continue: 'more', remainingItemCount: 3 },
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name', description: 'long', priority: 0 },
      { name: 'IP', type: 'string', priority: 1 },
    ],
    rows: [
      {
        cells: ['a', '10.0.0.1'],
        object: { kind: 'PartialObjectMetadata', metadata: { name: 'a', namespace: 'shop' } },
      },
      { cells: ['b', null], object: { metadata: { name: 'b', namespace: 'hidden' } } },
      { cells: ['c', 1] },
    ],
  };

  test('asks for metadata with each row and takes names from it', async () => {
    const { client, sent } = clientFor(table);
    expect(await client.table(PODS, { limit: 3 }, never)).toEqual({
      columns: [
        { name: 'Name', type: 'string', priority: 0 },
        { name: 'IP', type: 'string', priority: 1 },
      ],
      rows: [
        { cells: ['a', '10.0.0.1'], name: 'a', namespace: 'shop' },
        { cells: ['b', null], name: 'b', namespace: 'hidden' },
        { cells: ['c', 1], name: '' },
      ],
      resourceVersion: '9',
      continue: 'more',
      remainingItemCount: 3,
    });
    expect(lines(sent)).toEqual(['GET /api/v1/pods limit=3 includeObject=Metadata']);
    expect(sent[0]!.headers!['accept']).toBe('application/json;as=Table;v=v1;g=meta.k8s.io,application/json');
  });

  test('hidden rows, and rows that do not say whose they are, are left out', async () => {
    const { client } = clientFor(table, scopeOf({ allow: true, hideNamespaces: ['hidden'] }));
    const answer = await client.table(PODS, {}, never);
    expect(answer.rows.map((row) => row.name)).toEqual(['a']);
    expect(answer.remainingItemCount).toBeUndefined();
  });

  test('a plain list becomes a table of names and ages', async () => {
    const created = new Date(Date.now() - 5 * 86_400_000).toISOString();
    const { client } = clientFor({
      kind: 'PodList',
      items: [{ metadata: { name: 'a', namespace: 'n', creationTimestamp: created } }, {}],
    });
    const answer = await client.table(PODS, {}, never);
    expect(answer.columns.map((column) => column.name)).toEqual(['Name', 'Age']);
    expect(answer.rows).toEqual([
      { cells: ['a', '5d'], name: 'a', namespace: 'n' },
      { cells: ['', '<unknown>'], name: '' },
    ]);
  });
});

describe('namespace rules', () => {
  test('hidden namespaces are left to the server and filtered from its answer', async () => {
    const scope = scopeOf({ allow: true, hideNamespaces: ['kube-system', 'a'] });
    const { client, sent } = clientFor(
      { metadata: { remainingItemCount: 3 }, items: [pod('kube-system', 'x'), pod('shop', 'y'), {}] },
      scope,
    );
    const answer = await client.list(PODS, { fieldSelector: 'status.phase=Running' }, never);
    expect(names(answer.items)).toEqual(['y']);
    expect(answer.remainingItemCount).toBeUndefined();
    expect(lines(sent)).toEqual([
      'GET /api/v1/pods fieldSelector=status.phase=Running,metadata.namespace!=a,metadata.namespace!=kube-system',
    ]);
    expect(scope.asked).toEqual([
      {
        type: 'resource',
        verb: 'list',
        group: '',
        version: 'v1',
        resource: 'pods',
        dryRun: false,
        fieldSelector: 'status.phase=Running',
      },
    ]);
  });

  test('Namespace objects are filtered by their names', async () => {
    const items = ['a', 'b', 'c'].map((name) => ({ metadata: { name } }));
    const { client } = clientFor(
      { items, metadata: { remainingItemCount: 9 } },
      scopeOf({ allow: true, onlyNamespaces: ['a', 'b'], hideNamespaces: ['b'] }),
    );
    const answer = await client.list(NAMESPACES, {}, never);
    expect(names(answer.items)).toEqual(['a']);
    expect(answer.remainingItemCount).toBeUndefined();
    expect(names((await client.listMetadata(NAMESPACES, {}, never)).items)).toEqual(['a']);
  });

  test('an empty list of allowed namespaces shows nothing', async () => {
    const { client } = clientFor(
      { items: [{ metadata: { name: 'a' } }] },
      scopeOf({ allow: true, onlyNamespaces: [] }),
    );
    expect((await client.list(NAMESPACES, {}, never)).items).toEqual([]);
  });

  test('one namespace and other cluster-scoped kinds carry no obligation', async () => {
    const scope = scopeOf({ allow: true, hideNamespaces: ['shop'] });
    const { client, sent } = clientFor({ items: [pod('shop', 'y')] }, scope);
    expect((await client.list(PODS, { namespace: 'shop' }, never)).items).toHaveLength(1);
    expect((await client.list(NODES, {}, never)).items).toHaveLength(1);
    expect(lines(sent)).toEqual(['GET /api/v1/namespaces/shop/pods', 'GET /api/v1/nodes']);
  });

  test("a refused list is refused with policy's words and not sent", async () => {
    const refusal: Decision = { allow: false, code: 'namespace_denied', reason: 'Not all.', remedy: 'Ask for one.' };
    const { client, sent } = clientFor({ items: [] }, scopeOf(refusal));
    await expect(client.list(PODS, {}, never)).rejects.toMatchObject({
      code: 'namespace_denied',
      message: 'Not all.',
      detail: { remedy: 'Ask for one.' },
    });
    expect(sent).toEqual([]);
  });
});
