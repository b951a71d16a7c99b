import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { CA_PEM, KEY_PEM, kubeconfig } from '../../../test/attacks/kubeconfig-parts.ts';
import { AppError } from '../../kernel/errors.ts';
import { decodeRequestKubeconfig } from './request-base64.ts';
import { inspectRequestKubeconfig, parseRequestKubeconfig, readRequestKubeconfig } from './request-kubeconfig.ts';
import { describeRequestRules, requestKubeconfigRules } from './request-rules.ts';

const b64 = (text: string) => Buffer.from(text).toString('base64');
const none = { kubeconfigExecAllow: [], kubeconfigServerAllow: undefined, kubeconfigServerDeny: [], cloudEnv: false };
const rules = requestKubeconfigRules(none, { beyondLoopback: false });
const encoded = (config: object | string) => b64(typeof config === 'string' ? config : JSON.stringify(config));
const read = (config: object | string) => readRequestKubeconfig(encoded(config), rules);

function failure(work: () => unknown): AppError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

/** As the clouds' own tools write them, with the sign-in made inline. */
const EKS = `
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${b64(CA_PEM)}
    server: https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com
  name: arn:aws:eks:eu-west-1:123456789012:cluster/prod
contexts:
- context:
    cluster: arn:aws:eks:eu-west-1:123456789012:cluster/prod
    user: arn:aws:eks:eu-west-1:123456789012:cluster/prod
  name: arn:aws:eks:eu-west-1:123456789012:cluster/prod
current-context: arn:aws:eks:eu-west-1:123456789012:cluster/prod
kind: Config
preferences: {}
users:
- name: arn:aws:eks:eu-west-1:123456789012:cluster/prod
  user:
    token: k8s-aws-v1.aHR0cHM6Ly9zdHM
`;
const GKE = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [
    {
      name: 'gke_shop_europe-west1_main',
      cluster: { 'certificate-authority-data': b64(CA_PEM), server: 'https://34.77.1.2' },
    },
  ],
  contexts: [
    {
      name: 'gke_shop_europe-west1_main',
      context: { cluster: 'gke_shop_europe-west1_main', user: 'gke_shop_europe-west1_main', namespace: 'web' },
    },
  ],
  'current-context': 'gke_shop_europe-west1_main',
  users: [{ name: 'gke_shop_europe-west1_main', user: { token: 'ya29.a0AfB_by' } }],
};
const AKS = `
apiVersion: v1
kind: Config
clusters:
- name: aks
  cluster: {server: "https://aks-dns-1a2b.hcp.westeurope.azmk8s.io:443", certificate-authority-data: ${b64(CA_PEM)}}
contexts:
- name: aks
  context: {cluster: aks, user: clusterUser_rg_aks}
current-context: aks
users:
- name: clusterUser_rg_aks
  user: {client-certificate-data: ${b64(CA_PEM)}, client-key-data: ${b64(KEY_PEM)}, token: 5d41402abc4b2a76}
`;
const SEVERAL = {
  'current-context': 'b',
  clusters: [
    { name: 'kind', cluster: { server: 'https://127.0.0.1:39001', 'insecure-skip-tls-verify': true } },
    {
      name: 'rancher',
      cluster: {
        server: 'https://rancher.corp.test/k8s/clusters/c-m-1a2b',
        'disable-compression': true,
        extensions: [{ name: 'cluster_info', extension: { provider: 'x', deep: [{ a: { b: null } }] } }],
      },
    },
  ],
  users: [
    { name: 'basic', user: { username: 'ada', password: 'p:w' } },
    {
      name: 'other',
      user: {
        token: 't',
        as: 'jane',
        'as-uid': '7',
        'as-groups': ['dev', 'system:x'],
        'as-user-extra': { 'example.com/scopes': ['view'] },
        exec: null,
        tokenFile: '',
        'client-certificate': null,
      },
    },
    { name: 'empty', user: {} },
  ],
  contexts: [
    { name: 'a', context: { cluster: 'kind', user: 'basic' } },
    { name: 'b', context: { cluster: 'rancher', user: 'other', namespace: 'shop', extensions: [{ name: 'x' }] } },
    { name: 'c', context: { cluster: 'gone', user: 'empty' } },
  ],
  preferences: { colors: true },
  'x-comment': ['anything'],
};

