/** One AppError per cause of a connection that failed, from Node's and OpenSSL's error codes. Raw error text never gets out. */
import { AppError } from '../../kernel/errors.ts';

/** Where a connection was to go. Holds no credentials. */
export interface Destination {
  context: string;
  /** `host:port` of the server or of the proxy, whichever was being reached. */
  address: string;
  /** Named when the failure is the proxy's. */
  viaProxy: boolean;
  /** The server is of a caller's choice: which ports are open, which names exist and what answers there is not the caller's to learn. */
  untold: boolean;
}

/** The typed error for a failed dial or TLS handshake. */
export function connectFailure(thrown: unknown, to: Destination): AppError {
  if (thrown instanceof AppError) return thrown;
  const code = errorCode(thrown);
  const where = to.viaProxy
    ? `The proxy ${to.address} for cluster "${to.context}"`
    : `Cluster "${to.context}" at ${to.address}`;
  const tls = tlsFailure(code, where);
  if (to.untold && !tls?.theirs) return untoldFailure(to, thrown);
  if (tls !== undefined) return tlsError(tls, thrown);
  const [problem, remedy] = SOCKET_FAILURES[code] ?? [
    `could not be reached (${code})`,
    'Check the address and the network, then retry. `k8s-mcp doctor` tests each step.',
  ];
  return new AppError('cluster_unreachable', `${where} ${problem}.`, { remedy, cause: thrown });
}

/** The same for everything that may have kept a connection from a server of a caller's choice. */
export function untoldFailure({ context }: Destination, cause?: unknown): AppError {
  return new AppError('cluster_unreachable', `Cluster "${context}" could not be connected to.`, {
    remedy: 'Check the server address in the kubeconfig, and that this server has a way to it (DNS, firewall, VPN).',
    cause,
  });
}

/** The typed error for a connection that broke after it had been established. */
export function lostConnection(thrown: unknown, context: string): AppError {
  if (thrown instanceof AppError) return thrown;
  // TLS 1.3 servers refuse a client certificate only after the client's side of the handshake is done.
  const tls = tlsFailure(errorCode(thrown), `Cluster "${context}"`);
  if (tls !== undefined) return tlsError(tls, thrown);
  return new AppError(
    'cluster_unreachable',
    `The connection to cluster "${context}" broke before the answer was complete (${thrown === undefined ? 'it ended early' : errorCode(thrown)}).`,
    {
      remedy: 'Retry a read. After a write, read the object first: the change may have been made.',
      cause: thrown,
    },
  );
}

/** The system's code of a failure, for instance ECONNREFUSED; of several attempts, the first one's. */
function errorCode(thrown: unknown): string {
  const inner: unknown = thrown instanceof AggregateError ? (thrown.errors[0] ?? thrown) : thrown;
  const code: unknown = inner instanceof Error && 'code' in inner ? inner.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,80}$/.test(code) ? code : 'unknown cause';
}

const SOCKET_FAILURES: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  ENOTFOUND: [
    'has a host name that DNS does not know',
    'Check the server address in the kubeconfig, your VPN and your DNS.',
  ],
  EAI_AGAIN: ['has a host name that DNS could not resolve just now', 'Check your network, VPN and DNS, then retry.'],
  ECONNREFUSED: ['refused the connection', 'Check that the API server runs and that address and port are right.'],
  ECONNRESET: [
    'closed the connection during the handshake',
    'Check that the address is an API server, and any firewall on the way.',
  ],
  EPIPE: [
    'closed the connection during the handshake',
    'Check that the address is an API server, and any firewall on the way.',
  ],
  ETIMEDOUT: ['did not answer in time', 'Check your VPN, firewall and the server address.'],
  EHOSTUNREACH: ['cannot be reached over the network', 'Check your VPN and routes.'],
  ENETUNREACH: ['cannot be reached over the network', 'Check your VPN and routes.'],
};

interface TlsFailure {
  code?: 'credentials_failed';
  message: string;
  remedy: string;
  /** About the certificates of either side: their owner must learn of it, whoever chose the server. */
  theirs?: true;
}

const UNTRUSTED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

function tlsError({ code, message, remedy }: TlsFailure, cause: unknown): AppError {
  return new AppError(code ?? 'cluster_tls', message, { remedy, cause });
}

function tlsFailure(code: string, where: string): TlsFailure | undefined {
  if (UNTRUSTED.has(code)) {
    return {
      theirs: true,
      message: `${where} has a certificate of an unknown authority (${code}).`,
      remedy:
        "Set certificate-authority-data to the cluster's CA in the kubeconfig; for a company proxy set NODE_EXTRA_CA_CERTS.",
    };
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return {
      theirs: true,
      message: `${where} has a certificate that is ${code === 'CERT_HAS_EXPIRED' ? 'expired' : 'not valid yet'}.`,
      remedy: "Renew the server's certificate (kubeadm certs renew), and check this machine's clock.",
    };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      theirs: true,
      message: `${where} has a certificate for other host names.`,
      remedy: 'Use a server address that the certificate names, or set tls-server-name in the kubeconfig.',
    };
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return { message: `${where} does not speak TLS.`, remedy: 'Check the port, or use http:// in the server address.' };
  }
  if (code.startsWith('ERR_OSSL')) {
    return {
      code: 'credentials_failed',
      theirs: true,
      message: `The client certificate, its key or the CA for the connection could not be read (${code}).`,
      remedy: 'Check client-certificate-data, client-key-data and certificate-authority-data in the kubeconfig.',
    };
  }
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code.startsWith('CERT_')) {
    return {
      message: `${where} ended the TLS connection (${code}).`,
      remedy: "Check the kubeconfig's client certificate and CA, and the server's TLS versions.",
    };
  }
  return undefined;
}
