import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aggregated, aggregatedResource } from '../../../src/kube/testing/fixtures.ts';
import { controlPlane, freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { callTool, scratchFolder, stdioClient } from '../../support/product.ts';
import { closed, listening, pem, type ScriptedApi, scriptedApi } from '../../support/scripted-api.ts';

const OPEN = ['--enable-create', '--enable-update', '--enable-delete', '--write-contexts=*'];

interface Kubeconfig {
  clusters: { name: string; cluster: Record<string, unknown> }[];
  users: unknown[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
  'current-context': string;
}

describe.skipIf(!hasTestUsers())('users of limited rights', () => {
  let namespace: string;
  let client: Client;
  const ask = async (tool: string, args: Record<string, unknown>) => (await callTool(client, tool, args)).text;

  beforeAll(async () => {
    namespace = await freshNamespace('trouble');
    await kubectl(['create', 'configmap', 'settings', '--from-literal=a=b', '-n', namespace]);
    await kubectl(['create', 'deployment', 'web', '--image=example.test/web:1', '--replicas=0', '-n', namespace]);
    client = await stdioClient('2026', { kubeconfig: controlPlane().kubeconfig, args: OPEN });
  });

  test('a viewer reads', async () => {
    const settings = { kind: 'cm', name: 'settings', namespace, context: 'viewer' };
    expect(await ask('get_resource', settings)).toMatch(/^context: viewer\n[\s\S]*\n {2}a: b/);
  });

  const writes: [string, () => Record<string, unknown>, string, string][] = [
    ['create_resource', () => ({ manifest: configMap('mine') }), 'create', 'configmaps'],
    ['update_resource', () => ({ manifest: configMap('settings') }), 'update', 'configmaps'],
    ['k8s-scale-deployment', () => ({ name: 'web', replicas: 1, namespace }), 'update', 'deployments.apps/scale'],
  ];
  test.each(writes)('a viewer is told what it may not: %s', async (tool, args, verb, resource) => {
    const [first, next] = (await ask(tool, { ...args(), context: 'viewer' })).split('\n');
    expect(first).toMatch(/^cluster_forbidden: Cluster "viewer": /);
    expect(first).toContain(`User "viewer" cannot ${verb} resource "${resource.replace('.apps', '')}"`);
    expect(first).toContain(`in the namespace "${namespace}"`);
    expect(next).toContain(` auth can-i ${verb} ${resource}`);
  });

  test('a viewer is told what it may not, after the plan: delete_resource', async () => {
    const target = { kind: 'cm', name: 'settings', namespace, context: 'viewer' };
    const confirm = /confirm=(\S+)/.exec(await ask('delete_resource', target))?.[1];
    expect(await ask('delete_resource', { ...target, confirm })).toContain(
      'User "viewer" cannot delete resource "configmaps"',
    );
  });

  test('an editor writes in its own namespace and nowhere else', async () => {
    const mine = `${namespace}-mine`;
    const manifest = configMap(mine, 'team-a');
    expect(await ask('create_resource', { manifest, context: 'editor' })).toBe(
      `context: editor\nConfigMap team-a/${mine} created`,
    );
    await kubectl(['delete', 'configmap', mine, '-n', 'team-a']);
    expect(await ask('create_resource', { manifest: configMap('x', 'default'), context: 'editor' })).toMatch(
      /^cluster_forbidden: .*User "editor" cannot create resource "configmaps" .* in the namespace "default"/,
    );
    expect(await ask('k8s-get-pods', { context: 'editor' })).toContain('in namespace team-a');
    expect(await ask('k8s-get-pods', { context: 'editor', namespace: 'all' })).toMatch(
      /^cluster_forbidden: .*User "editor" cannot list resource "pods" .* at the cluster scope/,
    );
  });

  test.each([
    ['k8s-get-pods', () => ({ namespace }), 'list', 'pods'],
    ['k8s-get-nodes', () => ({}), 'list', 'nodes'],
    ['list_resources', () => ({ kind: 'Secret', namespace }), 'list', 'secrets'],
    ['get_resource', () => ({ kind: 'Secret', name: 'x', namespace }), 'get', 'secrets'],
    ['k8s-get-logs', () => ({ pod_name: 'x', namespace }), 'get', 'pods'],
  ])('a user without rights is told its name and what it lacks: %s', async (tool, args, verb, resource) => {
    expect(await ask(tool, { ...args(), context: 'nobody' })).toMatch(
      new RegExp(`^cluster_forbidden: .*User "nobody" cannot ${verb} resource "${resource}"`),
    );
  });

  test('a token that the server does not know names the command that signs in again', async () => {
    const [first, next] = (await ask('k8s-get-pods', { context: 'expired' })).split('\n');
    expect(first).toBe('cluster_unauthorized: Cluster "expired": Unauthorized');
    expect(next).toContain('`kubectl --context expired get ns`');
  });

  test('a context that is not there gets the names of those that are', async () => {
    expect(await ask('k8s-get-pods', { context: 'viewr' })).toMatch(
      /^unknown_context: The context "viewr" is not in the kubeconfig\.\nCandidates: .*viewer/,
    );
  });

  test('--contexts limits which contexts are usable, and --write-contexts which are writable', async () => {
    const args = ['--enable-create', '--contexts=admin,view*'];
    const limited = await stdioClient('2025', { kubeconfig: controlPlane().kubeconfig, args });
    const text = async (tool: string, input: Record<string, unknown>) => (await callTool(limited, tool, input)).text;
    expect(await text('k8s-get-nodes', { context: 'nobody' })).toMatch(/^context_denied: The context "nobody"/);
    expect(await text('k8s-get-pods', { context: 'viewer', namespace })).toMatch(/^context: viewer\n/);
    expect(await text('create_resource', { context: 'viewer', manifest: configMap('x') })).toMatch(
      /^gate_closed: .*the context "viewer" is read-only: write gates apply to "admin" only\./,
    );
    expect(await text('create_resource', { manifest: configMap('in-admin') })).toMatch(/^context: admin\n.* created$/);
  });

  function configMap(name: string, where = namespace) {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: where }, data: { a: 'c' } };
  }
});

