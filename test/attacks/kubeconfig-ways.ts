import { b64, CA_PEM, KEY_PEM, type KubeconfigAttack, kubeconfig, refused } from './kubeconfig-parts.ts';

/** Files of the server. */
export const FILES: readonly KubeconfigAttack[] = [
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
export const WAYS: readonly KubeconfigAttack[] = [
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
