import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type CallerFace,
  envelopeFace,
  mcpFieldFaces,
  mcpHeaderFaces,
  restFace,
  shellFace,
} from '../../support/caller-faces.ts';
import { apiServer, type CallerConfig, callerConfig, encode, needlesOf } from '../../support/callers.ts';
import { hasClis } from '../../support/clis.ts';
import { type CommandProduct, commandProduct } from '../../support/command-product.ts';
import { freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { TOKEN } from '../../support/faces.ts';
import { descendants, listeningPorts } from '../../support/process-watch.ts';
import { scratchFolder } from '../../support/product.ts';
import {
  encodedOf,
  FILES,
  inCluster,
  inUser,
  isOwnPort,
  RAN,
  REFUSED,
  type SpoiltKubeconfig,
} from '../../support/spoilt-kubeconfigs.ts';

const folder = scratchFolder();

/** One call of each toolset, of one that runs a program and of one that runs none. */
const CALLS: readonly [tool: string, args: Record<string, unknown>][] = [
  ['list_resources', { kind: 'namespaces' }],
  ['k8s-get-pods', { namespace: 'default' }],
  ['kubectl', { command: 'get namespaces' }],
  ['helm', { command: 'list' }],
  ['kubectl', { command: 'auth whoami' }],
];

describe.skipIf(!hasTestUsers() || !hasClis())("callers' kubeconfigs that are refused", () => {
  let product: CommandProduct;
  let namespace: string;
  let good: CallerConfig;
  /** Everything that callers were told. */
  const told: string[] = [];

  beforeAll(async () => {
    good = callerConfig({ as: 'token-admin' });
    const admin = callerConfig({ as: 'admin' });
    const decode = (text: unknown) => Buffer.from(String(text), 'base64');
    writeFileSync(FILES.ca, decode(good.clusters[0]?.cluster['certificate-authority-data']));
    writeFileSync(FILES.cert, decode(admin.users[0]?.user['client-certificate-data']));
    writeFileSync(FILES.key, decode(admin.users[0]?.user['client-key-data']));
    writeFileSync(FILES.token, String(good.users[0]?.user['token']));
    [namespace, product] = await Promise.all([
      freshNamespace('refused'),
      commandProduct({ args: ['--context', 'nobody', '--debug'] }),
    ]);
    await kubectl(['create', 'configmap', 'seen', '-n', namespace]);
  });

  const portOf = ({ url }: CommandProduct) => Number(new URL(url).port);
  const tell = async (face: CallerFace, tool: string, args: Record<string, unknown>, kubeconfig: string) => {
    const answer = await face.call(tool, args, kubeconfig);
    told.push(answer.text);
    return answer;
  };

  test('each with its field, in every toolset and on every transport, and nothing is run or read', async () => {
    const options = { args: ['--context', 'nobody'] };
    const faces = [
      restFace(product, 'header'),
      restFace(product, 'field'),
      envelopeFace(product, 'header'),
      envelopeFace(product, 'field', true),
      ...(await mcpHeaderFaces(product)),
      ...(await mcpFieldFaces(product, options)),
    ];
    const wrong: string[] = [];
    for (const row of REFUSED) {
      const kubeconfig = encodedOf(row, good, portOf(product));
      for (const face of faces.filter(({ name }) => !(isOwnPort(row) && name.startsWith('stdio')))) {
        for (const [tool, args] of CALLS) {
          const { ok, text } = await tell(face, tool, args, kubeconfig);
          const isRight = !ok && text.startsWith(`${row.code}: `) && text.includes(`\n- ${row.field}: `);
          if (!isRight) wrong.push(`${row.what}, ${face.name}, ${tool}: ${text}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(existsSync(RAN)).toBe(false);
    expect(descendants(product.pid)).toEqual([]);
  });

  test('over REST as a problem, 403 for what is refused and 400 for what is malformed', async () => {
    for (const row of REFUSED) {
      const headers = { 'x-kubeconfig': encodedOf(row, good, portOf(product)) };
      const answer = await product.call('kubectl', { command: 'get pods' }, { headers });
      expect({ what: row.what, status: answer.status, type: answer.headers.get('content-type') }).toEqual({
        what: row.what,
        status: row.code === 'kubeconfig_refused' ? 403 : 400,
        type: 'application/problem+json',
      });
      const problems = expect.arrayContaining([{ field: row.field, problem: expect.any(String) }]);
      expect(answer.body).toMatchObject({ code: row.code, reason: row.code, remedy: expect.any(String), problems });
    }
  });

  test('in the shell', async () => {
    const [exec] = REFUSED;
    const { ok, text } = await tell(
      shellFace({}),
      'kubectl',
      { command: 'get pods' },
      encodedOf(exec as SpoiltKubeconfig, good, 1),
    );
    expect({ ok, text }).toMatchObject({ ok: false, text: expect.stringContaining('\n- users[0].user.exec: ') });
  });

  test('before anything is asked of a cluster: what needs none is refused too', async () => {
    const [exec] = REFUSED;
    const kubeconfig = encodedOf(exec as SpoiltKubeconfig, good, 1);
    for (const [tool, command] of [
      ['kubectl', 'version --client'],
      ['helm', 'version'],
      ['argocd', 'version --client'],
    ] as const)
      expect(await product.run(tool, command, { kubeconfig })).toMatchObject({
        status: 403,
        code: 'kubeconfig_refused',
      });
  });

  test('a cluster that does not answer is the reason that every tool gives', async () => {
    const config = inCluster({ server: 'https://127.0.0.1:1' })(good);
    // No more than that: what is at an address of the server's network is not for callers to find out.
    const says = 'Cluster "request:prod" could not be connected to.';
    for (const [tool, command] of [
      ['kubectl', 'get pods'],
      ['helm', 'list'],
      ['istioctl', 'analyze'],
      ['argocd', 'app list'],
    ] as const) {
      const answer = await product.run(tool, command, { kubeconfig: encode(config) });
      expect({ tool, answer }).toMatchObject({
        answer: { status: 200, success: false, reason: expect.stringContaining(says) },
      });
    }
    expect(await product.call('k8s-get-pods', { kubeconfig: encode(config) })).toMatchObject({
      status: 502,
      body: { code: 'cluster_unreachable' },
    });
  });

  test('the ports of the guard and of its proxy are own ports as well', async () => {
    expect(await product.run('kubectl', 'get namespaces', { kubeconfig: encode(good) })).toMatchObject({
      success: true,
    });
    const ports = listeningPorts(product.pid);
    expect(ports).toHaveLength(3);
    for (const port of ports) {
      const config = inCluster({ server: `https://127.0.0.1:${port}` })(good);
      expect(await product.run('kubectl', 'get pods', { kubeconfig: encode(config) })).toMatchObject({
        status: 403,
        code: 'kubeconfig_refused',
        problems: [{ field: 'clusters[0].cluster.server', problem: "leads to one of this server's own ports" }],
      });
    }
  });

  test('a server that others can reach refuses loopback in every form, and own ports at every address', async () => {
    const file = join(folder, 'bearer');
    writeFileSync(file, TOKEN);
    const open = await commandProduct({ args: ['--host', '0.0.0.0', '--auth-token-file', file] });
    const headers = { authorization: `Bearer ${TOKEN}` };
    const rest = restFace(open, 'header', headers);
    const client = await open.client('2026', { headers });
    const port = new URL(apiServer()).port;
    const loopback = [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '127.1',
      '0x7f000001',
      '[::ffff:127.0.0.1]',
      'a.localhost',
      'LOCALHOST.',
    ];
    const addresses = Object.values(networkInterfaces()).flatMap((list = []) =>
      list.filter(({ family }) => family === 'IPv4'),
    );
    const servers = [
      ...loopback.map((host) => `https://${host}:${port}`),
      ...addresses.map(({ address }) => `https://${address}:${new URL(open.url).port}`),
    ];
    for (const server of servers) {
      const kubeconfig = encode(inCluster({ server })(good));
      const { ok, text } = await tell(rest, 'kubectl', { command: 'get namespaces' }, kubeconfig);
      expect({ server, ok, text }).toMatchObject({
        ok: false,
        text: expect.stringMatching(/^kubeconfig_refused: .*\n- clusters\[0\].cluster.server: leads to /),
      });
    }
    const overMcp = await client.callTool({
      name: 'list_resources',
      arguments: { kind: 'namespaces', kubeconfig: encode(good) },
    });
    expect(overMcp).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('leads to this server itself') }],
    });
    // The operator's own contexts may be there.
    expect(await open.run('kubectl', 'auth whoami', {}, headers)).toMatchObject({ success: true });
    await open.stop();
    told.push(logsOf(open));
  });

  test('with --no-request-kubeconfig every one, and what needs none works', async () => {
    const closed = await commandProduct({ args: ['--no-request-kubeconfig'] });
    for (const face of [restFace(closed, 'header'), restFace(closed, 'field'), ...(await mcpHeaderFaces(closed))]) {
      for (const [tool, args] of CALLS) {
        const { ok, text } = await tell(face, tool, args, encode(good));
        expect({ ok, text }).toMatchObject({
          ok: false,
          text: expect.stringMatching(/^kubeconfig_refused: This server does not take/),
        });
      }
      expect((await face.call('kubectl', { command: 'auth whoami' })).text).toContain('admin');
    }
    await closed.stop();
  });

  test.each([
    ['--kubeconfig-server-allow', '*.example.test', 'is not a server that the operator allows'],
    ['--kubeconfig-server-deny', '127.0.0.0/8', 'is a server that the operator denies'],
  ])('by the operator with %s %s', async (flag, value, problem) => {
    const bound = await commandProduct({ args: [flag, value] });
    for (const [tool, args] of CALLS) {
      const { status, body } = await bound.call(tool, { ...args, kubeconfig: encode(good) });
      expect({ status, body }).toMatchObject({
        status: 403,
        body: {
          code: 'kubeconfig_refused',
          problems: [{ field: 'clusters[0].cluster.server', problem: expect.stringContaining(problem) }],
        },
      });
    }
    await bound.stop();
  });

  describe('by policy', () => {
    const ask = async (server: CommandProduct, tool: string, args: Record<string, unknown>) => {
      const { status, body } = await server.call(tool, { ...args, kubeconfig: encode(good) });
      told.push(JSON.stringify(body));
      return { status, ...(body as Record<string, unknown>) };
    };

    test('the gates are closed for clusters of callers too', async () => {
      const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'no', namespace } });
      const closed = { status: 403, code: 'gate_closed' };
      expect(await ask(product, 'create_resource', { manifest })).toMatchObject(closed);
      expect(await ask(product, 'k8s-scale-deployment', { name: 'x', replicas: 1, namespace })).toMatchObject(closed);
      for (const command of [
        'create configmap no',
        'delete configmap seen',
        'label configmap seen a=b',
        'exec seen -- id',
      ])
        expect(await ask(product, 'kubectl', { command, namespace })).toMatchObject(closed);
      expect(await ask(product, 'helm', { command: 'uninstall x', namespace })).toMatchObject(closed);
      expect((await kubectl(['get', 'configmaps', '-n', namespace, '-o', 'name'])).split('\n')).toEqual([
        'configmap/kube-root-ca.crt',
        'configmap/seen',
        '',
      ]);
    });

    test('forbidden namespaces and denied kinds hold', async () => {
      const strict = await commandProduct({ args: ['--forbidden-namespaces', namespace, '--denied-kinds', 'secrets'] });
      expect(await ask(strict, 'list_resources', { kind: 'configmaps', namespace })).toMatchObject({
        status: 403,
        code: 'namespace_denied',
      });
      expect(await ask(strict, 'k8s-get-pods', { namespace })).toMatchObject({ status: 403, code: 'namespace_denied' });
      expect(await ask(strict, 'list_resources', { kind: 'secrets', namespace: 'default' })).toMatchObject({
        status: 403,
        code: 'kind_denied',
      });
      for (const command of [
        'get configmaps',
        'get configmap seen -o yaml',
        `get --raw /api/v1/namespaces/${namespace}/configmaps`,
      ]) {
        const answer = await ask(strict, 'kubectl', { command, namespace });
        expect({ command, answer }).toMatchObject({
          answer: { status: 200, success: false, output: '', reason: expect.stringContaining(namespace) },
        });
      }
      const everywhere = await ask(strict, 'kubectl', { command: 'get configmaps -A -o name' });
      expect(everywhere).toMatchObject({ success: true, output: expect.not.stringContaining('configmap/seen') });
      for (const command of ['get secrets -n default', 'get --raw /api/v1/secrets'])
        expect(await ask(strict, 'kubectl', { command })).toMatchObject({
          success: false,
          reason: expect.stringContaining('secrets is denied'),
        });
      expect(await ask(strict, 'helm', { command: 'list', namespace })).toMatchObject({ success: false });
      await strict.stop();
      told.push(logsOf(strict));
    });

    test('--contexts refuses them unless it names request:*', async () => {
      const [without, within] = await Promise.all([
        commandProduct({ args: ['--contexts', 'x*'] }),
        commandProduct({ args: ['--contexts', 'x*,request:*'] }),
      ]);
      const named = {
        ...good,
        contexts: [{ name: 'xyz', context: { cluster: 'prod', user: 'prod' } }],
        'current-context': 'xyz',
      };
      for (const config of [good, named]) {
        for (const [tool, args] of CALLS) {
          const { status, body } = await without.call(tool, { ...args, kubeconfig: encode(config) });
          expect({ tool, status, body }).toMatchObject({ status: 403, body: { code: 'context_denied' } });
          expect(await within.call(tool, { ...args, kubeconfig: encode(config) })).toMatchObject({ status: 200 });
        }
      }
      await Promise.all([without.stop(), within.stop()]);
    });
  });

  test('nothing of a kubeconfig is in what callers were told, in the log or in audit.log', async () => {
    const admin = callerConfig({ as: 'admin' });
    for (const config of [good, admin]) {
      for (const [tool, args] of CALLS)
        told.push(JSON.stringify((await product.call(tool, { ...args, kubeconfig: encode(config) })).body));
      for (const command of [
        'config view --raw',
        'config view --flatten -o json',
        'get pods -v=9',
        'options',
        'cluster-info dump',
      ])
        told.push(JSON.stringify(await product.run('kubectl', command, { kubeconfig: encode(config) })));
    }
    // A token that the API server does not know, and a certificate that is none.
    for (const user of [{ token: 'unknown-token-5d41402abc4b2a76b9719d911017c592' }, { 'client-key-data': FILES.key }])
      told.push(JSON.stringify(await product.run('kubectl', 'get pods', { kubeconfig: encode(inUser(user)(good)) })));
    await product.stop();
    const all = [...told, logsOf(product)].join('\n');
    expect(all).toContain('list_resources');
    expect(logsOf(product)).toContain('"cluster":"request:prod');
    const needles = [...needlesOf(good), ...needlesOf(admin), 'secret-password', 'unknown-token', 'touch /'];
    expect(needles.filter((needle) => all.includes(needle))).toEqual([]);
  });
});

/** The log folder and what went to stderr. */
function logsOf({ logDir, log }: CommandProduct): string {
  const files = readdirSync(logDir).map((name) => readFileSync(join(logDir, name), 'utf8'));
  return [...files, log()].join('\n');
}
