import { join } from 'node:path';
import type { GuardTicket } from './guard/types.ts';
import type { CliTool } from './types.ts';
import type { CallFolder } from './workspace.ts';

export interface ChildSurroundings {
  folder: Pick<CallFolder, 'home' | 'tmp' | 'cache' | 'empty' | 'kubeconfig'>;
  proxy: GuardTicket['proxy'];
  /** Absolute path of a `diff` program. */
  diff: string | undefined;
  /** TZ of the server: dates look as in the operator's own shell. */
  timeZone: string | undefined;
  /** Of this one tool, from the operator: where its server is. */
  extra: Readonly<Record<string, string>>;
}

/** Memory that a tool's garbage collector holds itself to; it goes beyond where it must. */
const GO_MEMORY = '512MiB';
/**
 * Percent by which the heap grows before it is collected: most commands end before that. Of `kubectl get pods` this saves 8 of 65 ms
 * of CPU for 3 MB more; of 2 MB of JSON 90 of 540 ms for 147 MB in place of 104 (measured, with the default of 100).
 */
const GO_GROWTH = '400';
/** Cores of one command: several run at once. */
const GO_CORES = '2';

/**
 * All that a child knows of its surroundings. Nothing is inherited: KUBERNETES_SERVICE_HOST alone would let a tool without a
 * kubeconfig use the pod's own account. Which variables the tools read: client-go and cobra of kubectl 1.36, helm 3.21,
 * argocd 3.2, istioctl 1.31.
 */
export function childEnvironment(tool: CliTool, surroundings: ChildSurroundings): Record<string, string> {
  const { folder, proxy, timeZone, extra } = surroundings;
  const { home, tmp, cache, empty, kubeconfig } = folder;
  return {
    // Neither plugins nor editors nor shells.
    PATH: empty,
    HOME: home,
    TMPDIR: tmp,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    XDG_CACHE_HOME: cache,
    KUBECONFIG: kubeconfig,
    // Discovery; kubectl, helm and istioctl share it.
    KUBECACHEDIR: join(cache, 'kube'),
    // Go never sends what is for a loopback address, which the guard has, through a proxy.
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    https_proxy: proxy,
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    NO_COLOR: '1',
    GOMEMLIMIT: GO_MEMORY,
    GOGC: GO_GROWTH,
    GOMAXPROCS: GO_CORES,
    ...(timeZone === undefined ? {} : { TZ: timeZone }),
    ...ofTool(tool, surroundings),
    ...extra,
  };
}

function ofTool(tool: CliTool, { folder: { home, cache, empty }, diff }: ChildSurroundings): Record<string, string> {
  // Split at spaces by kubectl and argocd: the program, then its flags.
  const comparison = diff === undefined ? {} : { KUBECTL_EXTERNAL_DIFF: `${diff} -u -N` };
  switch (tool) {
    case 'kubectl':
      // Aliases and default flags of a kuberc could name programs.
      return { KUBERC: 'off', ...comparison };
    case 'helm':
      return {
        HELM_CACHE_HOME: join(cache, 'helm'),
        HELM_CONFIG_HOME: join(home, '.config', 'helm'),
        HELM_DATA_HOME: join(home, '.local', 'share', 'helm'),
        HELM_REPOSITORY_CACHE: join(cache, 'helm', 'repository'),
        HELM_REPOSITORY_CONFIG: join(home, '.config', 'helm', 'repositories.yaml'),
        HELM_REGISTRY_CONFIG: join(home, '.config', 'helm', 'registry', 'config.json'),
        HELM_PLUGINS: empty,
        HELM_NO_PLUGINS: '1',
        HELM_DRIVER: 'secret',
      };
    case 'istioctl':
      // A plain list can be refused or filtered as a whole. Of its settings it reads `.istioctl/config.yaml` in its home if that is
      // there; a file named by ISTIOCONFIG has to be.
      return { KUBE_FEATURE_WatchListClient: 'false' };
    case 'argocd':
      // The name it was started by decides what argocd is.
      return { ARGOCD_BINARY_NAME: 'argocd', ARGOCD_CONFIG_DIR: join(home, '.config', 'argocd'), ...comparison };
  }
}
