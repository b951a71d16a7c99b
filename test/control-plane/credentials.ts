import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Authority,
  type Certificate,
  createAuthority,
  createSigningKey,
  issueClient,
  issueServer,
} from './pki.ts';

/** Everything secret of one control plane, and where its components read it. */
export interface Credentials {
  readonly authority: Authority;
  readonly admin: Certificate;
  readonly controllerManager: Certificate;
  readonly scheduler: Certificate;
  readonly viewer: Certificate;
  readonly editor: Certificate;
  readonly nobody: Certificate;
  readonly adminToken: string;
  /** A token the server never heard of, as one that has expired. */
  readonly unknownToken: string;
  /** The path of a file the components were given, by its short name. */
  readonly file: (name: CredentialFile) => string;
}

/** Names of the files under `pki/`. */
type CredentialFile =
  | 'ca.crt'
  | 'ca.key'
  | 'apiserver.crt'
  | 'apiserver.key'
  | 'kubelet.crt'
  | 'kubelet.key'
  | 'kubelet-client.crt'
  | 'kubelet-client.key'
  | 'front-proxy-ca.crt'
  | 'front-proxy.crt'
  | 'front-proxy.key'
  | 'service-account.pub'
  | 'service-account.key'
  | 'tokens.csv';

const API_SERVER_NAMES = [
  '127.0.0.1',
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  // The first address of the service range, under which pods would reach the API server.
  '10.96.0.1',
];

/** Mints all certificates, keys and tokens of a control plane and writes those its components read from files. */
export function createCredentials(folder: string): Credentials {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: CredentialFile) => join(folder, name);
  const write = (name: CredentialFile, text: string) => writeFileSync(file(name), text, { mode: 0o600 });
  const writePair = (name: 'apiserver' | 'kubelet' | 'kubelet-client' | 'front-proxy', pair: Certificate) => {
    write(`${name}.crt`, pair.cert);
    write(`${name}.key`, pair.key);
  };

  const authority = createAuthority('k8s-mcp-test-ca');
  const frontProxyAuthority = createAuthority('k8s-mcp-test-front-proxy-ca');
  const signingKey = createSigningKey();
  const client = (commonName: string, ...organizations: string[]) =>
    issueClient(authority, { commonName, organizations });
  const adminToken = randomBytes(24).toString('base64url');

  write('ca.crt', authority.cert);
  write('ca.key', authority.key);
  writePair('apiserver', issueServer(authority, 'kube-apiserver', API_SERVER_NAMES));
  writePair('kubelet', issueServer(authority, 'kwok', ['127.0.0.1', 'localhost']));
  writePair('kubelet-client', client('kube-apiserver-kubelet-client', 'system:masters'));
  write('front-proxy-ca.crt', frontProxyAuthority.cert);
  writePair('front-proxy', issueClient(frontProxyAuthority, { commonName: 'front-proxy-client' }));
  write('service-account.pub', signingKey.publicKey);
  write('service-account.key', signingKey.privateKey);
  write('tokens.csv', `${adminToken},token-admin,token-admin,"system:masters"\n`);

  return {
    authority,
    admin: client('admin', 'system:masters'),
    controllerManager: client('system:kube-controller-manager'),
    scheduler: client('system:kube-scheduler'),
    viewer: client('viewer'),
    editor: client('editor'),
    nobody: client('nobody'),
    adminToken,
    unknownToken: randomBytes(24).toString('base64url'),
    file,
  };
}
