import { describe, expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { clientFor, collect, lines } from '../testing/client.ts';
import { DEPLOYMENTS, PODS, SECRETS } from '../testing/fixtures.ts';
import { allowAll, failure, identity, never, scriptedTransport } from '../testing/scripted-transport.ts';
import type { TransportRequest } from '../transport/types.ts';
import { createKubeClient } from './kube-client.ts';
import { createRawClient } from './raw-client.ts';

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

  test('chunks pass the redactor, and what it held back comes at the end', async () => {
    const transport = scriptedTransport(() => bytes('token=hun', 'ter2 ok\nlast hunter', '2'));
    let held = '';
    const clusterChunks = () => ({
      push: (chunk: string) => {
        held += chunk;
        return '';
      },
      end: () => held.replaceAll('hunter2', '***'),
    });
    const redactor = { ...identity, clusterChunks };
    const client = createKubeClient(transport, allowAll, redactor);
    expect(await all(client.logs({ namespace: 'shop', pod: 'web' }, never))).toBe('token=*** ok\nlast ***');
  });
});

describe('redaction', () => {
  const redactor = {
    object: <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '***')),
    text: (value: string) => value.replaceAll('hunter2', '***'),
    clusterChunks: () => ({ push: (chunk: string) => chunk.replaceAll('hunter2', '***'), end: () => '' }),
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

  test("a custom kind's column is redacted as the field it shows, else by its name", async () => {
    const shows = (path: string) => `Custom resource definition column (in JSONPath format): ${path}`;
    const columnDefinitions = [
      { name: 'PW', type: 'string', description: shows('.spec.dbPassword') },
      { name: 'Secret', type: 'string', description: shows('.spec.secretName') },
      { name: 'Password', type: 'string', description: 'as it was set' },
      { name: 'Age', type: 'date', description: shows(".metadata['creationTimestamp']") },
    ];
    const rows = [{ cells: ['cat', 'tls-cert', 'dog', '5d'], object: { metadata: { name: 'a' } } }];
    const transport = scriptedTransport(() => ({ kind: 'Table', columnDefinitions, rows }));
    const marking = {
      object: <T>(value: T): T =>
        JSON.parse(JSON.stringify(value).replaceAll(/("(?:dbPassword|Password)"):"[^"]*"/g, '$1:"***"')),
      text: (value: string) => value,
      clusterChunks: identity.clusterChunks,
    };
    const answer = await createKubeClient(transport, allowAll, marking).table(SECRETS, {}, never);
    expect(answer.rows.map((row) => row.cells)).toEqual([['***', 'tls-cert', '***', '5d']]);
    expect(answer.columns.map((column) => column.field)).toEqual([
      'dbPassword',
      'secretName',
      undefined,
      'creationTimestamp',
    ]);
  });

  test('every text of an error has passed it', async () => {
    const error = new AppError('invalid_object', 'bad value hunter2', {
      remedy: 'not hunter2',
      problems: [{ field: 'data.hunter2', problem: 'is hunter2' }],
      candidates: ['hunter2'],
    });
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
        message: 'bad value ***',
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
