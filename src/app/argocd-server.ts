import { readFile } from 'node:fs/promises';
import { expandHome, type HostEnv } from '../config/host-env.ts';
import type { Settings } from '../config/table.ts';
import { canonicalHost } from '../kernel/address.ts';
import { AppError } from '../kernel/errors.ts';

/** The operator's Argo CD, which argocd then asks in place of the cluster. */
export interface ArgocdServer {
  host: string;
  port: number;
  /** What argocd reads it from; holds the token. */
  environment: Readonly<Record<string, string>>;
  token: string;
}

const HTTPS_PORT = 443;

/** From --argocd-server and its token file; undefined where argocd is to work on the cluster itself. */
export async function argocdServer(settings: Settings, { home }: HostEnv): Promise<ArgocdServer | undefined> {
  const { argocdServer: server, argocdTokenFile: file } = settings;
  if (server === undefined) {
    if (file === undefined) return undefined;
    throw unusable('--argocd-server', 'is missing: --argocd-token-file belongs to it');
  }
  const [, name, port] = /^(\[[^\]]+\]|[^:/\s]+)(?::(\d{1,5}))?$/.exec(server) ?? [];
  const host = name === undefined ? undefined : canonicalHost(name);
  if (host === undefined) throw unusable('--argocd-server', 'is no host:port (without a scheme and a path)');
  if (file === undefined) throw unusable('--argocd-token-file', 'is missing: argocd cannot sign in by itself');
  const token = await readToken(expandHome(file, home));
  return {
    host,
    port: port === undefined ? HTTPS_PORT : Number(port),
    token,
    environment: { ARGOCD_SERVER: server, ARGOCD_AUTH_TOKEN: token },
  };
}

async function readToken(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unusable('--argocd-token-file', 'cannot be read', cause);
  });
  if (/^[\x21-\x7e]{16,8192}$/.test(text.trim())) return text.trim();
  throw unusable('--argocd-token-file', 'holds no token');
}

function unusable(field: string, problem: string, cause?: unknown): AppError {
  return new AppError('invalid_argument', `${field} ${problem}.`, {
    problems: [{ field, problem }],
    remedy: 'Give both --argocd-server host:port and --argocd-token-file, or neither.',
    cause,
  });
}
