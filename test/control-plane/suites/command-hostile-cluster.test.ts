import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encode } from '../../support/callers.ts';
import { hasClis } from '../../support/clis.ts';
import { type CommandProduct, commandProduct } from '../../support/command-product.ts';
import { hasTestUsers } from '../../support/control-plane.ts';

/** Answers by the end of the path; all else is not found. */
type Answers = Record<string, unknown>;

const served = (resource: string, kind: string, scope = 'Namespaced') => ({
  resource,
  responseKind: { group: '', version: 'v1', kind },
  scope,
  singularResource: kind.toLowerCase(),
  verbs: ['get', 'list', 'watch', 'patch', 'create'],
});

const discovery = (...resources: unknown[]) => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  metadata: {},
  items: resources.length === 0 ? [] : [{ metadata: { name: '' }, versions: [{ version: 'v1', resources }] }],
});

const META = {
  uid: 'u',
  resourceVersion: '1',
  labels: { a: 'b' },
  annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
};

/** A cluster that a caller brings, and that answers whatever does harm. */
async function hostileCluster(answers: (port: number) => Answers) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    asked.push(path);
    const known = answers((server.address() as AddressInfo).port);
    const key = Object.keys(known).find((end) => path.endsWith(end));
    const status = key === undefined ? 404 : 200;
    const type = path === '/api' || path === '/apis' ? ';g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' : '';
    response.writeHead(status, { 'content-type': `application/json${type}` });
    const missing = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };
    const answer = key === undefined ? missing : known[key];
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const kubeconfig = encode({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'a', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'a', user: { token: 't' } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    'current-context': 'a',
  });
  return { asked, kubeconfig, close: () => server.close() };
}

describe.skipIf(!hasTestUsers() || !hasClis())("a caller's own cluster that means harm to the server", () => {
  let product: CommandProduct;
  let folder: string;
  beforeAll(async () => {
    product = await commandProduct();
    folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('cannot have kubectl diff write to files by the names of its objects', async () => {
    const victim = join(folder, '.profile');
    writeFileSync(victim, 'mine\n');
    const metadata = { ...META, name: 'profile', namespace: `/${'../'.repeat(16)}${folder.slice(1)}/` };
    const cluster = await hostileCluster(() => ({
      '/api': discovery(served('configmaps', 'ConfigMap')),
      '/apis': discovery(),
      '/configmaps/a': { kind: 'ConfigMap', apiVersion: 'v1', metadata: { ...META, name: 'a', namespace: 'default' } },
      '/configmaps': {
        kind: 'ConfigMapList',
        apiVersion: 'v1',
        metadata: {},
        items: [{ kind: 'ConfigMap', apiVersion: 'v1', metadata, data: { x: '\ntouch it\n' } }],
      },
    }));
    const answer = await product.run('kubectl', 'diff --prune -l a=b --prune-allowlist=core/v1/ConfigMap -f -', {
      kubeconfig: cluster.kubeconfig,
      stdin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default, labels: {a: b}}\n',
    });
    cluster.close();
    expect(cluster.asked.filter((path) => path.endsWith('/configmaps')).length).toBeGreaterThan(0);
    expect(readFileSync(victim, 'utf8')).toBe('mine\n');
    expect(answer.error).toContain('names an object as no API server does');
  });

  test('cannot hand istioctl kubeconfigs that lead past the guard', async () => {
    const kubeconfig = (port: number) => ({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}/remote` } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: '' } }],
      'current-context': 'c',
    });
    const secret = (port: number) => ({
      kind: 'Foo',
      apiVersion: 'v1',
      metadata: { ...META, name: 's', namespace: 'istio-system', labels: { 'istio/multiCluster': 'true' } },
      data: { c: Buffer.from(JSON.stringify(kubeconfig(port))).toString('base64') },
    });
    const cluster = await hostileCluster((port) => ({
      '/version': { major: '1', minor: '36', gitVersion: 'v1.36.0' },
      '/api': discovery(served('secrets', 'Secret'), served('namespaces', 'Namespace', 'Cluster')),
      '/apis': discovery(),
      '/namespaces/default': { kind: 'Namespace', apiVersion: 'v1', metadata: { ...META, name: 'default' } },
      '/secrets': { kind: 'SecretList', apiVersion: 'v1', metadata: {}, items: [secret(port)] },
    }));
    await product.run('istioctl', 'analyze -n default', { kubeconfig: cluster.kubeconfig, timeout: 10 });
    cluster.close();
    expect(cluster.asked.length).toBeGreaterThan(0);
    expect(cluster.asked.filter((path) => path.startsWith('/remote'))).toEqual([]);
  });
});
