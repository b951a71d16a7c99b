/** A kubeconfig as read: known fields only, checked, file paths absolute. */

/** Where an entry was written, for messages. */
export interface Origin {
  file: string;
  /** 1-based. */
  line: number;
}

/** A PEM bundle, written in the kubeconfig itself (base64 decoded) or in a file that is read when needed. */
export type PemSource = { from: 'inline'; pem: string } | { from: 'file'; path: string };

export interface ClusterEntry {
  name: string;
  origin: Origin;
  server: string | undefined;
  certificateAuthority: PemSource | undefined;
  insecureSkipTlsVerify: boolean;
  tlsServerName: string | undefined;
  proxyUrl: string | undefined;
  disableCompression: boolean;
  /** The extension `client.authentication.k8s.io/exec`: handed to exec plugins that ask for cluster information. */
  execPluginConfig: unknown;
}

export interface ContextEntry {
  name: string;
  origin: Origin;
  cluster: string | undefined;
  user: string | undefined;
  namespace: string | undefined;
}

export interface ExecConfig {
  apiVersion: string;
  /** An absolute path, or a bare name to be found on PATH. */
  command: string;
  args: readonly string[];
  env: readonly { name: string; value: string }[];
  installHint: string | undefined;
  provideClusterInfo: boolean;
  interactiveMode: 'Never' | 'IfAvailable' | 'Always';
}

export interface UserEntry {
  name: string;
  origin: Origin;
  clientCertificate: PemSource | undefined;
  clientKey: PemSource | undefined;
  token: string | undefined;
  tokenFile: string | undefined;
  username: string | undefined;
  password: string | undefined;
  exec: ExecConfig | undefined;
  authProvider: { name: string; config: Readonly<Record<string, string>> } | undefined;
  impersonate: {
    user: string | undefined;
    uid: string | undefined;
    groups: readonly string[];
    extra: Readonly<Record<string, readonly string[]>>;
  };
}

export interface Kubeconfig {
  currentContext: string | undefined;
  clusters: ReadonlyMap<string, ClusterEntry>;
  users: ReadonlyMap<string, UserEntry>;
  contexts: ReadonlyMap<string, ContextEntry>;
}
