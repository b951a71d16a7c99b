/**
 * Kubeconfigs that callers must not get through, as data, each with the literal code and field of its refusal.
 * `{{dir}}` is a folder with canaries, `{{port}}` a canary listener on this machine; every secret holds the word `canary`.
 */
export interface KubeconfigAttack {
  name: string;
  /** A document (sent as JSON), or its text. */
  config: object | string;
  /** The header's value itself, where its encoding is the attack. */
  encoded?: string;
  settings?: {
    kubeconfigExecAllow?: string[];
    kubeconfigServerAllow?: string[];
    kubeconfigServerDeny?: string[];
    cloudEnv?: boolean;
  };
  /** Default: the server is bound beyond loopback. */
  loopbackOnly?: boolean;
  /** What a scripted resolver answers, one list per question; the last stays. Other names are not known. */
  dns?: Record<string, string[][]>;
  code: 'kubeconfig_refused' | 'invalid_argument' | 'cluster_unreachable';
  /** Of one of the problems; none for what fails without any. */
  field?: string;
}

const b64 = (text: string) => Buffer.from(text).toString('base64');
export const CA_PEM = '-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n';
export const KEY_PEM = '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n';
const EXEC_V1 = 'client.authentication.k8s.io/v1';
const EKS = 'https://ABCDEF.gr7.eu-west-1.eks.amazonaws.com';
const EKS_ARGS = ['--region', 'eu-west-1', 'eks', 'get-token', '--cluster-name', 'prod', '--output', 'json'];

export interface Parts {
  cluster?: unknown;
  user?: unknown;
  context?: unknown;
  /** Top-level fields. */
  more?: object;
}