describe.skipIf(!hasTestUsers())('a cluster that does not answer as it should', () => {
  test('a closed port is named', async () => {
    expect(await podsOf(kubeconfigTo('https://127.0.0.1:1'))).toMatch(
      /^cluster_unreachable: Cluster "x" at 127\.0\.0\.1:1 refused the connection\./,
    );
  });

  test('a server that hangs ends with the call, and the process can end too', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    await listening(server);
    const { port } = server.address() as AddressInfo;
    const text = await podsOf(kubeconfigTo(`https://127.0.0.1:${port}`), ['--call-timeout=1']);
    expect(text).toMatch(/^deadline_exceeded: /);
    await closed(server, sockets);
  });

  test('a certificate of another authority is refused', async () => {
    const real = await realKubeconfig();
    for (const { cluster } of real.clusters) {
      cluster['certificate-authority-data'] = Buffer.from(pem('other-ca')).toString('base64');
    }
    expect(await podsOf(written(real))).toMatch(/^cluster_tls: Cluster "admin" .*certificate/);
  });

  test('a kubeconfig that changes while the server runs is picked up', async () => {
    const file = kubeconfigTo('https://127.0.0.1:1');
    const client = await stdioClient('2025', { kubeconfig: file });
    const nodes = async (args = {}) => (await callTool(client, 'k8s-get-nodes', args)).text;
    expect(await nodes()).toMatch(/^cluster_unreachable: /);
    writeFileSync(file, JSON.stringify(await realKubeconfig()));
    await expect.poll(() => nodes(), { timeout: 20_000 }).toMatch(/^context: admin\n\d+ nodes\n/);
    expect(await nodes({ context: 'x' })).toMatch(/^unknown_context: /);
    writeFileSync(file, 'clusters: [');
    await expect.poll(() => nodes(), { timeout: 20_000 }).toMatch(/^kubeconfig_invalid: /);
  });
});

