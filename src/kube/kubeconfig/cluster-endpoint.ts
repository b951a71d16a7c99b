import { readFile } from 'node:fs/promises';
import { AppError } from '../../kernel/errors.ts';
import type { TlsSettings } from '../connection.ts';
import type { ExecCluster } from '../credentials/exec-credential.ts';
import { proxyFromEnv, proxyUrl } from './proxy-from-env.ts';
import type { ClusterEntry, PemSource, UserEntry } from './types.ts';

/** The API server's URL. As kubectl: without a scheme it is https where anything about TLS is configured, else http. */
export function serverUrl(cluster: ClusterEntry, user: UserEntry | undefined): URL {
  const { server, certificateAuthority, insecureSkipTlsVerify } = cluster;
  if (server === undefined) throw invalid(cluster, 'has no server');
  const usesTls = certificateAuthority !== undefined || insecureSkipTlsVerify || user?.clientCertificate !== undefined;
  const text = server.includes('://') ? server : `${usesTls ? 'https' : 'http'}://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw invalid(cluster, 'has a server that is no http(s) URL');
  if (url.username !== '' || url.password !== '') throw invalid(cluster, 'has a password in its server URL');
  if (url.search !== '' || url.hash !== '') throw invalid(cluster, 'has a server URL with a query or fragment');
  return url;
}

export function tlsSettings(cluster: ClusterEntry): TlsSettings {
  const { certificateAuthority: ca, insecureSkipTlsVerify: insecureSkipVerify, tlsServerName: serverName } = cluster;
  // As client-go: both at once is a contradiction, and which of them was meant decides whether the connection is safe.
  if (insecureSkipVerify && ca !== undefined)
    throw invalid(cluster, 'has both a certificate-authority and insecure-skip-tls-verify');
  return {
    ca: async () => (ca === undefined ? undefined : readPem(cluster, ca)),
    insecureSkipVerify,
    ...(serverName === undefined ? {} : { serverName }),
  };
}

/** `proxy-url` is used as it is; only the environment's proxy has exceptions. */
export function proxyFor(
  cluster: ClusterEntry,
  server: URL,
  env: Readonly<Record<string, string | undefined>>,
): URL | undefined {
  if (cluster.proxyUrl === undefined) return proxyFromEnv(server, env);
  return proxyUrl(cluster.proxyUrl, `${place(cluster)}: the proxy-url of cluster "${cluster.name}"`);
}

/** The cluster as exec plugins see it. */
export async function execCluster(cluster: ClusterEntry): Promise<ExecCluster> {
  const ca =
    cluster.certificateAuthority === undefined ? undefined : await readPem(cluster, cluster.certificateAuthority);
  return {
    server: cluster.server ?? '',
    ...(cluster.tlsServerName === undefined ? {} : { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
    ...(cluster.proxyUrl === undefined ? {} : { 'proxy-url': cluster.proxyUrl }),
    ...(cluster.disableCompression ? { 'disable-compression': true } : {}),
    ...(cluster.execPluginConfig === undefined ? {} : { config: cluster.execPluginConfig }),
  };
}

async function readPem(cluster: ClusterEntry, source: PemSource): Promise<string> {
  if (source.from === 'inline') return source.pem;
  try {
    return await readFile(source.path, 'utf8');
  } catch {
    throw invalid(cluster, `names the certificate-authority file ${source.path}, which cannot be read`);
  }
}

function place({ origin }: ClusterEntry): string {
  return `${origin.file}, line ${origin.line}`;
}

function invalid(cluster: ClusterEntry, problem: string): AppError {
  return new AppError('kubeconfig_invalid', `${place(cluster)}: cluster "${cluster.name}" ${problem}.`, {
    remedy: 'Correct that cluster in the kubeconfig, or use another context.',
  });
}
