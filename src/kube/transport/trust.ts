/** Which certificate authorities a connection trusts. */
import { createSecureContext, getCACertificates, type SecureContextOptions, type TlsOptions } from 'node:tls';

type Trust = Pick<SecureContextOptions, 'ca' | 'cert' | 'key'> & Pick<TlsOptions, 'secureContext'>;

let authorities: readonly string[] | undefined;
let withoutCertificate: Trust | undefined;

/** The machine's authorities, Node's own and NODE_EXTRA_CA_CERTS (which `default` contains). Read once: it takes tens of milliseconds. */
function machineAuthorities(): string[] {
  authorities ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return [...authorities];
}

/**
 * As kubectl: the kubeconfig's CA alone when it names one, else the machine's authorities.
 * Those are hundreds, parsed in about 25 ms, so that connections without a client certificate share one parsed set.
 */
export function trust(configured: string | undefined, client: { cert: string; key: string } | undefined): Trust {
  if (configured !== undefined) return { ca: configured, ...client };
  if (client !== undefined) return { ca: machineAuthorities(), ...client };
  withoutCertificate ??= { secureContext: createSecureContext({ ca: machineAuthorities() }) };
  return withoutCertificate;
}