/** A kubeconfig that is fine but for the parts given. */
export function kubeconfig({ cluster, user, context, more }: Parts = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'c', cluster: cluster ?? { server: 'https://api.test:6443', 'certificate-authority-data': b64(CA_PEM) } },
    ],
    users: [{ name: 'u', user: user ?? { token: 'canary-token' } }],
    contexts: [{ name: 'x', context: context ?? { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
    ...more,
  };
}

const shell = { apiVersion: EXEC_V1, command: '/bin/sh', args: ['-c', 'touch {{dir}}/canary-ran'] };
const server = (url: string) => kubeconfig({ cluster: { server: url } });
const exec = (over: object) =>
  kubeconfig({ cluster: { server: EKS }, user: { exec: { apiVersion: EXEC_V1, ...over } } });
const allowExec = { kubeconfigExecAllow: ['aws', 'kubelogin', 'gke-gcloud-auth-plugin', 'aws-iam-authenticator'] };
const allowEks = { ...allowExec, kubeconfigServerAllow: ['*.eks.amazonaws.com'] };

const refused = (name: string, field: string, config: object | string, more: Partial<KubeconfigAttack> = {}) =>
  ({ name, config, code: 'kubeconfig_refused', field, ...more }) satisfies KubeconfigAttack;
const malformed = (name: string, field: string, config: object | string, more: Partial<KubeconfigAttack> = {}) =>
  ({ name, config, code: 'invalid_argument', field, ...more }) satisfies KubeconfigAttack;

const TEXT = `
apiVersion: v1
kind: Config
current-context: x
clusters: [{name: c, cluster: {server: "https://api.test:6443"}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
`;

/** Programs. */
const code: KubeconfigAttack[] = [
  refused('exec with a shell', 'users[0].user.exec', kubeconfig({ user: { exec: shell } })),
  refused('exec beside a token', 'users[0].user.exec', kubeconfig({ user: { token: 'canary', exec: shell } })),
  refused('exec in a user that no context names', 'users[1].user.exec', {
    ...kubeconfig(),
    users: [
      { name: 'u', user: { token: 'canary' } },
      { name: 'other', user: { exec: shell } },
    ],
  }),
  refused('exec in an entry without a name', 'users[0].user.exec', {
    ...kubeconfig(),
    users: [{ user: { exec: shell } }],
  }),
  refused('exec that is a string', 'users[0].user.exec', kubeconfig({ user: { exec: '/bin/sh canary' } })),
  refused('exec that is a list', 'users[0].user.exec', kubeconfig({ user: { exec: ['/bin/sh'] } })),
  refused('exec that is an empty map', 'users[0].user.exec', kubeconfig({ user: { exec: {} } })),
  refused('Exec', 'users[0].user.Exec', kubeconfig({ user: { Exec: shell } })),
  refused('EXEC', 'users[0].user.EXEC', kubeconfig({ user: { EXEC: shell } })),
  refused('exec with full-width letters', 'users[0].user.(unknown field)', kubeconfig({ user: { ｅｘｅｃ: shell } })),
  refused(
    'exec with a zero width blank',
    'users[0].user.(unknown field)',
    kubeconfig({ user: { 'ex\u200bec': shell } }),
  ),
  refused('exec with a blank behind it', 'users[0].user.(unknown field)', kubeconfig({ user: { 'exec ': shell } })),
  refused(
    'exec as an escaped JSON key',
    'users[0].user.exec',
    `${JSON.stringify(kubeconfig()).replace('"token":"canary-token"', '"\\u0065xec":{"command":"/bin/sh"}')}`,
  ),
  refused(
    'exec in flow style',
    'users[0].user.exec',
    `${TEXT}users: [{name: u, user: {exec: {command: sh, args: [-c, "touch {{dir}}/canary-ran"]}}}]`,
  ),
  refused(
    'exec as an explicit key',
    'users[0].user.exec',
    `${TEXT}users:\n- name: u\n  user:\n    ? exec\n    : {command: sh}\n`,
  ),
  refused(
    'exec as a quoted key',
    'users[0].user.exec',
    `${TEXT}users:\n- name: u\n  user:\n    "e\\x78ec": {command: sh}\n`,
  ),
  malformed(
    'exec behind a merge key',
    'kubeconfig',
    `${TEXT}users:\n- name: u\n  user:\n    <<: {exec: {command: sh}}\n`,
  ),
  malformed(
    'exec behind a quoted merge key',
    'kubeconfig',
    `${TEXT}users:\n- name: u\n  user:\n    "<<": {exec: {command: sh}}\n`,
  ),
  malformed('exec by an alias', 'kubeconfig', `${TEXT}x: &e {command: sh}\nusers:\n- name: u\n  user: {exec: *e}\n`),
  malformed('a user by an alias', 'kubeconfig', `${TEXT}x: &e {exec: {command: sh}}\nusers:\n- {name: u, user: *e}\n`),
  malformed('an anchor that nothing uses', 'kubeconfig', `${TEXT}users:\n- {name: u, user: &a {token: canary}}\n`),
  malformed(
    'exec hidden by a repeated user',
    'kubeconfig',
    `${TEXT}users:\n- name: u\n  user: {exec: {command: sh}}\n  user: {token: canary}\n`,
  ),
  malformed(
    'exec hidden by a repeated list',
    'kubeconfig',
    `${TEXT}users:\n- {name: u, user: {exec: {command: sh}}}\nusers:\n- {name: u, user: {token: canary}}\n`,
  ),
  malformed('a repeated key in JSON', 'kubeconfig', '{"users":[],"users":[],"clusters":[]}'),
  malformed('two users of one name', 'users[1].name', {
    ...kubeconfig(),
    users: [
      { name: 'u', user: { token: 'canary' } },
      { name: 'u', user: { token: 'canary2' } },
    ],
  }),
  malformed(
    'exec in a second document',
    'kubeconfig',
    `${TEXT}users: []\n---\nusers: [{name: u, user: {exec: {command: sh}}}]\n`,
  ),
  malformed(
    'a tag that makes a program',
    'kubeconfig',
    `${TEXT}users: !!python/object/apply:os.system ["touch {{dir}}/canary-ran"]\n`,
  ),
  malformed('a standard tag', 'kubeconfig', `${TEXT}users: !!seq [{name: u, user: {token: !!str canary}}]\n`),
  malformed('a tag of its own', 'kubeconfig', `${TEXT}users: [{name: u, user: {token: !x canary}}]\n`),
  malformed('binary by a tag', 'kubeconfig', `${TEXT}users: [{name: u, user: {token: !!binary Y2FuYXJ5}}]\n`),
  malformed('a YAML directive', 'kubeconfig', `%YAML 1.1\n---${TEXT}`),
  malformed('a tag directive', 'kubeconfig', `%TAG ! tag:x,2000:\n---${TEXT}`),
  refused(
    'auth-provider gcp with cmd-path',
    'users[0].user.auth-provider',
    kubeconfig({
      user: {
        'auth-provider': {
          name: 'gcp',
          config: { 'cmd-path': '/bin/sh', 'cmd-args': '-c "touch {{dir}}/canary-ran"' },
        },
      },
    }),
  ),
  refused(
    'auth-provider oidc, which would call its issuer',
    'users[0].user.auth-provider',
    kubeconfig({
      user: {
        'auth-provider': {
          name: 'oidc',
          config: { 'idp-issuer-url': 'https://127.0.0.1:{{port}}', 'refresh-token': 'canary' },
        },
      },
    }),
  ),
  refused(
    'authProvider in camel case',
    'users[0].user.authProvider',
    kubeconfig({ user: { authProvider: { name: 'gcp' } } }),
  ),
  refused('auth_provider', 'users[0].user.auth_provider', kubeconfig({ user: { auth_provider: { name: 'gcp' } } })),
  refused(
    'the exec extension of a cluster',
    'clusters[0].cluster.extensions[0]',
    kubeconfig({
      cluster: {
        server: 'https://api.test',
        extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'canary' } }],
      },
    }),
  ),
  refused(
    'an unknown field in a user',
    'users[0].user.impersonate-everything',
    kubeconfig({ user: { 'impersonate-everything': true } }),
  ),
  refused(
    'a field named __proto__',
    'users[0].user.(unknown field)',
    `${TEXT}users: [{name: u, user: {"__proto__": {exec: {command: sh}}}}]`,
  ),
  refused(
    'a field named constructor',
    'users[0].user.constructor',
    kubeconfig({ user: { constructor: { exec: shell } } }),
  ),
  refused('users spelled Users', 'Users', { ...kubeconfig(), Users: [{ name: 'u', user: { exec: shell } }] }),
  refused('user spelled USER in its entry', 'users[0].USER', {
    ...kubeconfig(),
    users: [{ name: 'u', USER: { exec: shell } }],
  }),
];

