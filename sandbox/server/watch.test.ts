import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Agent } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { findField, openEnvelope } from './protobuf-wire.ts';
import { podNamed, startTestServer, type TestServer } from './test-server.ts';

const PODS = '/api/v1/namespaces/default/pods';
let at: TestServer | undefined;
afterEach(async () => {
  await at?.stop();
  at = undefined;
});

interface Event {
  type: string;
  object: { kind: string; metadata: { name: string; resourceVersion: string }; columnDefinitions?: object[] | null };
}

async function open(query: string, accept = 'application/json') {
  const answer = await at!.get(`${PODS}?watch=1${query}`, { headers: { accept } });
  const lines = createInterface({ input: Readable.fromWeb(answer.body!) })[Symbol.asyncIterator]();
  return {
    answer,
    async next(): Promise<Event | undefined> {
      const line = await lines.next();
      return line.done ? undefined : JSON.parse(line.value);
    },
  };
}

test('events come as they happen, over one connection for many watches', async () => {
  at = await startTestServer();
  at.store.put({ resource: 'pods', object: podNamed('a') });
  const watches = await Promise.all(Array.from({ length: 20 }, () => open('&resourceVersion=0')));
  for (const watch of watches) expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { kind: 'Pod' } });
  at.store.put({ resource: 'pods', object: podNamed('a', 'default', { status: {} }) });
  at.store.remove('pods', 'default', 'a');
  for (const watch of watches) {
    expect((await watch.next())?.type).toBe('MODIFIED');
    expect((await watch.next())?.type).toBe('DELETED');
  }
});

test('the initial state ends with a bookmark; only the first event of a table has columns', async () => {
  at = await startTestServer();
  at.store.put({ resource: 'pods', object: podNamed('a') });
  at.store.put({ resource: 'pods', object: podNamed('b') });
  const query = '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const plain = await open(query);
  await plain.next();
  await plain.next();
  expect(await plain.next()).toEqual({
    type: 'BOOKMARK',
    object: {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: {
        resourceVersion: String(at.store.revision),
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    },
  });
  const table = await open(query, 'application/json;as=Table;g=meta.k8s.io;v=v1');
  expect((await table.next())?.object.columnDefinitions).toHaveLength(1);
  expect((await table.next())?.object.columnDefinitions).toBeNull();
  const partial = await open(query, 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1');
  expect((await partial.next())?.object.kind).toBe('PartialObjectMetadata');
});

test('a version that is forgotten is an error in the stream, bad queries are one before it', async () => {
  at = await startTestServer();
  for (const name of ['a', 'b', 'c']) at.store.put({ resource: 'pods', object: podNamed(name) });
  at.store.compact();
  const watch = await open('&resourceVersion=1');
  expect(await watch.next()).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410 } });
  expect(await watch.next()).toBeUndefined();
  expect((await at.get(`${PODS}?watch=1&timeoutSeconds=x`)).status).toBe(400);
  const yaml = await at.get(`${PODS}?watch=1`, { headers: { accept: 'application/yaml' } });
  expect(yaml.status).toBe(406);
});

test('a watch ends when its time is over', async () => {
  at = await startTestServer();
  const watch = await open('&timeoutSeconds=5');
  at.clock.advance(5001);
  expect(await watch.next()).toBeUndefined();
});

test('a server that stops ends its watches, and starts again', async () => {
  at = await startTestServer();
  const watch = await open('');
  await at.server.stop();
  expect(await watch.next()).toBeUndefined();
  const again = await at.server.start({ host: '127.0.0.1', port: at.port });
  expect(again.port).toBe(at.port);
  expect((await at.get('/readyz')).status).toBe(200);
});

test('watches and idle connections of HTTP/1.1 end with the server, too', async () => {
  at = await startTestServer();
  const dispatcher = new Agent({ allowH2: false, connect: { ca: at.parts.trust.authority.cert } });
  await (await at.get('/readyz', { dispatcher })).text();
  const watch = await at.get(`${PODS}?watch=1`, { dispatcher });
  expect(watch.headers.get('transfer-encoding')).toBe('chunked');
  at.store.put({ resource: 'pods', object: podNamed('a') });
  const [, text] = await Promise.all([at.server.stop(), watch.text()]);
  expect(text).toMatch(/^\{"type":"ADDED","object":\{.*\}\}\n$/);
  await dispatcher.destroy();
});

test('protobuf events are framed by their length', async () => {
  at = await startTestServer((parts) => {
    parts.protobuf = { covers: (_group, _version, kind) => kind === 'Pod', encode: () => Buffer.from('pod') };
  });
  const answer = await at.get(`${PODS}?watch=1&resourceVersion=5000`, {
    headers: { accept: 'application/vnd.kubernetes.protobuf' },
  });
  // The version is yet to come, so that nothing is told; a list shows the envelope.
  expect(answer.headers.get('content-type')).toBe('application/vnd.kubernetes.protobuf;stream=watch');
  const list = await at.get(PODS, { headers: { accept: 'application/vnd.kubernetes.protobuf' } });
  const { apiVersion, kind, raw } = openEnvelope(Buffer.from(await list.arrayBuffer()));
  expect([apiVersion, kind]).toEqual(['v1', 'PodList']);
  expect(findField(findField(raw, 1), 2).toString()).toBe(String(at.store.revision));
  const status = await at.get(`${PODS}/nope`, { headers: { accept: 'application/vnd.kubernetes.protobuf' } });
  const failure = openEnvelope(Buffer.from(await status.arrayBuffer()));
  expect(findField(failure.raw, 3).toString()).toBe('pods "nope" not found');
});

test('a receiver that reads nothing holds the watch back and loses no event', async () => {
  at = await startTestServer();
  const count = 3000;
  const spec = { filler: 'x'.repeat(4000) };
  for (let index = 0; index < count; index++) {
    at.store.put({ resource: 'pods', object: podNamed(`p${index}`, 'default', { spec }) });
  }
  const watch = await open('&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true');
  at.store.put({ resource: 'pods', object: podNamed('late') });
  const names = new Set<string>();
  for (let event = await watch.next(); event !== undefined; event = await watch.next()) {
    if (event.type === 'ADDED') names.add(event.object.metadata.name);
    if (event.object.metadata.name === 'late') break;
  }
  expect(names.size).toBe(count + 1);
});