describe('the kubeconfig of a call', () => {
  test('of EKS is taken with its token', () => {
    const config = read(EKS);
    const name = 'arn:aws:eks:eu-west-1:123456789012:cluster/prod';
    expect(config.currentContext).toBe(name);
    expect(config.clusters.get(name)).toMatchObject({
      server: 'https://0123456789abcdef.gr7.eu-west-1.eks.amazonaws.com/',
      certificateAuthority: { from: 'inline', pem: CA_PEM },
      insecureSkipTlsVerify: false,
      proxyUrl: undefined,
      field: 'clusters[0].cluster',
    });
    expect(config.users.get(name)).toMatchObject({
      token: 'k8s-aws-v1.aHR0cHM6Ly9zdHM',
      tokenFile: undefined,
      exec: undefined,
      authProvider: undefined,
    });
  });

  test('of GKE is taken, with its namespace', () => {
    const config = read(GKE);
    expect([...config.contexts.values()][0]).toMatchObject({ namespace: 'web' });
    expect([...config.clusters.values()][0]?.server).toBe('https://34.77.1.2/');
  });

  test('of AKS is taken with certificate, key and token', () => {
    const [user] = read(AKS).users.values();
    expect(user).toMatchObject({
      clientCertificate: { from: 'inline', pem: CA_PEM },
      clientKey: { from: 'inline', pem: KEY_PEM },
      token: '5d41402abc4b2a76',
    });
  });

  test('of several contexts is taken as a whole; extensions, preferences, nulls and empty paths do no harm', () => {
    const config = read(SEVERAL);
    expect([...config.contexts.keys()]).toEqual(['a', 'b', 'c']);
    expect(config.clusters.get('rancher')).toMatchObject({
      server: 'https://rancher.corp.test/k8s/clusters/c-m-1a2b',
      disableCompression: true,
      execPluginConfig: undefined,
    });
    expect(config.users.get('basic')).toMatchObject({ username: 'ada', password: 'p:w' });
    expect(config.users.get('other')?.impersonate).toEqual({
      user: 'jane',
      uid: '7',
      groups: ['dev', 'system:x'],
      extra: { 'example.com/scopes': ['view'] },
    });
  });

  test('reads the same in YAML and in JSON', () => {
    expect(read(stringify(SEVERAL))).toEqual(read(SEVERAL));
  });

  test('needs no current-context where it has one context', () => {
    expect(read({ ...kubeconfig(), 'current-context': undefined }).currentContext).toBe('x');
    expect(read({ ...SEVERAL, 'current-context': undefined }).currentContext).toBeUndefined();
  });

  test('a server without a scheme is https, a token may end in a line break', () => {
    const config = read(kubeconfig({ cluster: { server: 'api.test:6443' }, user: { token: 'abc\n' } }));
    expect(config.clusters.get('c')?.server).toBe('https://api.test:6443/');
    expect(config.users.get('u')?.token).toBe('abc');
  });

  test('all problems are told at once, those of rules first, with field and advice', () => {
    const error = failure(() =>
      read({
        ...kubeconfig({
          cluster: { server: 'https://a.test', 'certificate-authority': '/etc/ca' },
          user: { tokenFile: '/etc/t', exec: { command: 'sh' } },
        }),
        kind: 'List',
      }),
    );
    expect(error.code).toBe('kubeconfig_refused');
    expect(error.message).toBe(
      'The kubeconfig that came with the call is refused: clusters[0].cluster.certificate-authority is a path on the server ' +
        'and never read; inline the content (`kubectl config view --minify --flatten --raw`) (and 3 more).',
    );
    expect(error.detail.problems?.map(({ field }) => field)).toEqual([
      'clusters[0].cluster.certificate-authority',
      'users[0].user.tokenFile',
      'users[0].user.exec',
      'kind',
    ]);
    expect(error.detail.remedy).toContain('kubectl config view --minify --flatten --raw | base64');
  });

  test('can be inspected without an error being thrown', () => {
    expect(inspectRequestKubeconfig(encoded(SEVERAL), rules)).toEqual({
      ok: true,
      contexts: ['a', 'b', 'c'],
      currentContext: 'b',
    });
    const bad = kubeconfig({ user: { exec: { command: 'sh' } } });
    expect(inspectRequestKubeconfig(encoded(bad), rules)).toMatchObject({
      ok: false,
      refused: true,
      problems: [
        { field: 'users[0].user.exec', problem: 'would run a program on this server; put a token in its place' },
      ],
    });
    expect(inspectRequestKubeconfig('***', rules)).toMatchObject({ ok: false, refused: false });
  });

  test('throws nothing but AppError, whatever the text', () => {
    const keys = fc.constantFrom(
      'users',
      'user',
      'exec',
      'clusters',
      'cluster',
      'server',
      'name',
      'contexts',
      '<<',
      '',
    );
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom<unknown>(null, 1, true, 'x', 'https://a.test', [], {}),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(keys, tie('node'), { maxKeys: 4 }),
      ),
    })).node;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }),
          tree.map((value) => JSON.stringify(value)),
        ),
        (text) => {
          try {
            parseRequestKubeconfig(text, rules);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(AppError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('base64 of a kubeconfig', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '{', '~', '?', '>', ' ', '日', '😀'), minLength: 1 });
  const blanks = fc.array(fc.constantFrom(' ', '\n', '\r\n', '\t', ''), { minLength: 1, maxLength: 8 });

  test('is read in either alphabet, padded or not, wrapped anywhere', () => {
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('base64', 'base64url'),
        fc.boolean(),
        blanks,
        (plain, alphabet, padded, gaps) => {
          const code = Buffer.from(plain)
            .toString(alphabet as BufferEncoding)
            .replace(/=+$/, '');
          const full = padded ? code.padEnd(Math.ceil(code.length / 4) * 4, '=') : code;
          const wrapped = [...full].map((character, at) => character + gaps[at % gaps.length]).join('');
          expect(decodeRequestKubeconfig(wrapped)).toBe(plain);
        },
      ),
    );
  });

  test('with any other character in it is refused', () => {
    fc.assert(
      fc.property(
        text,
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }).filter((one) => !/[A-Za-z0-9+/_=\s-]/.test(one)),
        (plain, place, other) => {
          const code = b64(plain);
          const at = place % code.length;
          expect(failure(() => decodeRequestKubeconfig(code.slice(0, at) + other + code.slice(at))).code).toBe(
            'invalid_argument',
          );
        },
      ),
    );
  });

  test('loses a byte order mark', () => {
    expect(decodeRequestKubeconfig(b64('\ufeffa: 1'))).toBe('a: 1');
  });
});

