import { describe, expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import type { ApiRequest, Decision, KubeObject } from '../../kernel/vocabulary.ts';
import { DEPLOYMENTS, NAMESPACES, NODES, PODS, SECRETS } from '../testing/fixtures.ts';
import { allowAll, failure, identity, never, scriptedTransport } from '../testing/scripted-transport.ts';
import type { CallScope, TransportRequest } from '../transport/types.ts';
import { createKubeClient } from './kube-client.ts';
import { createRawClient } from './raw-client.ts';

function clientFor(answer: unknown, scope: CallScope = allowAll) {
  const transport = scriptedTransport((path, request) =>
    typeof answer === 'function' ? answer(path, request) : answer,
  );
  return { client: createKubeClient(transport, scope, identity), sent: transport.sent };
}

/** Method, path and query of what was sent, the query decoded. */
function lines(sent: readonly TransportRequest[]): string[] {
  return sent.map(({ method, path }) => {
    const url = new URL(path, 'http://server');
    const query = [...url.searchParams].map(([name, value]) => `${name}=${value}`);
    return [method, url.pathname, ...query].join(' ');
  });
}

function scopeOf(decision: Decision): CallScope & { asked: ApiRequest[] } {
  const asked: ApiRequest[] = [];
  return {
    asked,
    decide(request) {
      asked.push(request);
      return decision;
    },
  };
}

async function collect(chunks: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = [];
  for await (const chunk of chunks) collected.push(chunk);
  return collected;
}

const pod = (namespace: string, name: string): KubeObject => ({ metadata: { namespace, name } });
const names = (items: KubeObject[]) => items.map((item) => item.metadata?.name);

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

describe('writes', () => {
  const object: KubeObject = { metadata: { name: 'web', namespace: 'shop' }, spec: { replicas: 1 } };
  const sentBody = (sent: readonly TransportRequest[]) => JSON.parse(String(sent[0]!.body));

  test('create and update are strict, signed, and carry the kind', async () => {
    const { client, sent } = clientFor({ kind: 'Deployment' });
    await client.create(DEPLOYMENTS, object, { signal: never, dryRun: true });
    await client.update(DEPLOYMENTS, object, { signal: never, namespace: 'shop' });
    expect(lines(sent)).toEqual([
      'POST /apis/apps/v1/namespaces/shop/deployments dryRun=All fieldManager=k8s-mcp fieldValidation=Strict',
      'PUT /apis/apps/v1/namespaces/shop/deployments/web fieldManager=k8s-mcp fieldValidation=Strict',
    ]);
    expect(sentBody(sent)).toEqual({ ...object, apiVersion: 'apps/v1', kind: 'Deployment' });
    expect(sent[0]!.headers).toEqual({ accept: 'application/json', 'content-type': 'application/json' });
  });

  test('a subresource update keeps the kind of its own body', async () => {
    const { client, sent } = clientFor({ kind: 'Scale' });
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' }, spec: { replicas: 3 } };
    await client.update(DEPLOYMENTS, scale, { signal: never, namespace: 'shop', subresource: 'scale' });
    expect(lines(sent)).toEqual([
      'PUT /apis/apps/v1/namespaces/shop/deployments/web/scale fieldManager=k8s-mcp fieldValidation=Strict',
    ]);
    expect(sentBody(sent)).toEqual(scale);
  });

  test.each([
    ['json', [{ op: 'test', path: '/a', value: 1 }], 'application/json-patch+json'],
    ['merge', { spec: null }, 'application/merge-patch+json'],
    ['strategic', { spec: {} }, 'application/strategic-merge-patch+json'],
    ['apply', { spec: {} }, 'application/apply-patch+yaml'],
  ] as const)('a %s patch has its content type', async (type, body, contentType) => {
    const { client, sent } = clientFor({ kind: 'Deployment' });
    await client.patch(DEPLOYMENTS, 'web', body, { type, namespace: 'shop', signal: never });
    expect(sent[0]!.method).toBe('PATCH');
    expect(sent[0]!.headers!['content-type']).toBe(contentType);
    expect(sentBody(sent)).toEqual(type === 'apply' ? { ...body, apiVersion: 'apps/v1', kind: 'Deployment' } : body);
  });

  test('force belongs to apply, arrays to JSON patches', async () => {
    const { client, sent } = clientFor({ kind: 'Deployment' });
    await client.patch(DEPLOYMENTS, 'web', {}, { type: 'apply', force: true, namespace: 'shop', signal: never });
    expect(lines(sent)).toEqual([
      'PATCH /apis/apps/v1/namespaces/shop/deployments/web fieldManager=k8s-mcp fieldValidation=Strict force=true',
    ]);
    const o = { namespace: 'shop', signal: never };
    await expect(client.patch(DEPLOYMENTS, 'web', {}, { ...o, type: 'merge', force: true })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    await expect(client.patch(DEPLOYMENTS, 'web', {}, { ...o, type: 'json' })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    await expect(client.patch(DEPLOYMENTS, 'web', [], { ...o, type: 'merge' })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });

  test('delete puts dryRun into query and body, as servers ignore the query beside a body', async () => {
    const { client, sent } = clientFor({ kind: 'Status', status: 'Success' });
    await client.delete(PODS, 'web', {
      namespace: 'shop',
      dryRun: true,
      propagation: 'Foreground',
      gracePeriodSeconds: 0,
      preconditions: { uid: 'u', resourceVersion: '4' },
      signal: never,
    });
    expect(lines(sent)).toEqual(['DELETE /api/v1/namespaces/shop/pods/web dryRun=All']);
    expect(sentBody(sent)).toEqual({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: 'Foreground',
      gracePeriodSeconds: 0,
      preconditions: { uid: 'u', resourceVersion: '4' },
      dryRun: ['All'],
    });
  });

  test('an object in another namespace than the call, or in none, is not sent', async () => {
    const { client, sent } = clientFor({});
    await expect(client.create(DEPLOYMENTS, object, { namespace: 'other', signal: never })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    await expect(
      client.patch(DEPLOYMENTS, 'web', object, { type: 'apply', namespace: 'other', signal: never }),
    ).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(client.create(DEPLOYMENTS, { metadata: { name: 'x' } }, { signal: never })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    await expect(client.update(DEPLOYMENTS, {}, { namespace: 'shop', signal: never })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    const odd = { metadata: { name: 5 } } as unknown as KubeObject;
    await expect(client.update(DEPLOYMENTS, odd, { namespace: 'shop', signal: never })).rejects.toMatchObject({
      code: 'invalid_manifest',
    });
    expect(sent).toEqual([]);
  });
});

describe('logs', () => {
  const bytes = (...parts: (string | number[])[]) =>
    parts.map((part) => (typeof part === 'string' ? new TextEncoder().encode(part) : Uint8Array.from(part)));
  const all = async (chunks: AsyncIterable<string>) => (await collect(chunks)).join('');

  test('sends every option of the query', async () => {
    const { client, sent } = clientFor(bytes('x\n'));
    await all(
      client.logs(
        {
          namespace: 'shop',
          pod: 'web',
          container: 'c',
          previous: true,
          sinceSeconds: 60,
          tailLines: 0,
          limitBytes: 9,
          timestamps: true,
        },
        never,
      ),
    );
    expect(lines(sent)).toEqual([
      'GET /api/v1/namespaces/shop/pods/web/log container=c previous=true sinceSeconds=60 tailLines=0 limitBytes=9 timestamps=true',
    ]);
  });

  test('decodes characters that a chunk border cuts, and marks bytes that are none', async () => {
    const { client } = clientFor(bytes('gr', [0xc3], [0xbc], 'n\n', [0xff], [0xe2, 0x82]));
    expect(await all(client.logs({ namespace: 'shop', pod: 'web' }, never))).toBe('grün\n\ufffd\ufffd');
  });

  test("a refusal becomes the transport's typed error", async () => {
    const { client } = clientFor(failure('not_found', 'pods "web" not found'));
    await expect(all(client.logs({ namespace: 'shop', pod: 'web' }, never))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('a secret cut by a chunk border is still removed', async () => {
    const transport = scriptedTransport(() => bytes('token=hun', 'ter2 ok\nlast hunter', '2'));
    const redactor = { ...identity, text: (value: string) => value.replaceAll('hunter2', '***') };
    const client = createKubeClient(transport, allowAll, redactor);
    expect(await all(client.logs({ namespace: 'shop', pod: 'web' }, never))).toBe('token=*** ok\nlast ***');
  });
});

describe('redaction', () => {
  const redactor = {
    object: <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '***')),
    text: (value: string) => value.replaceAll('hunter2', '***'),
  };
  const secret = { kind: 'Secret', metadata: { name: 's' }, data: { p: 'hunter2' } };
  const secrets = { items: [{ metadata: { name: 's', annotations: { last: 'hunter2' } }, data: { p: 'hunter2' } }] };
  const table = { kind: 'Table', columnDefinitions: [], rows: [{ cells: ['hunter2', { deep: 'hunter2' }] }] };
  const o = { namespace: 'shop', signal: never };

  test('every answer has passed it', async () => {
    const answers = (path: string, { method, headers }: TransportRequest) => {
      if (path === '/version' || method !== 'GET' || path.includes('secrets/')) return secret;
      return headers!['accept']!.includes('as=Table') ? table : secrets;
    };
    const client = createKubeClient(scriptedTransport(answers), allowAll, redactor);
    const shown = JSON.stringify([
      await client.get(SECRETS, 's', o),
      await client.list(SECRETS, {}, never),
      await client.listMetadata(SECRETS, {}, never),
      await client.table(SECRETS, {}, never),
      await client.create(SECRETS, secret, o),
      await client.update(SECRETS, secret, o),
      await client.patch(SECRETS, 's', {}, { ...o, type: 'merge' }),
      await client.delete(SECRETS, 's', o),
      await client.getPath('/version', never),
    ]);
    expect(shown).not.toContain('hunter2');
    expect(shown).toContain('***');
  });

  test('every text of an error has passed it', async () => {
    const error = new AppError(
      'invalid_object',
      'bad value hunter2 in Invalid value: "{\\"data\\":\\"aHVudGVyMg==\\"}": typo',
      {
        remedy: 'not hunter2',
        problems: [{ field: 'data.hunter2', problem: 'is hunter2' }],
        candidates: ['hunter2'],
      },
    );
    const client = createKubeClient(
      scriptedTransport(() => error),
      allowAll,
      redactor,
    );
    for (const call of [
      () => client.get(SECRETS, 's', o),
      () => client.list(SECRETS, {}, never),
      () => client.table(SECRETS, {}, never),
      () => collect(client.logs({ namespace: 'a', pod: 'b' }, never)),
    ]) {
      const thrown = await (call() as Promise<unknown>).catch((caught: unknown) => caught);
      expect(thrown).toMatchObject({
        code: 'invalid_object',
        message: 'bad value *** in Invalid value: (the object): typo',
      });
      expect(JSON.stringify((thrown as AppError).detail)).not.toContain('hunter2');
    }
  });

  test('the raw client leaves objects as they are', async () => {
    const client = createRawClient(
      scriptedTransport(() => secret),
      allowAll,
    );
    expect(await client.get(SECRETS, 's', o)).toEqual(secret);
  });
});