describe.skipIf(!hasTestUsers())('a server with a script', () => {
  let api: ScriptedApi;
  let client: Client;
  const text = async (tool: string, args: Record<string, unknown>) => (await callTool(client, tool, args)).text;

  beforeAll(async () => {
    api = await scriptedApi(
      (request, response) => {
        const { status, body } = scripted(request.url ?? '');
        response.statusCode = status;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(body));
      },
      { protocol: 'http' },
    );
    client = await stdioClient('2026', { kubeconfig: kubeconfigTo(`http://127.0.0.1:${api.port}`) });
  });
  afterAll(() => api.close());

  test('an object of 3 MB is answered within the budget, with an honest rest', async () => {
    const answer = await text('get_resource', { kind: 'cm', name: 'huge', namespace: 'default' });
    expect(answer).toMatch(/^context: x\napiVersion: v1\nkind: ConfigMap\n/);
    // 8,000 tokens of some 4 characters, and a note.
    expect(answer.length).toBeLessThan(50_000);
    expect(answer).toMatch(
      /\n29\d+ more lines were cut\. Sizes: data\.key-10000 94 B, .*, 29992 more\. Call again with fields, for instance fields=\.data\.key-10000$/,
    );
    const part = await text('get_resource', {
      kind: 'cm',
      name: 'huge',
      namespace: 'default',
      fields: '.data.key-29999',
    });
    expect(part).toContain('value 29999');
  });

  test('a continue token that the server has forgotten is expired, and says to start over', async () => {
    const first = await text('list_resources', { kind: 'cm', namespace: 'default', limit: 1 });
    const token = /continue=(\S+)/.exec(first)?.[1];
    expect(token).toBeDefined();
    const second = await text('list_resources', { kind: 'cm', namespace: 'default', limit: 1, continue: token });
    expect(second).toMatch(
      /^expired: The cluster no longer keeps the state that this list was reading\.\nNext: Call again without continue;/,
    );
  });

  test('a continue token of another list, or none of ours, is refused', async () => {
    const first = await text('list_resources', { kind: 'cm', namespace: 'default', limit: 1 });
    const token = /continue=(\S+)/.exec(first)?.[1];
    expect(await text('list_resources', { kind: 'cm', limit: 1, continue: token })).toMatch(/^invalid_argument: /);
    expect(await text('list_resources', { kind: 'cm', limit: 1, continue: 'abc' })).toMatch(
      /^invalid_argument: continue: this is not a token that a list gave out\./,
    );
  });
});

function scripted(url: string): { status: number; body: unknown } {
  const { pathname, searchParams } = new URL(url, 'http://api');
  const configMaps = aggregatedResource('configmaps', 'ConfigMap', { short: ['cm'] });
  if (pathname === '/api')
    return { status: 200, body: aggregated({ '': [{ version: 'v1', resources: [configMaps] }] }) };
  if (pathname === '/apis') return { status: 200, body: aggregated({}) };
  if (pathname.endsWith('/huge')) {
    const data = Object.fromEntries(
      Array.from({ length: 30_000 }, (_, i) => [`key-${i}`, `value ${i} ${'x'.repeat(80)}`]),
    );
    const metadata = { name: 'huge', namespace: 'default' };
    return { status: 200, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data } };
  }
  if (searchParams.get('continue') !== null) {
    const message = 'The provided continue parameter is too old to display a consistent list result.';
    return {
      status: 410,
      body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410, message },
    };
  }
  const object = { metadata: { name: 'first', namespace: 'default' } };
  const metadata = { resourceVersion: '7', continue: 'forgotten', remainingItemCount: 9 };
  const columnDefinitions = [{ name: 'Name', type: 'string', format: 'name', priority: 0 }];
  const table = { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions };
  return { status: 200, body: { ...table, rows: [{ cells: ['first'], object }] } };
}

async function podsOf(kubeconfig: string, args: readonly string[] = []): Promise<string> {
  const client = await stdioClient('2025', { kubeconfig, args });
  return (await callTool(client, 'k8s-get-pods')).text;
}

function written(kubeconfig: Kubeconfig): string {
  const file = join(scratchFolder(), 'kubeconfig');
  writeFileSync(file, JSON.stringify(kubeconfig));
  return file;
}

function kubeconfigTo(server: string): string {
  return written({
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token: 'not-a-real-token' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}

async function realKubeconfig(): Promise<Kubeconfig> {
  return JSON.parse(await kubectl(['config', 'view', '--raw', '--flatten', '-o', 'json'])) as Kubeconfig;
}