/** Programs that the operator allows, in ways that it does not. */
const execRules: KubeconfigAttack[] = [
  refused('a program that is not on the list', 'users[0].user.exec.command', exec({ command: 'aws', args: EKS_ARGS }), {
    settings: { kubeconfigExecAllow: ['kubelogin'], kubeconfigServerAllow: ['*.eks.amazonaws.com'] },
  }),
  refused(
    'an allowed program without allowed servers',
    'users[0].user.exec',
    exec({ command: 'aws', args: EKS_ARGS }),
    { settings: allowExec },
  ),
  ...[
    '/tmp/aws',
    './aws',
    '../aws',
    'bin/aws',
    'aws.exe',
    'AWS',
    'aws ',
    ' aws',
    'aws;sh',
    'aws\n',
    '',
    '{{dir}}/aws',
  ].map((command) =>
    refused(`the command ${JSON.stringify(command)}`, 'users[0].user.exec.command', exec({ command, args: EKS_ARGS }), {
      settings: allowEks,
    }),
  ),
  refused('a command that is a number', 'users[0].user.exec.command', exec({ command: 7 }), { settings: allowEks }),
  refused('a command that is a property of objects', 'users[0].user.exec.command', exec({ command: 'constructor' }), {
    settings: allowEks,
  }),
  ...[
    ['another sub-command', ['s3', 'cp', 's3://canary', '-']],
    ['no arguments', []],
    ["the operator's profile", [...EKS_ARGS, '--profile', 'canary-admin']],
    ['another endpoint', [...EKS_ARGS, '--endpoint-url', 'https://127.0.0.1:{{port}}']],
    ['a CA bundle', [...EKS_ARGS, '--ca-bundle', '/etc/canary']],
    ['a cluster name that is a flag', ['eks', 'get-token', '--cluster-name', '--debug']],
    ['a cluster name joined to a flag', ['eks', 'get-token', '--cluster-name=--debug']],
    ['a cluster name with a file', ['eks', 'get-token', '--cluster-name', 'file:///etc/canary']],
    ['a region that is a host', ['eks', 'get-token', '--cluster-name', 'a', '--region', 'x.canary.test/']],
    ['a region with a line break', ['eks', 'get-token', '--cluster-name', 'a', '--region', 'eu-west-1\ncanary']],
    ['an option twice', [...EKS_ARGS, '--region', 'us-east-1']],
    [
      'an option in two spellings',
      [
        'eks',
        'get-token',
        '--cluster-name',
        'a',
        '--role',
        'arn:aws:iam::123456789012:role/a',
        '--role-arn',
        'arn:aws:iam::123456789012:role/b',
      ],
    ],
    ['a role that is none', ['eks', 'get-token', '--cluster-name', 'a', '--role-arn', 'canary']],
    ['an option without its value', ['eks', 'get-token', '--cluster-name']],
    ['another output', ['eks', 'get-token', '--cluster-name', 'a', '--output', 'text']],
    ['an abbreviated option', ['eks', 'get-token', '--cluster', 'a']],
    ['a word too many', [...EKS_ARGS, 'canary']],
    ['a double dash', ['eks', 'get-token', '--', '--cluster-name', 'a']],
  ].map(([what, args]) =>
    refused(`aws with ${what}`, 'users[0].user.exec.args', exec({ command: 'aws', args }), { settings: allowEks }),
  ),
  malformed('arguments that are no list', 'users[0].user.exec.args', exec({ command: 'aws', args: 'eks get-token' }), {
    settings: { ...allowEks, kubeconfigExecAllow: ['aws'] },
    code: 'kubeconfig_refused',
  }),
  malformed(
    'arguments that are no strings',
    'users[0].user.exec.args',
    exec({ command: 'aws', args: [['eks'], { a: 1 }] }),
    { settings: allowEks },
  ),
  refused(
    'a region by variable that is a host',
    'users[0].user.exec.env[0].value',
    exec({ command: 'aws', args: EKS_ARGS, env: [{ name: 'AWS_REGION', value: 'canary.test/?' }] }),
    { settings: allowEks },
  ),
  refused(
    'a program that wants a terminal',
    'users[0].user.exec.interactiveMode',
    exec({ command: 'aws', args: EKS_ARGS, interactiveMode: 'Always' }),
    { settings: allowEks },
  ),
  malformed(
    'an exec API that is gone',
    'users[0].user.exec.apiVersion',
    kubeconfig({
      cluster: { server: EKS },
      user: { exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1', command: 'aws', args: EKS_ARGS } },
    }),
    { settings: allowEks },
  ),
  refused(
    'an unknown field of exec',
    'users[0].user.exec.stdin',
    exec({ command: 'aws', args: EKS_ARGS, stdin: 'canary' }),
    { settings: allowEks },
  ),
  malformed(
    'a program beside a token',
    'users[0].user',
    kubeconfig({
      cluster: { server: EKS },
      user: { token: 'canary', exec: { apiVersion: EXEC_V1, command: 'aws', args: EKS_ARGS } },
    }),
    { settings: allowEks },
  ),
  ...[
    'https://eks.amazonaws.com.canary.test',
    'https://canary.test/x.eu-west-1.eks.amazonaws.com',
    'https://127.0.0.1:{{port}}',
    'https://3.3.3.3',
    'http://localhost:{{port}}',
    'https://abc.execute-api.eu-west-1.api.aws',
  ].map((url) =>
    refused(
      `aws for the server ${url}`,
      'clusters[0].cluster.server',
      kubeconfig({ cluster: { server: url }, user: { exec: { apiVersion: EXEC_V1, command: 'aws', args: EKS_ARGS } } }),
      {
        settings: { ...allowExec, kubeconfigServerAllow: ['*'] },
      },
    ),
  ),
  refused(
    'aws for a cloud server that the operator does not allow',
    'clusters[0].cluster.server',
    exec({ command: 'aws', args: EKS_ARGS }),
    { settings: { ...allowExec, kubeconfigServerAllow: ['*.azmk8s.io'] } },
  ),
  refused(
    'aws without verification of the server',
    'clusters[0].cluster.insecure-skip-tls-verify',
    kubeconfig({
      cluster: { server: EKS, 'insecure-skip-tls-verify': true },
      user: { exec: { apiVersion: EXEC_V1, command: 'aws', args: EKS_ARGS } },
    }),
    { settings: allowEks },
  ),
  refused(
    'gke for an address that only a network allows',
    'clusters[0].cluster.server',
    kubeconfig({
      cluster: { server: 'https://34.1.2.3' },
      user: { exec: { apiVersion: EXEC_V1, command: 'gke-gcloud-auth-plugin' } },
    }),
    {
      settings: { ...allowExec, kubeconfigServerAllow: ['34.0.0.0/8', '*'] },
    },
  ),
  refused(
    'gke with arguments',
    'users[0].user.exec.args',
    kubeconfig({
      cluster: { server: 'https://a.europe-west1.gke.goog' },
      user: { exec: { apiVersion: EXEC_V1, command: 'gke-gcloud-auth-plugin', args: ['--help'] } },
    }),
    {
      settings: { ...allowExec, kubeconfigServerAllow: ['*.gke.goog'] },
    },
  ),
  ...[
    [
      'a token for another API',
      ['get-token', '--login', 'azurecli', '--server-id', '00000003-0000-0000-c000-000000000000'],
    ],
    [
      'a sign-in that asks a person',
      ['get-token', '--login', 'devicecode', '--server-id', '6dae42f8-4368-4678-94ff-3960e28e3630'],
    ],
    [
      'another authority',
      [
        'get-token',
        '--login',
        'azurecli',
        '--server-id',
        '6dae42f8-4368-4678-94ff-3960e28e3630',
        '--authority-host',
        'https://127.0.0.1:{{port}}',
      ],
    ],
    [
      'an issuer (the other kubelogin)',
      ['get-token', '--oidc-issuer-url=https://127.0.0.1:{{port}}', '--oidc-client-id=canary'],
    ],
    ['a browser command', ['get-token', '--browser-command', 'sh -c canary']],
  ].map(([what, args]) =>
    refused(
      `kubelogin with ${what}`,
      'users[0].user.exec.args',
      kubeconfig({
        cluster: { server: 'https://a.hcp.westeurope.azmk8s.io' },
        user: { exec: { apiVersion: EXEC_V1, command: 'kubelogin', args } },
      }),
      {
        settings: { ...allowExec, kubeconfigServerAllow: ['*.azmk8s.io'] },
      },
    ),
  ),
];

/** Files of the server. */
const files: KubeconfigAttack[] = [
  refused('tokenFile', 'users[0].user.tokenFile', kubeconfig({ user: { tokenFile: '{{dir}}/canary' } })),
  refused(
    'tokenFile beside a token',
    'users[0].user.tokenFile',
    kubeconfig({ user: { token: 'canary', tokenFile: '{{dir}}/canary' } }),
  ),
  refused(
    'tokenFile of the pod',
    'users[0].user.tokenFile',
    kubeconfig({ user: { tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token' } }),
  ),
  refused('token-file', 'users[0].user.token-file', kubeconfig({ user: { 'token-file': '{{dir}}/canary' } })),
  refused('TokenFile', 'users[0].user.TokenFile', kubeconfig({ user: { TokenFile: '{{dir}}/canary' } })),
  refused(
    'client-certificate',
    'users[0].user.client-certificate',
    kubeconfig({ user: { 'client-certificate': '{{dir}}/canary', 'client-key-data': b64(KEY_PEM) } }),
  ),
  refused(
    'client-key',
    'users[0].user.client-key',
    kubeconfig({ user: { 'client-certificate-data': b64(CA_PEM), 'client-key': '{{dir}}/canary' } }),
  ),
  refused(
    'client-key beside client-key-data',
    'users[0].user.client-key',
    kubeconfig({
      user: { 'client-certificate-data': b64(CA_PEM), 'client-key-data': b64(KEY_PEM), 'client-key': '{{dir}}/canary' },
    }),
  ),
  refused('clientKey in camel case', 'users[0].user.clientKey', kubeconfig({ user: { clientKey: '{{dir}}/canary' } })),
  refused(
    'certificate-authority',
    'clusters[0].cluster.certificate-authority',
    kubeconfig({ cluster: { server: 'https://api.test', 'certificate-authority': '{{dir}}/canary' } }),
  ),
  refused(
    'certificate-authority as a URL',
    'clusters[0].cluster.certificate-authority',
    kubeconfig({ cluster: { server: 'https://api.test', 'certificate-authority': 'file://{{dir}}/canary' } }),
  ),
  refused(
    'Certificate-Authority',
    'clusters[0].cluster.Certificate-Authority',
    kubeconfig({ cluster: { server: 'https://api.test', 'Certificate-Authority': '{{dir}}/canary' } }),
  ),
  refused('a device as the key', 'users[0].user.client-key', kubeconfig({ user: { 'client-key': '/dev/zero' } })),
];

/** Ways of the connection. */
const ways: KubeconfigAttack[] = [
  refused(
    'proxy-url',
    'clusters[0].cluster.proxy-url',
    kubeconfig({ cluster: { server: 'https://api.test', 'proxy-url': 'http://127.0.0.1:{{port}}' } }),
  ),
  refused(
    'proxy-url by socks',
    'clusters[0].cluster.proxy-url',
    kubeconfig({ cluster: { server: 'https://api.test', 'proxy-url': 'socks5://127.0.0.1:{{port}}' } }),
  ),
  refused(
    'proxyURL',
    'clusters[0].cluster.proxyURL',
    kubeconfig({ cluster: { server: 'https://api.test', proxyURL: 'http://127.0.0.1:{{port}}' } }),
  ),
  refused(
    'an unknown field in a cluster',
    'clusters[0].cluster.unix-socket',
    kubeconfig({ cluster: { server: 'https://api.test', 'unix-socket': '/run/canary' } }),
  ),
];

const LOOPBACK_FORMS = [
  'https://127.0.0.1:{{port}}',
  'https://localhost:{{port}}',
  'https://LOCALHOST:{{port}}',
  'https://localhost.:{{port}}',
  'https://foo.localhost:{{port}}',
  'https://127.0.0.1.:{{port}}',
  'https://127.1:{{port}}',
  'https://127.255.255.254:{{port}}',
  'https://2130706433:{{port}}',
  'https://0x7f000001:{{port}}',
  'https://0x7f.1:{{port}}',
  'https://0177.0.0.1:{{port}}',
  'https://017700000001:{{port}}',
  'https://127.0.0.1%2e:{{port}}',
  'https://１２７.0.0.1:{{port}}',
  'https://127。0。0。1:{{port}}',
  'https://[::1]:{{port}}',
  'https://[0:0:0:0:0:0:0:1]:{{port}}',
  'https://[::ffff:127.0.0.1]:{{port}}',
  'https://[::ffff:7f00:1]:{{port}}',
  'https://[::127.0.0.1]:{{port}}',
  'https://[64:ff9b::7f00:1]:{{port}}',
  'https://[2002:7f00:1::]:{{port}}',
  'https:127.0.0.1:{{port}}',
  'http://127.0.0.1:{{port}}',
  '127.0.0.1:{{port}}',
  'localhost:{{port}}',
];

const DENIED_ADDRESSES = [
  'https://169.254.169.254',
  'https://169.254.169.254/latest/meta-data',
  'https://2852039166',
  'https://0xa9fea9fe',
  'https://0251.0376.0251.0376',
  'https://[::ffff:a9fe:a9fe]',
  'https://169.254.170.2',
  'https://169.254.1.1',
  'https://100.100.100.200',
  'https://168.63.129.16',
  'https://[fd00:ec2::254]',
  'https://[fe80::1]',
  'https://metadata.google.internal',
  'https://METADATA.google.internal.',
  'https://metadata',
  'https://0.0.0.0:{{port}}',
  'https://0:{{port}}',
  'https://[::]:{{port}}',
  'https://224.0.0.1',
  'https://[ff02::1]',
  'https://255.255.255.255',
  'https://240.0.0.1',
];

/** Servers. */
const servers: KubeconfigAttack[] = [
  ...LOOPBACK_FORMS.map((url) =>
    /^https:1/.test(url)
      ? malformed(`the server ${url}`, 'clusters[0].cluster.server', server(url))
      : refused(`the server ${url}`, 'clusters[0].cluster.server', server(url)),
  ),
  ...DENIED_ADDRESSES.map((url) =>
    refused(`the server ${url}`, 'clusters[0].cluster.server', server(url), { loopbackOnly: true }),
  ),
  ...[
    'https://127.0.0.1:{{own}}',
    'https://localhost:{{own}}',
    'https://[::1]:{{own}}',
    'https://[::ffff:127.0.0.1]:{{own}}',
    'http://127.0.0.1:{{own}}',
  ].map((url) =>
    refused(`our own port as ${url}`, 'clusters[0].cluster.server', server(url), {
      loopbackOnly: true,
      dns: { localhost: [['127.0.0.1']] },
    }),
  ),
  refused(
    'our own port on an address of this machine',
    'clusters[0].cluster.server',
    server('https://10.9.8.7:{{own}}'),
  ),
  refused(
    'our own port on such an address inside IPv6',
    'clusters[0].cluster.server',
    server('https://[::ffff:10.9.8.7]:{{own}}'),
  ),
  refused('http beyond loopback', 'clusters[0].cluster.server', server('http://api.test')),
  refused('http to an address', 'clusters[0].cluster.server', server('http://10.0.0.1:8080')),
  refused('a user in the URL', 'clusters[0].cluster.server', server('https://canary@api.test')),
  refused('a password in the URL', 'clusters[0].cluster.server', server('https://u:canary@169.254.169.254')),
  refused('a host before an at sign', 'clusters[0].cluster.server', server('https://api.test:443@127.0.0.1:{{port}}')),
  refused(
    'a path into the API',
    'clusters[0].cluster.server',
    server('https://api.test/api/v1/namespaces/kube-system/services/canary/proxy'),
  ),
  refused('a path into the API by dots', 'clusters[0].cluster.server', server('https://api.test/k8s/..;/secret')),
  refused('an encoded path', 'clusters[0].cluster.server', server('https://api.test/a%2f..%2fapi')),
  refused('two slashes', 'clusters[0].cluster.server', server('https://api.test//x')),
  malformed('a query', 'clusters[0].cluster.server', server('https://api.test/?canary=1')),
  malformed('a fragment', 'clusters[0].cluster.server', server('https://api.test/#canary')),
  malformed('a backslash', 'clusters[0].cluster.server', server('https://api.test\\@127.0.0.1:{{port}}')),
  malformed('a line break', 'clusters[0].cluster.server', server('https://api.test\r\nHost: canary')),
  malformed('a tab in the host', 'clusters[0].cluster.server', server('https://127.0\t.0.1:{{port}}')),
  malformed('file', 'clusters[0].cluster.server', server('file:///etc/canary')),
  malformed('unix', 'clusters[0].cluster.server', server('unix:///run/canary.sock')),
  malformed('ftp', 'clusters[0].cluster.server', server('ftp://canary.test')),
  malformed('gopher', 'clusters[0].cluster.server', server('gopher://127.0.0.1:{{port}}/canary')),
  malformed('no host', 'clusters[0].cluster.server', server('https://')),
  malformed('three slashes', 'clusters[0].cluster.server', server('https:///canary.test')),
  malformed('a port that is none', 'clusters[0].cluster.server', server('https://api.test:99999')),
  malformed('port 0', 'clusters[0].cluster.server', server('https://api.test:0')),
  malformed('an address that overflows', 'clusters[0].cluster.server', server('https://127.0.0.256')),
  malformed('no server', 'clusters[0].cluster.server', kubeconfig({ cluster: {} })),
  malformed('a server that is a map', 'clusters[0].cluster.server', kubeconfig({ cluster: { server: { canary: 1 } } })),
  refused('a host that the operator denies', 'clusters[0].cluster.server', server('https://db.corp.test'), {
    settings: { kubeconfigServerDeny: ['*.corp.test'] },
  }),
  refused(
    'the same with a trailing dot and in capitals',
    'clusters[0].cluster.server',
    server('https://DB.corp.test.'),
    { settings: { kubeconfigServerDeny: ['*.corp.test'] } },
  ),
  refused('a denied network', 'clusters[0].cluster.server', server('https://10.1.2.3'), {
    settings: { kubeconfigServerDeny: ['10.0.0.0/8'] },
  }),
  refused('a denied network inside IPv6', 'clusters[0].cluster.server', server('https://[::ffff:10.1.2.3]'), {
    settings: { kubeconfigServerDeny: ['10.0.0.0/8'] },
  }),
  refused('denied and allowed', 'clusters[0].cluster.server', server('https://10.1.2.3'), {
    settings: { kubeconfigServerAllow: ['10.1.2.3'], kubeconfigServerDeny: ['10.0.0.0/8'] },
  }),
  refused('a host that is not allowed', 'clusters[0].cluster.server', server('https://canary.test'), {
    settings: { kubeconfigServerAllow: ['*.corp.test'] },
  }),
  refused('the domain itself of an allowed wildcard', 'clusters[0].cluster.server', server('https://corp.test'), {
    settings: { kubeconfigServerAllow: ['*.corp.test'] },
  }),
  refused('a name that ends like an allowed one', 'clusters[0].cluster.server', server('https://evilcorp.test'), {
    settings: { kubeconfigServerAllow: ['*.corp.test'] },
  }),
  refused('another port of an allowed host', 'clusters[0].cluster.server', server('https://api.corp.test:22'), {
    settings: { kubeconfigServerAllow: ['api.corp.test:6443'] },
  }),
  refused('metadata that the operator allows', 'clusters[0].cluster.server', server('https://169.254.169.254'), {
    settings: { kubeconfigServerAllow: ['169.254.0.0/16', '*'] },
  }),
];

/** Names whose answers are the attack. */
const rebinding: KubeconfigAttack[] = [
  ...[
    ['loopback', ['127.0.0.1']],
    ['IPv6 loopback', ['::1']],
    ['mapped loopback', ['::ffff:127.0.0.1']],
    ['metadata', ['169.254.169.254']],
    ['IPv6 metadata', ['fd00:ec2::254']],
    ['link-local', ['fe80::1']],
    ['unspecified', ['0.0.0.0']],
    ['a good and a bad address', ['34.1.2.3', '127.0.0.1']],
    ['a bad and a good address', ['127.0.0.1', '34.1.2.3']],
    ['no address at all', ['canary']],
  ].map(([what, answers]) =>
    refused(`a name that leads to ${what}`, 'clusters[0].cluster.server', server('https://rebind.test:{{port}}'), {
      dns: { 'rebind.test': [answers as string[]] },
    }),
  ),
  refused('a name that leads to a denied network', 'clusters[0].cluster.server', server('https://rebind.test'), {
    dns: { 'rebind.test': [['10.1.2.3']] },
    settings: { kubeconfigServerDeny: ['10.0.0.0/8'] },
  }),
  refused(
    'a name that leads to none of the allowed networks',
    'clusters[0].cluster.server',
    server('https://rebind.test'),
    { dns: { 'rebind.test': [['34.1.2.3']] }, settings: { kubeconfigServerAllow: ['10.0.0.0/8'] } },
  ),
  refused('an allowed name that leads to metadata', 'clusters[0].cluster.server', server('https://api.corp.test'), {
    dns: { 'api.corp.test': [['169.254.169.254']] },
    settings: { kubeconfigServerAllow: ['*.corp.test'] },
  }),
  refused('a name that leads to our own port', 'clusters[0].cluster.server', server('https://rebind.test:{{own}}'), {
    dns: { 'rebind.test': [['127.0.0.1']] },
    loopbackOnly: true,
  }),
  refused(
    'localhost over http that leads elsewhere',
    'clusters[0].cluster.server',
    server('http://localhost:{{port}}'),
    { dns: { localhost: [['34.1.2.3']] }, loopbackOnly: true },
  ),
  { name: 'a name that DNS does not know', config: server('https://nowhere.test'), code: 'cluster_unreachable' },
  {
    name: 'a name without an address',
    config: server('https://empty.test'),
    dns: { 'empty.test': [[]] },
    code: 'cluster_unreachable',
  },
];

const deep = (open: string, close: string, times: number) => `x: ${open.repeat(times)}${close.repeat(times)}\n`;

/** Texts that are to exhaust or confuse a reader. */
const texts: KubeconfigAttack[] = [
  malformed('nothing', 'kubeconfig', '', { encoded: '' }),
  malformed('blanks', 'kubeconfig', '', { encoded: ' \n\t ' }),
  malformed('raw YAML', 'kubeconfig', '', { encoded: 'apiVersion: v1' }),
  malformed('characters of neither alphabet', 'kubeconfig', '', { encoded: 'YWJj*ZGVm' }),
  malformed('both alphabets at once', 'kubeconfig', '', { encoded: 'YW+j_GVm' }),
  malformed('padding in the middle', 'kubeconfig', '', { encoded: 'YQ==YQ==' }),
  malformed('too much padding', 'kubeconfig', '', { encoded: 'YWE===' }),
  malformed('padding that is wrong', 'kubeconfig', '', { encoded: 'YWFh=' }),
  malformed('a length that no bytes have', 'kubeconfig', '', { encoded: 'YWFhY' }),
  malformed('a data URL', 'kubeconfig', '', { encoded: `data:text/yaml;base64,${b64('a: b')}` }),
  malformed('a NUL in the encoding', 'kubeconfig', '', { encoded: `${b64('a: b')}\0` }),
  malformed('bytes that are no UTF-8', 'kubeconfig', '', {
    encoded: Buffer.from([0x61, 0x3a, 0xff, 0xfe]).toString('base64'),
  }),
  malformed('UTF-16', 'kubeconfig', '', { encoded: Buffer.from('a: b', 'utf16le').toString('base64') }),
  malformed('an overlong UTF-8 form', 'kubeconfig', '', { encoded: Buffer.from([0xc0, 0xae]).toString('base64') }),
  malformed('a gzip', 'kubeconfig', '', { encoded: 'H4sIAAAAAAAAA0vMUbBSSAIAxoQ5AAYAAAA=' }),
  malformed('a NUL in the text', 'kubeconfig', `${TEXT}users: []\0`),
  malformed('an escape sequence', 'kubeconfig', `${TEXT}users: []\u001b[31m`),
  malformed('a line separator', 'kubeconfig', `${TEXT}x: "a\u2028b"`),
  malformed('300 KiB', 'kubeconfig', `x: "${'a'.repeat(300 * 1024)}"`),
  malformed('4 MiB, not even decoded', 'kubeconfig', `x: "${'a'.repeat(4 * 1024 * 1024)}"`),
  malformed('a list as the document', 'kubeconfig', '[1, 2]'),
  malformed('text as the document', 'kubeconfig', 'canary'),
  malformed('a number as the document', 'kubeconfig', '42'),
  malformed('only a comment', 'kubeconfig', '# canary'),
  malformed('YAML that breaks off', 'kubeconfig', 'clusters: [{name: "canary'),
  malformed('JSON that breaks off', 'kubeconfig', '{"clusters": [{"name": "canary"'),
  malformed('two documents', 'kubeconfig', `${TEXT}---\n${TEXT}`),
  malformed('sequences 100,000 deep', 'kubeconfig', deep('[', ']', 100_000)),
  malformed('maps 20,000 deep', 'kubeconfig', deep('{a: ', '}', 20_000)),
  malformed('maps 100 deep', 'kubeconfig', deep('{a: ', '}', 100)),
  malformed('block sequences 5,000 deep', 'kubeconfig', `x:\n${'- '.repeat(5_000)}a\n`),
  malformed('100,000 empty items', 'kubeconfig', `x: [${','.repeat(100_000)}]`),
  malformed('60,000 keys', 'kubeconfig', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')),
  malformed(
    'a bomb of aliases',
    'kubeconfig',
    `a: &a [x,x]\n${Array.from({ length: 25 }, (_, i) => `${String.fromCharCode(98 + i)}: &${String.fromCharCode(98 + i)} [*${String.fromCharCode(97 + i)},*${String.fromCharCode(97 + i)}]`).join('\n')}`,
  ),
  malformed('an alias of itself', 'kubeconfig', 'users: &a [*a]'),
  malformed('a key that is a map', 'kubeconfig', `${TEXT}? {a: b}\n: c\n`),
  malformed('a List', 'kind', { ...kubeconfig(), kind: 'List' }),
  malformed('another version', 'apiVersion', { ...kubeconfig(), apiVersion: 'v2' }),
  malformed('a kind that is a map', 'kind', { ...kubeconfig(), kind: { canary: 1 } }),
  malformed('no contexts', 'contexts', { ...kubeconfig(), contexts: [] }),
  malformed('clusters that are a map', 'clusters', { ...kubeconfig(), clusters: { c: { server: 'canary' } } }),
  malformed('users that are text', 'users', { ...kubeconfig(), users: 'canary' }),
  malformed('a user that is text', 'users[0].user', kubeconfig({ user: 'canary' })),
  malformed('a user that is a list', 'users[0].user', kubeconfig({ user: ['canary'] })),
  malformed('an entry that is text', 'users[0]', { ...kubeconfig(), users: ['canary'] }),
  malformed('a name that is a number', 'users[0].name', { ...kubeconfig(), users: [{ name: 5, user: {} }] }),
  malformed('a token that is a number', 'users[0].user.token', kubeconfig({ user: { token: 12345 } })),
  malformed('a token that is a list', 'users[0].user.token', kubeconfig({ user: { token: ['canary'] } })),
  malformed(
    'a token with a line break',
    'users[0].user.token',
    kubeconfig({ user: { token: 'canary\r\nX-Remote-User: admin' } }),
  ),
  malformed('a token with a blank', 'users[0].user.token', kubeconfig({ user: { token: 'canary canary' } })),
  malformed('a token with a NUL', 'users[0].user.token', kubeconfig({ user: { token: 'canary\0' } })),
  malformed(
    'a token and a password',
    'users[0].user',
    kubeconfig({ user: { token: 'canary', username: 'u', password: 'canary' } }),
  ),
  malformed(
    'a certificate without a key',
    'users[0].user',
    kubeconfig({ user: { 'client-certificate-data': b64(CA_PEM) } }),
  ),
  malformed(
    'a key that is no PEM',
    'users[0].user.client-key-data',
    kubeconfig({ user: { 'client-certificate-data': b64(CA_PEM), 'client-key-data': b64('/etc/canary') } }),
  ),
  malformed(
    'a certificate that is no base64',
    'users[0].user.client-certificate-data',
    kubeconfig({ user: { 'client-certificate-data': '*canary*', 'client-key-data': b64(KEY_PEM) } }),
  ),
  malformed(
    'a CA beside no verification',
    'clusters[0].cluster.insecure-skip-tls-verify',
    kubeconfig({
      cluster: {
        server: 'https://api.test',
        'insecure-skip-tls-verify': true,
        'certificate-authority-data': b64(CA_PEM),
      },
    }),
  ),
  malformed(
    'verification that is text',
    'clusters[0].cluster.insecure-skip-tls-verify',
    kubeconfig({ cluster: { server: 'https://api.test', 'insecure-skip-tls-verify': 'canary' } }),
  ),
  malformed(
    'a server name with a line break',
    'clusters[0].cluster.tls-server-name',
    kubeconfig({ cluster: { server: 'https://api.test', 'tls-server-name': 'a\nb' } }),
  ),
  malformed(
    'a server name with a path',
    'clusters[0].cluster.tls-server-name',
    kubeconfig({ cluster: { server: 'https://api.test', 'tls-server-name': '../canary' } }),
  ),
  malformed(
    'groups without as',
    'users[0].user',
    kubeconfig({ user: { token: 'canary', 'as-groups': ['system:masters'] } }),
  ),
  malformed(
    'as with a line break',
    'users[0].user.as',
    kubeconfig({ user: { token: 'canary', as: 'admin\r\nImpersonate-Group: system:masters' } }),
  ),
  malformed(
    'a group with a line break',
    'users[0].user.as-groups[0]',
    kubeconfig({ user: { token: 'canary', as: 'a', 'as-groups': ['a\nb'] } }),
  ),
  malformed(
    'an extra key with a line break',
    'users[0].user.as-user-extra.(key)',
    kubeconfig({ user: { token: 'canary', as: 'a', 'as-user-extra': { 'a\r\nX: canary': ['b'] } } }),
  ),
  malformed(
    'a thousand groups',
    'users[0].user.as-groups',
    kubeconfig({ user: { token: 'canary', as: 'a', 'as-groups': Array.from({ length: 1000 }, () => 'g') } }),
  ),
  malformed(
    'a namespace with a path',
    'contexts[0].context.namespace',
    kubeconfig({ context: { cluster: 'c', user: 'u', namespace: '../../canary' } }),
  ),
  malformed(
    'a context of a cluster that is not there',
    'contexts[0].context.cluster',
    kubeconfig({ context: { cluster: 'canary', user: 'u' } }),
  ),
  malformed(
    'a context of a user that is not there',
    'contexts[0].context.user',
    kubeconfig({ context: { cluster: 'c', user: 'canary' } }),
  ),
  malformed('a context without a cluster', 'contexts[0].context.cluster', kubeconfig({ context: { user: 'u' } })),
  malformed('a context name with control characters', 'contexts[0].name', {
    ...kubeconfig(),
    contexts: [{ name: 'a\u202eb\u0007', context: { cluster: 'c' } }],
  }),
  malformed('a context name of 10,000 characters', 'contexts[0].name', {
    ...kubeconfig(),
    contexts: [{ name: 'a'.repeat(10_000), context: { cluster: 'c' } }],
  }),
];

export const KUBECONFIG_ATTACKS: readonly KubeconfigAttack[] = [
  ...code,
  ...execRules,
  ...files,
  ...ways,
  ...servers,
  ...rebinding,
  ...texts,
];
