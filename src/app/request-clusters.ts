import type { HostEnv } from '../config/host-env.ts';
import type { Settings } from '../config/table.ts';
import { addressClass, canonicalHost } from '../kernel/address.ts';
import { AppError } from '../kernel/errors.ts';
import type { ClusterConnection } from '../kube/connection.ts';
import { describeRequestRules, requestKubeconfigRules } from '../kube/kubeconfig/request-rules.ts';
import { createRequestClusters, type RequestClusters } from '../kube/request-clusters.ts';
import type { Transport } from '../kube/transport/types.ts';

interface Parts {
  openTransport(connection: ClusterConnection): Transport;
  surface: 'stdio' | 'http' | 'shell';
  /** Whose ports are ours. */
  commands: { ports(): readonly number[] };
  shutdown: AbortSignal;
}

/** Clusters of callers' own kubeconfigs, under the operator's rules for them. */
export function requestClustersOf(
  host: HostEnv,
  settings: Settings,
  { openTransport, surface, commands, shutdown }: Parts,
): RequestClusters & { listensOn(port: number): void; rules: readonly string[] } {
  const beyondLoopback = surface === 'http' && isBeyondLoopback(settings);
  const ports = new Set<number>();
  const rules = requestKubeconfigRules(settings, { beyondLoopback });
  const clusters = createRequestClusters({
    rules,
    openTransport,
    ownPorts: () => [...ports, ...commands.ports()],
    processEnv: host.env,
    home: host.home,
    shutdown,
  });
  return {
    get: settings.requestKubeconfig ? clusters.get : refused,
    close: clusters.close,
    listensOn: (port) => ports.add(port),
    rules: describeRequestRules(rules),
  };
}

async function refused(): Promise<never> {
  throw new AppError('kubeconfig_refused', 'This server does not take a kubeconfig with the request.', {
    remedy: "Leave X-Kubeconfig and the argument kubeconfig out, and name one of the server's contexts with `context`.",
  });
}

/** Whether `serve` with these settings is reached from other machines: its loopback is then not its callers'. */
export function isBeyondLoopback({ host: name }: Settings): boolean {
  const host = canonicalHost(name);
  return host !== 'localhost' && (host === undefined || addressClass(host) !== 'loopback');
}
