/** Which certificate authorities a connection trusts. */
import { getCACertificates } from 'node:tls';

let fallback: readonly string[] | undefined;

/**
 * As kubectl: the kubeconfig's CA alone when it names one, else the machine's authorities, Node's own and NODE_EXTRA_CA_CERTS
 * (which `default` contains). Read once: it takes tens of milliseconds.
 */
export function trustedAuthorities(configured: string | undefined): string | string[] {
  if (configured !== undefined) return configured;
  fallback ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return [...fallback];
}
