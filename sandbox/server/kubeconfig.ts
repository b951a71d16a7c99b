/** The kubeconfig through which kubectl and the product reach the sandbox. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stringify } from 'yaml';
import type { Certificate } from '../../src/kernel/certificates/x509.ts';

/** One user, under a context of its own. */
export interface KubeconfigUser {
  /** The context's name; the first user's is the current one. */
  context: string;
  namespace?: string;
  credentials: { kind: 'certificate'; certificate: Certificate } | { kind: 'token'; token: string };
}

export interface KubeconfigParts {
  url: string;
  /** PEM of the authority. */
  authority: string;
  users: readonly KubeconfigUser[];
}

const CLUSTER = 'k8s-mcp-sandbox';
const base64 = (text: string) => Buffer.from(text).toString('base64');

export function kubeconfigText({ url, authority, users }: KubeconfigParts): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: CLUSTER, cluster: { server: url, 'certificate-authority-data': base64(authority) } }],
    contexts: users.map(({ context, namespace }) => ({
      name: context,
      context: { cluster: CLUSTER, user: context, ...(namespace === undefined ? {} : { namespace }) },
    })),
    users: users.map(({ context, credentials }) => ({
      name: context,
      user:
        credentials.kind === 'token'
          ? { token: credentials.token }
          : {
              'client-certificate-data': base64(credentials.certificate.cert),
              'client-key-data': base64(credentials.certificate.key),
            },
    })),
    'current-context': users[0]?.context ?? '',
  });
}

/** Written beside and moved in place, readable by its owner only: it holds keys. */
export function writePrivately(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  renameSync(writeBeside(path, text), path);
}

/** A new private file beside `path`; its own path. Whatever is there already, a link included, is not written to. */
export function writeBeside(path: string, text: string): string {
  const beside = `${path}.${randomUUID()}.new`;
  writeFileSync(beside, text, { mode: 0o600, flag: 'wx' });
  return beside;
}
