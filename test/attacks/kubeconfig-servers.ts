import { type KubeconfigAttack, kubeconfig, malformed, refused, server } from './kubeconfig-parts.ts';

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
export const SERVERS: readonly KubeconfigAttack[] = [
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
export const REBINDING: readonly KubeconfigAttack[] = [
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
