/** What hostile kubeconfigs are made of. `{{dir}}` is a folder with canaries, `{{port}}` a canary listener on this machine; every secret holds the word `canary`. */
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

export const b64 = (text: string) => Buffer.from(text).toString('base64');
export const CA_PEM = '-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n';
export const KEY_PEM = '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n';
export const EXEC_V1 = 'client.authentication.k8s.io/v1';
export const EKS = 'https://ABCDEF.gr7.eu-west-1.eks.amazonaws.com';
export const EKS_ARGS = ['--region', 'eu-west-1', 'eks', 'get-token', '--cluster-name', 'prod', '--output', 'json'];

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

export const shell = { apiVersion: EXEC_V1, command: '/bin/sh', args: ['-c', 'touch {{dir}}/canary-ran'] };
export const server = (url: string) => kubeconfig({ cluster: { server: url } });
export const exec = (over: object) =>
  kubeconfig({ cluster: { server: EKS }, user: { exec: { apiVersion: EXEC_V1, ...over } } });
export const allowExec = {
  kubeconfigExecAllow: ['aws', 'kubelogin', 'gke-gcloud-auth-plugin', 'aws-iam-authenticator'],
};
export const allowEks = { ...allowExec, kubeconfigServerAllow: ['*.eks.amazonaws.com'] };

export const refused = (name: string, field: string, config: object | string, more: Partial<KubeconfigAttack> = {}) =>
  ({ name, config, code: 'kubeconfig_refused', field, ...more }) satisfies KubeconfigAttack;
export const malformed = (name: string, field: string, config: object | string, more: Partial<KubeconfigAttack> = {}) =>
  ({ name, config, code: 'invalid_argument', field, ...more }) satisfies KubeconfigAttack;

export const TEXT = `
apiVersion: v1
kind: Config
current-context: x
clusters: [{name: c, cluster: {server: "https://api.test:6443"}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
`;