describe('the rules for kubeconfigs of calls', () => {
  test('refuse names and patterns that mean nothing', () => {
    const make = (over: object) =>
      failure(() => requestKubeconfigRules({ ...none, ...over }, { beyondLoopback: true }));
    expect(make({ kubeconfigExecAllow: ['aws', 'sh'] })).toMatchObject({
      code: 'invalid_argument',
      detail: { candidates: ['aws', 'aws-iam-authenticator', 'gke-gcloud-auth-plugin', 'kubelogin'] },
    });
    expect(make({ kubeconfigServerDeny: ['10.0.0.0/99'] }).message).toContain('--kubeconfig-server-deny');
    expect(make({ kubeconfigServerAllow: ['https://x'] }).message).toContain('--kubeconfig-server-allow');
  });

  test('are told in words', () => {
    const settings = { ...none, kubeconfigExecAllow: ['kubelogin', 'aws'], kubeconfigServerAllow: ['*.azmk8s.io'] };
    expect(describeRequestRules(requestKubeconfigRules(settings, { beyondLoopback: true }))).toEqual([
      'credential programs: aws, kubelogin, without cloud variables (--cloud-env)',
      'servers: the 1 patterns of --kubeconfig-server-allow',
      "servers denied besides: 0 patterns of --kubeconfig-server-deny, this server's own ports, loopback",
    ]);
    expect(describeRequestRules(rules)[0]).toBe('credential programs: none (--kubeconfig-exec-allow)');
  });
});
