/** Kubeconfigs on the test cluster that would work, but for one thing each that no caller may bring. */
import { join } from 'node:path';
import { type CallerConfig, encode } from './callers.ts';
import { scratchFolder } from './product.ts';

/** A caller's kubeconfig that would work but for one thing. */
export interface SpoiltKubeconfig {
  what: string;
  code: 'kubeconfig_refused' | 'invalid_argument';
  field: string;
  /** Changes a kubeconfig that works. */
  spoil: (config: CallerConfig, ports: { own: number }) => unknown;
}

const folder = scratchFolder();
/** Left by the program that must not run. */
export const RAN = join(folder, 'ran');
export const FILES = {
  ca: join(folder, 'ca.pem'),
  cert: join(folder, 'cert.pem'),
  key: join(folder, 'key.pem'),
  token: join(folder, 'token'),
};

export const inUser = (user: Record<string, unknown>) => (config: CallerConfig) => ({
  ...config,
  users: [{ name: 'prod', user }],
});
export const inCluster = (cluster: Record<string, unknown>) => (config: CallerConfig) => ({
  ...config,
  clusters: config.clusters.map((entry) => ({ ...entry, cluster: { ...entry.cluster, ...cluster } })),
});
const atServer = (what: string, url: string): SpoiltKubeconfig => ({
  what,
  code: 'kubeconfig_refused',
  field: 'clusters[0].cluster.server',
  spoil: (config, { own }) => inCluster({ server: url.replace('OWN', String(own)) })(config),
});
const ofUser = (field: string, user: Record<string, unknown>, what = field): SpoiltKubeconfig => ({
  what,
  code: 'kubeconfig_refused',
  field: `users[0].user.${field}`,
  spoil: inUser(user),
});
const touch = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: '/bin/sh',
  args: ['-c', `touch ${RAN}`],
  interactiveMode: 'Never',
};

/** What is refused of them, each with its field. The tests fill FILES with what is right: read, it would work. */
export const REFUSED: readonly SpoiltKubeconfig[] = [
  ofUser('exec', { exec: touch }, 'a credential program'),
  ofUser('exec', { exec: { ...touch, command: 'aws', args: ['eks', 'get-token', '--cluster-name', 'x'] } }, 'aws'),
  ofUser('auth-provider', { 'auth-provider': { name: 'oidc', config: { 'idp-issuer-url': 'https://127.0.0.1:1' } } }),
  ofUser('tokenFile', { tokenFile: FILES.token }),
  ofUser('client-certificate', { 'client-certificate': FILES.cert, 'client-key': FILES.key }),
  ofUser('client-key', { 'client-certificate': FILES.cert, 'client-key': FILES.key }),
  {
    what: 'certificate-authority',
    code: 'kubeconfig_refused',
    field: 'clusters[0].cluster.certificate-authority',
    spoil: inCluster({ 'certificate-authority': FILES.ca, 'certificate-authority-data': undefined }),
  },
  {
    what: 'proxy-url',
    code: 'kubeconfig_refused',
    field: 'clusters[0].cluster.proxy-url',
    spoil: inCluster({ 'proxy-url': 'http://127.0.0.1:3128' }),
  },
  atServer('the metadata address', 'https://169.254.169.254'),
  atServer('the metadata address as a number', 'https://2852039166'),
  atServer('a metadata name', 'https://metadata.google.internal'),
  atServer('the unspecified address', 'https://0.0.0.0:6443'),
  atServer("the server's own port", 'http://127.0.0.1:OWN'),
  atServer("the server's own port by name", 'https://localhost:OWN'),
  atServer("the server's own port in IPv6", 'https://[::ffff:127.0.0.1]:OWN'),
  atServer('a password in the URL', 'https://user:secret-password@127.0.0.1:6443'),
  atServer('a path into the API', `https://127.0.0.1:6443/api/v1`),
  {
    what: 'YAML aliases',
    code: 'invalid_argument',
    field: 'kubeconfig',
    spoil: () => Buffer.from('a: &a [x]\nb: [*a, *a]\n').toString('base64'),
  },
  { what: 'no base64', code: 'invalid_argument', field: 'kubeconfig', spoil: () => 'a kubeconfig, as it is: {}' },
];

export const isOwnPort = ({ what }: SpoiltKubeconfig) => what.includes('own port');
export const encodedOf = ({ spoil }: SpoiltKubeconfig, config: CallerConfig, own: number): string => {
  const spoilt = spoil(config, { own });
  return typeof spoilt === 'string' ? spoilt : encode(spoilt as object);
};
