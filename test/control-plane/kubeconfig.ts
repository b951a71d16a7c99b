import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { Certificate } from './pki.ts';

/** One user of a kubeconfig, which also becomes a context of the same name. */
export interface KubeconfigUser {
  readonly name: string;
  readonly credential: { readonly token: string } | Certificate;
  /** The namespace of its context. */
  readonly namespace?: string;
}

/** Writes a kubeconfig with everything inline; the first user's context is the current one. */
export function writeKubeconfig(file: string, server: string, ca: string, users: readonly KubeconfigUser[]): void {
  const cluster = 'k8s-mcp-test';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: users.map(({ name, credential }) => ({ name, user: userEntry(credential) })),
    contexts: users.map(({ name, namespace }) => ({
      name,
      context: { cluster, user: name, ...(namespace === undefined ? {} : { namespace }) },
    })),
    'current-context': users[0]?.name ?? '',
  };
  // aliasDuplicateObjects: YAML aliases are refused by cautious readers, ours among them.
  writeFileSync(file, stringify(config, { aliasDuplicateObjects: false, lineWidth: 0 }), { mode: 0o600 });
}

function userEntry(credential: KubeconfigUser['credential']): Record<string, string> {
  if ('token' in credential) return { token: credential.token };
  return { 'client-certificate-data': base64(credential.cert), 'client-key-data': base64(credential.key) };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
