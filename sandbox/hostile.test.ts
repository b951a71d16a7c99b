/** What nobody well-meaning sends, to a whole sandbox: it is refused in the real words, and the next request is served. */
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createSandbox } from './create-sandbox.ts';
import { BARE } from './worlds/bare.ts';

interface Answer {
  code: number;
  message: string;
  headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into at will
  body: any;
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const JSON_TYPE = 'application/json';
const failures: unknown[] = [];
const sandbox = createSandbox({ world: BARE, time: 'still', onFailure: (...failure) => failures.push(failure) });
const agents = new Map<string, Agent>();
let url = '';

beforeAll(async () => {
  ({ url } = await sandbox.listen(0));
  for (const { context } of BARE.users)
    agents.set(context, new Agent({ allowH2: true, connect: { ca: caOf(), ...keysOf(context) } }));
});

afterAll(async () => {
  await Promise.all([...agents.values()].map((agent) => agent.destroy()));
  await sandbox.stop();
});

const config = () => parse(sandbox.kubeconfig(url));
const bytes = (text: string) => Buffer.from(text, 'base64');
const caOf = () => bytes(config().clusters[0].cluster['certificate-authority-data']);

function keysOf(name: string) {
  const { user } = config().users.find((each: { name: string }) => each.name === name);
  const cert = bytes(user['client-certificate-data'] ?? '');
  return cert.length === 0 ? {} : { cert, key: bytes(user['client-key-data']) };
}

async function send(method: string, path: string, body?: unknown, user = 'admin', type = JSON_TYPE): Promise<Answer> {
  const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const answer = await request(url + path, {
    // biome-ignore lint/suspicious/noExplicitAny: methods that no type knows
    method: method as any,
    dispatcher: agents.get(user)!,
    ...(text === undefined ? {} : { body: text, headers: { 'content-type': type } }),
  });
  const said = await answer.body.text();
  const value = /json/.test(String(answer.headers['content-type'])) && said !== '' ? JSON.parse(said) : said;
  return { code: answer.statusCode, message: value.message ?? '', headers: answer.headers, body: value };
}

const told = async (...args: Parameters<typeof send>) => {
  const { code, message } = await send(...args);
  return `${code} ${message}`;
};

test('rights in one namespace are none in another, whatever stands in the path', async () => {
  await send('POST', `${RBAC}/namespaces/team-a/rolebindings`, {
    metadata: { name: 'owner' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'nobody' }],
  });
  const none = '404 the server could not find the requested resource';
  expect(await told('GET', '/api/v1/namespaces/team-a/namespaces/kube-system', undefined, 'nobody')).toBe(none);
  expect(await told('GET', '/api/v1/namespaces/team-a/namespaces', undefined, 'nobody')).toBe(none);
  expect(await told('DELETE', '/api/v1/namespaces/team-a/namespaces/default', undefined, 'nobody')).toBe(none);
  expect((await send('GET', '/api/v1/namespaces/team-a', undefined, 'nobody')).code).toBe(200);
  expect(await told('GET', '/api/v1/namespaces/default/pods/x/constructor')).toBe(none);
  expect(await told('GET', '/api/v1/namespaces/default/pods/__proto__')).toBe('404 pods "__proto__" not found');
});

test('reviews of the wrong types are refused, not wondered at', async () => {
  const review = (kind: string, spec: unknown) => told('POST', `/apis/authorization.k8s.io/v1/${kind}`, { spec });
  expect(await review('selfsubjectaccessreviews', { nonResourceAttributes: { path: 5, verb: 'get' } })).toContain(
    '400 SelfSubjectAccessReview in version "v1" cannot be handled',
  );
  expect(await review('subjectaccessreviews', { user: 5, groups: 'system:masters' })).toContain('400 ');
});

test('names that mean something to JavaScript are names like all others, in bodies and in patches', async () => {
  const text = '{"metadata":{"name":"odd"},"data":{"__proto__":"a","constructor":"b"}}';
  const { body } = await send('POST', '/api/v1/namespaces/default/configmaps', text);
  expect(Object.entries(body.data)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
  const labels = '{"metadata":{"annotations":{"__proto__":"c","x":null}},"spec":{"__proto__":{"polluted":true}}}';
  for (const type of ['merge-patch', 'strategic-merge-patch']) {
    const patched = await send(
      'PATCH',
      '/api/v1/namespaces/default/configmaps/odd',
      labels,
      'admin',
      `application/${type}+json`,
    );
    expect(patched.code, `${type} ${patched.message}`).toBe(422);
  }
  expect({ polluted: undefined }).toEqual({});
});

test('an object without a name is told so, of every kind', async () => {
  const nameless = [
    '/api/v1/namespaces',
    '/apis/batch/v1/namespaces/default/cronjobs',
    '/apis/scheduling.k8s.io/v1/priorityclasses',
  ];
  for (const path of nameless)
    expect(await told('POST', path, { metadata: {} })).toMatch(
      /^422 .*metadata.name: Required value: name or generateName/,
    );
});

test('a lookup by a name that comes with the language finds nothing', async () => {
  const secrets = '/api/v1/namespaces/default/secrets?dryRun=All';
  for (const type of ['__proto__', 'constructor'])
    expect((await send('POST', secrets, { metadata: { name: 's' }, type })).code).toBe(201);
  expect(await told('GET', '/constructor')).toBe('404 ');
  expect(await told('GET', '/healthz/constructor')).toBe('404 ');
  const { body } = await send('GET', '/api/v1/nodes?labelSelector=constructor');
  expect(body.items).toEqual([]);
});

test('a selector of 100 KB is read, and so are the headers that carry it over HTTP/1.1', async () => {
  const selector = `a in (${Array.from({ length: 15_000 }, (_, at) => `v${at}`).join(',')})`;
  const old = new Agent({ allowH2: false, connect: { ca: caOf(), ...keysOf('admin') } });
  const answer = await request(`${url}/api/v1/pods?labelSelector=${encodeURIComponent(selector)}`, { dispatcher: old });
  expect(answer.statusCode).toBe(200);
  await answer.body.dump();
  await old.destroy();
});
