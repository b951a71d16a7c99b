import { connect } from 'node:http2';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { podNamed, startTestServer, type TestServer } from './test-server.ts';
import { createTrust, issueClientCertificate } from './trust.ts';

let at: TestServer;
beforeAll(async () => {
  at = await startTestServer();
  for (const name of ['a', 'b', 'c']) at.store.put({ resource: 'pods', object: podNamed(name) });
});
afterAll(() => at.stop());

const TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1,application/json';
const PARTIAL_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const PODS = '/api/v1/namespaces/default/pods';

async function failure(path: string, init?: Parameters<TestServer['get']>[1]): Promise<string> {
  const answer = await at.get(path, init);
  const text = await answer.text();
  const status: { message: string; reason: string } | undefined = text.startsWith('{') ? JSON.parse(text) : undefined;
  return `${answer.status} ${status?.reason ?? ''} ${status?.message ?? text.trim()}`;
}

test('one object is served as the real server prints it', async () => {
  const answer = await at.get(`${PODS}/a`);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.headers.get('cache-control')).toBe('no-cache, private');
  expect(answer.headers.get('audit-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await answer.text()).toMatch(/^\{"kind":"Pod","apiVersion":"v1","metadata":\{.*\}\n$/);
});

test('items of a built-in list have no kind of their own; pages go on', async () => {
  const page = await at.get(`${PODS}?limit=2`);
  const text = await page.text();
  expect(text).toMatch(/^\{"kind":"PodList","apiVersion":"v1","metadata":\{"resourceVersion":"\d+","continue":"/);
  const list = JSON.parse(text) as { metadata: { continue: string; remainingItemCount: number }; items: object[] };
  expect(list.items).toHaveLength(2);
  expect(Object.keys(list.items[0]!)).toEqual(['metadata', 'spec']);
  expect(list.metadata.remainingItemCount).toBe(1);
  const next = await at.get(`${PODS}?limit=2&continue=${encodeURIComponent(list.metadata.continue)}`);
  expect(((await next.json()) as { items: object[] }).items).toHaveLength(1);
});

test('a custom list carries kinds in its items, and an empty continue', async () => {
  at.parts.kinds.addCustom({
    id: 'boats.example.com',
    group: 'example.com',
    plural: 'boats',
    singular: 'boat',
    kind: 'Boat',
    listKind: 'BoatList',
    namespaced: true,
    shortNames: [],
    categories: [],
    versions: [{ version: 'v1', verbs: ['get', 'list', 'watch', 'create', 'delete', 'patch'], subresources: {} }],
    storageVersion: 'v1',
    origin: 'custom',
  });
  const object = { apiVersion: 'example.com/v1', kind: 'Boat', metadata: { name: 'one', namespace: 'default' } };
  at.store.put({ resource: 'boats.example.com', object });
  const list = (await (await at.get('/apis/example.com/v1/boats')).json()) as {
    metadata: object;
    items: { kind: string }[];
  };
  expect(list.metadata).toHaveProperty('continue', '');
  expect(list.items[0]!.kind).toBe('Boat');
  expect(await failure('/apis/example.com/v1/namespaces/default/boats/one', { method: 'PUT', body: '{}' })).toBe(
    '405 MethodNotAllowed update is not supported on resources of kind "boats.example.com"',
  );
  expect(await failure('/apis/example.com/v1/cars')).toBe('404  404 page not found');
});

test('a table has columns and rows, with as much of the object as asked for', async () => {
  const of = async (include: string) =>
    (await (await at.get(`${PODS}?includeObject=${include}`, { headers: { accept: TABLE } })).json()) as {
      kind: string;
      columnDefinitions: { name: string }[];
      rows: { cells: string[]; object: { kind: string } | null }[];
    };
  const table = await of('');
  expect(table.kind).toBe('Table');
  expect(table.columnDefinitions[0]!.name).toBe('Name');
  expect(table.rows.map(({ cells }) => cells[0])).toEqual(['a', 'b', 'c']);
  expect(table.rows[0]!.object!.kind).toBe('PartialObjectMetadata');
  expect((await of('None')).rows[0]!.object).toBeNull();
  expect((await of('Object')).rows[0]!.object!.kind).toBe('Pod');
  expect(await failure(`${PODS}?includeObject=x`, { headers: { accept: TABLE } })).toBe(
    `400 BadRequest Unable to convert to Table as requested: includeObject: Invalid value: "x": must be 'Metadata', 'Object', 'None', or empty`,
  );
});

test('metadata alone is served of lists, and refused where the path is no list', async () => {
  const list = (await (await at.get(PODS, { headers: { accept: PARTIAL_LIST } })).json()) as {
    kind: string;
    items: { kind: string; metadata: { name: string }; spec?: object }[];
  };
  expect(list.kind).toBe('PartialObjectMetadataList');
  expect(list.items[0]).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } });
  expect(list.items[0]!.spec).toBeUndefined();
  expect(await failure(`${PODS}/a`, { headers: { accept: PARTIAL_LIST } })).toBe(
    '406 NotAcceptable you requested PartialObjectMetadataList, but the requested object is not a list (*core.Pod)',
  );
});

test('YAML is sorted, in lists too', async () => {
  const one = await at.get(`${PODS}/a`, { headers: { accept: 'application/yaml' } });
  expect(await one.text()).toMatch(/^apiVersion: v1\nkind: Pod\nmetadata:\n {2}labels:\n {4}app: a\n {2}name: a\n/);
  const list = await at.get(`${PODS}?limit=1`, { headers: { accept: 'application/yaml' } });
  expect(await list.text()).toMatch(
    /^apiVersion: v1\nitems:\n- metadata:\n {4}labels:\n {6}app: a\n(?:.*\n)*kind: PodList\nmetadata:\n {2}continue: /,
  );
});

test('what is not there is told in the words of the real server', async () => {
  const none = '404 NotFound the server could not find the requested resource';
  expect(await failure('/api/v1/nope')).toBe(none);
  expect(await failure('/apis/apps/v9/deployments')).toBe(none);
  expect(await failure('/api/v1/pods/a')).toBe(none);
  expect(await failure('/api/v1/namespaces/default/nodes/a')).toBe(none);
  expect(await failure(`${PODS}/a/nope`)).toBe(none);
  expect(await failure('/nope')).toBe('404  404 page not found');
  expect(await failure('/apis/nope.io/v1/x')).toBe('404  404 page not found');
  expect(await failure(`${PODS}/nope`)).toBe('404 NotFound pods "nope" not found');
});

test('methods that a path does not take are refused', async () => {
  const refused = '405 MethodNotAllowed the server does not allow this method on the requested resource';
  expect(await failure(`${PODS}/a`, { method: 'POST', body: '{}' })).toBe(refused);
  expect(await failure('/api/v1/pods', { method: 'DELETE' })).toBe(refused);
  expect(await failure(`${PODS}/a/eviction`)).toBe(refused);
  expect((await at.get(PODS, { method: 'HEAD' })).status).toBe(405);
});

test('streams to a node are said not to be served, once the pod exists', async () => {
  expect(await failure(`${PODS}/nope/exec`)).toBe('404 NotFound pods "nope" not found');
  expect(await failure(`${PODS}/a/exec`, { method: 'POST' })).toBe(
    '501 NotImplemented The k8s-mcp sandbox does not serve pods/exec; a real cluster does.',
  );
});

test('who may not is told what', async () => {
  const as = (user: string) => ({ headers: { authorization: `Bearer ${user}` } });
  expect(await failure(PODS, as('nobody'))).toBe(
    '403 Forbidden pods is forbidden: User "nobody" cannot list resource "pods" in API group "" in the namespace "default"',
  );
  expect(await failure('/apis/apps/v1/namespaces/x/deployments/d', { ...as('viewer'), method: 'DELETE' })).toBe(
    '403 Forbidden deployments.apps "d" is forbidden: User "viewer" cannot delete resource "deployments" in API group "apps" in the namespace "x"',
  );
  expect(await failure('/api/v1/nodes?watch=1&fieldSelector=metadata.name=n', as('nobody'))).toBe(
    '403 Forbidden nodes "n" is forbidden: User "nobody" cannot watch resource "nodes" in API group "" at the cluster scope',
  );
  expect(await failure('/nope', as('nobody'))).toBe('403 Forbidden forbidden: User "nobody" cannot get path "/nope"');
  expect(await failure(PODS, as('bad'))).toBe('401 Unauthorized Unauthorized');
});

test('an impersonated caller is the one who is asked about', async () => {
  const headers = { 'impersonate-user': 'bob' };
  expect(await failure(`${PODS}/a`, { headers })).toContain(
    '403 Forbidden pods "a" is forbidden: User "bob" cannot get',
  );
  expect(await failure(`${PODS}/a`, { headers: { ...headers, authorization: 'Bearer nobody' } })).toBe(
    '403 Forbidden pods "a" is forbidden: User "nobody" cannot impersonate-on:user-info:get resource "pods" in API group "" in the namespace "default"',
  );
  expect(await failure(`${PODS}/a`, { headers: { 'impersonate-group': 'g' } })).toBe(
    '400 BadRequest requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"g"}, Extra:map[string][]string(nil)} without impersonating a user name',
  );
  expect((await at.get(`${PODS}/a`, { headers: { 'impersonate-user': 'viewer' } })).status).toBe(200);
});

test('a client certificate names its user; one of a stranger is refused', async () => {
  const status = async (trust: typeof at.parts.trust) => {
    const { cert, key } = issueClientCertificate(trust, { commonName: 'viewer', organizations: ['g'] }, Date.now());
    const dispatcher = new Agent({ connect: { ca: at.parts.trust.authority.cert, cert, key }, allowH2: true });
    const answer = await fetch(at.url + PODS, { dispatcher });
    await answer.arrayBuffer();
    await dispatcher.close();
    return answer.status;
  };
  expect(await status(at.parts.trust)).toBe(200);
  expect(await status(createTrust(Date.now()))).toBe(401);
});

test('bodies are taken as JSON and YAML, and refused otherwise', async () => {
  const post = (body: string, type: string, query = '') =>
    at.get(`/api/v1/namespaces/default/configmaps?dryRun=All${query}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
  const yaml = await post('metadata:\n  name: x\n', 'application/yaml');
  expect(yaml.status).toBe(201);
  expect(await yaml.json()).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'x' } });
  const init = (body: string, type = 'application/json') => ({
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });
  const path = '/api/v1/namespaces/default/configmaps';
  expect(await failure(path, init('x', 'text/plain'))).toBe(
    '415 UnsupportedMediaType the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  );
  expect(await failure(path, init('{'))).toBe(
    `400 BadRequest the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input ({)`,
  );
  const twice = '{"metadata":{"name":"x","name":"y"}}';
  expect((await post(twice, 'application/json')).headers.get('warning')).toBe(
    '299 - "duplicate field \\"metadata.name\\""',
  );
  expect(await failure(`${path}?dryRun=x`, init('{}'))).toBe(
    '422 Invalid CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["x"]: supported values: "All"',
  );
});

test('a body over 3 MiB is refused, over both protocols, and the connection lives on', async () => {
  const body = Buffer.alloc(3 * 1024 * 1024 + 1, 0x20);
  const path = '/api/v1/namespaces/default/configmaps';
  const said = '413 RequestEntityTooLarge Request entity too large: limit is 3145728';
  expect(await failure(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } })).toBe(said);
  const dispatcher = new Agent({ allowH2: false, connect: { ca: at.parts.trust.authority.cert } });
  expect(await failure(path, { method: 'POST', body, dispatcher })).toBe(said);
  expect((await at.get(`${PODS}/a`)).status).toBe(200);
  await dispatcher.destroy();
});

test('patches are told apart by their media type', async () => {
  const patch = (type: string, body: string, query = '') =>
    ({ method: 'PATCH', headers: { 'content-type': type }, body, query }) as const;
  at.store.put({ resource: 'pods', object: podNamed('patched') });
  const answer = await at.get(`${PODS}/patched`, patch('application/merge-patch+json', '{"x":1}'));
  expect(await answer.json()).toMatchObject({ patched: { type: 'merge', body: { x: 1 } } });
  const path = `${PODS}/patched`;
  expect(await failure(path, patch('application/json', '{}'))).toBe(
    '415 UnsupportedMediaType 415: Unsupported Media Type',
  );
  expect(await failure(path, patch('application/merge-patch+json', '{'))).toBe(
    '400 BadRequest error decoding patch: unexpected end of JSON input',
  );
  expect(await failure(`${PODS}/nope`, patch('application/merge-patch+json', '{'))).toBe(
    '404 NotFound pods "nope" not found',
  );
  expect(await failure(path, patch('application/apply-patch+yaml', '{}'))).toBe(
    '422 Invalid PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  );
});

test('what is deleted is answered as the kind has it, collections as the list that they were', async () => {
  at.store.put({ resource: 'configmaps', object: { ...podNamed('gone'), kind: 'ConfigMap' } });
  const path = '/api/v1/namespaces/default/configmaps';
  expect(await (await at.get(`${path}/gone`, { method: 'DELETE' })).json()).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name: 'gone', kind: 'configmaps', uid: 'uid-gone' },
  });
  at.store.put({ resource: 'pods', object: podNamed('x', 'other') });
  at.store.put({ resource: 'pods', object: podNamed('y', 'other') });
  const all = await at.get('/api/v1/namespaces/other/pods?labelSelector=app=x', { method: 'DELETE' });
  expect(await all.json()).toMatchObject({ kind: 'PodList', items: [{ metadata: { name: 'x' } }] });
  expect(at.store.count('pods', 'other')).toBe(1);
});

test('discovery, health, version and administration answer', async () => {
  const discovery = await at.get('/apis', {
    headers: { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' },
  });
  const etag = discovery.headers.get('etag') ?? '';
  expect(await discovery.json()).toMatchObject({ kind: 'APIGroupDiscoveryList' });
  const again = await at.get('/apis', {
    headers: {
      accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
      'if-none-match': etag,
    },
  });
  expect(again.status).toBe(304);
  expect(await (await at.get('/api/v1')).json()).toMatchObject({ kind: 'APIResourceList', groupVersion: 'v1' });
  expect(await (await at.get('/readyz')).text()).toBe('ok');
  expect(await (await at.get('/livez/ping')).text()).toBe('ok');
  expect(await (await at.get('/healthz?verbose')).text()).toContain('[+]etcd ok\n');
  expect(await (await at.get('/version')).json()).toMatchObject({ gitVersion: 'v1.36.3+k8s-mcp-sandbox' });
  const echo = await at.get('/sandbox/echo', { method: 'POST', body: '{"a":1}' });
  expect(await echo.json()).toEqual({ method: 'POST', body: { a: 1 } });
});

test('reviews are answered, logs are streamed, metrics pass', async () => {
  const review = await at.get('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{}}',
  });
  expect(review.status).toBe(201);
  expect(await review.json()).toMatchObject({ status: { allowed: true } });
  expect(await (await at.get(`${PODS}/a/log`)).text()).toBe('log of a\n');
  expect(await failure(`${PODS}/a/log?tailLines=x`)).toBe(
    '400 BadRequest strconv.ParseInt: parsing "x": invalid syntax',
  );
  expect(await (await at.get('/apis/metrics.k8s.io/v1beta1/nodes')).json()).toMatchObject({ resource: 'nodes' });
});

test('events of events.k8s.io are those of the core group', async () => {
  const involvedObject = { kind: 'Pod', name: 'a' };
  at.store.put({ resource: 'events', object: { ...podNamed('e1'), kind: 'Event', involvedObject } });
  at.store.put({ resource: 'events', object: { ...podNamed('e2'), kind: 'Event', involvedObject: { name: 'b' } } });
  const names = async (query: string) => {
    const answer = await at.get(`/apis/events.k8s.io/v1/namespaces/default/events${query}`);
    return ((await answer.json()) as { items: { metadata: { name: string } }[] }).items.map(
      (item) => item.metadata.name,
    );
  };
  expect(await names('')).toEqual(['e1', 'e2']);
  expect(await names('?fieldSelector=regarding.name=b')).toEqual(['e2']);
});

test('gzip is used over 128 KiB when it is accepted', async () => {
  for (let index = 0; index < 40; index++) {
    const data = { big: 'x'.repeat(10_000) };
    at.store.put({ resource: 'configmaps', object: { ...podNamed(`c${index}`, 'zip'), kind: 'ConfigMap', data } });
  }
  const path = '/api/v1/namespaces/zip/configmaps';
  const zipped = await at.get(path, { headers: { 'accept-encoding': 'gzip' } });
  expect(zipped.headers.get('content-encoding')).toBe('gzip');
  expect(((await zipped.json()) as { items: object[] }).items).toHaveLength(40);
  const small = await at.get(`${path}?limit=1`, { headers: { 'accept-encoding': 'gzip' } });
  expect(small.headers.get('content-encoding')).toBeNull();
  await small.arrayBuffer();
});

test('a port in use is named', async () => {
  const other = await startTestServer();
  await other.server.stop();
  await expect(other.server.start({ host: '127.0.0.1', port: at.port })).rejects.toMatchObject({
    message: `Port ${at.port} is in use.`,
    detail: { remedy: expect.stringContaining('choose another with --port') },
  });
  await other.stop();
});

test('rubbish and resets end their own connections only', async () => {
  const session = connect(at.url, { ca: at.parts.trust.authority.cert });
  session.on('error', () => undefined);
  const stream = session.request({ ':path': `${PODS}?watch=1`, authorization: 'Bearer admin' });
  stream.on('error', () => undefined);
  await new Promise((resolve) => stream.on('response', resolve));
  stream.close(8);
  session.destroy();
  expect(await failure('/api/v1/%zz')).toContain('400 BadRequest');
  expect((await at.get(`${PODS}/a`)).status).toBe(200);
  expect(at.errors).toEqual([]);
});

test('answers are dated by the clock of the world, which may have been advanced', async () => {
  expect((await at.get('/version')).headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
  at.clock.advance(360_000);
  expect((await at.get('/version')).headers.get('date')).toBe('Thu, 01 Jan 2026 00:06:00 GMT');
});
