import { readFile, stat } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import type { ClusterConnection } from '../connection.ts';
import { serviceAccountSource } from '../credentials/create-source.ts';
import { proxyFromEnv } from './proxy-from-env.ts';
import type { KubeconfigEnv } from './sources.ts';

export const IN_CLUSTER = 'in-cluster';
const SERVICE_ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The connection of a pod to its own cluster: undefined outside of a pod, or in one without a service account. */
export function createInCluster(
  env: KubeconfigEnv,
  clock: Clock,
  hash: (text: string) => string,
): () => Promise<ClusterConnection | undefined> {
  const dir = env.serviceAccountDir ?? SERVICE_ACCOUNT_DIR;
  const server = apiServer(env);
  if (server === undefined) return async () => undefined;

  const credentials = serviceAccountSource(join(dir, 'token'), clock);
  return async () => {
    if (!(await exists(join(dir, 'token')))) return undefined;
    const namespace = (await readText(join(dir, 'namespace')))?.trim();
    const proxyUrl = proxyFromEnv(server, env.processEnv);
    return {
      context: IN_CLUSTER,
      server,
      ...(namespace ? { namespace } : {}),
      // Without the file the system's authorities decide, as in client-go.
      tls: { ca: () => readText(join(dir, 'ca.crt')), insecureSkipVerify: false },
      ...(proxyUrl === undefined ? {} : { proxyUrl }),
      credentials,
      fingerprint: hash(JSON.stringify([IN_CLUSTER, server.href, dir, namespace, proxyUrl?.href])),
    };
  };
}

function apiServer({ processEnv }: KubeconfigEnv): URL | undefined {
  const host = processEnv['KUBERNETES_SERVICE_HOST'];
  const port = processEnv['KUBERNETES_SERVICE_PORT'];
  if (!host || !port) return undefined;
  const text = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
