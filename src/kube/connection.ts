/** How to reach one cluster as one identity: what kubeconfig/ and credentials/ produce and transport/ consumes. */

export interface ClusterConnection {
  /** The kubeconfig context, or `in-cluster`. */
  context: string;
  server: URL;
  /** The context's namespace, when it names one. */
  namespace?: string;
  tls: TlsSettings;
  /** http:, https: or socks5: URL; from `proxy-url`, else from HTTPS_PROXY/NO_PROXY. */
  proxyUrl?: URL;
  credentials: CredentialSource;
  impersonate?: Impersonation;
  /** Set for servers that a caller named: which addresses may be connected to. Failures to connect then tell nothing of what is there. */
  reach?: Reach;
  /** Changes whenever anything above changes; a cached transport with another fingerprint is stale. Holds no secret. */
  fingerprint: string;
}

/** Judges where a connection goes, at each connect. */
export interface Reach {
  /** The addresses of the server's host: the connection goes to one of these, and looks nothing up again. Throws `kubeconfig_refused`. */
  resolve(host: string): Promise<readonly ResolvedAddress[]>;
}

export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

export interface TlsSettings {
  /** PEM bundles besides the system's. Read again on every new connection, so that a rotated CA file is picked up. */
  ca(): Promise<string | undefined>;
  serverName?: string;
  insecureSkipVerify: boolean;
}

export interface Impersonation {
  user: string;
  uid?: string;
  groups: readonly string[];
  extra: Readonly<Record<string, readonly string[]>>;
}

export interface Credentials {
  /** For instance `authorization`. Never logged. */
  headers: Readonly<Record<string, string>>;
  /** PEM. A change of it needs a new connection. */
  clientCertificate?: { cert: string; key: string };
  /** Grows whenever the credentials changed. */
  generation: number;
}

export interface CredentialSource {
  /** Single-flight; refreshed ahead of expiry. Throws AppError `credentials_failed` with a remedy. */
  current(signal: AbortSignal): Promise<Credentials>;
  /** After a 401 with `generation`: fetches anew, once for all who ask. False when nothing can change (a static token). */
  refresh(generation: number, signal: AbortSignal): Promise<boolean>;
}
