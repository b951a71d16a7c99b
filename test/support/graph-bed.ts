/** A live graph over a cluster under test, and the truth to hold it against: a fresh list of every kind. */
import { createSync } from '../../src/graph/sync/create-sync.ts';
import { createMemoryBudget } from '../../src/graph/sync/memory-budget.ts';
import { planKinds } from '../../src/graph/sync/plan.ts';
import type { Sync, SyncPorts, SyncScope, SyncSettings } from '../../src/graph/sync/types.ts';
import type { Graph } from '../../src/graph/types.ts';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import type { Cluster } from '../../src/kube/cluster.ts';
import { type Clusters, createClusters } from '../../src/kube/clusters.ts';
import type { ClusterConnection } from '../../src/kube/connection.ts';
import { createKubeconfigStore } from '../../src/kube/kubeconfig/store.ts';
import { createTransport } from '../../src/kube/transport/create-transport.ts';
import type { Transport } from '../../src/kube/transport/types.ts';

export interface GraphBed {
  cluster: Cluster;
  ports(options?: BedOptions): SyncPorts;
  /** Started; stopped by `close`. */
  sync(options?: BedOptions): Sync;
  /** Each makes one Reflector read its list anew. */
  readonly relists: readonly ((reason: string) => void)[];
  close(): Promise<void>;
}

export interface BedOptions {
  scope?: Partial<SyncScope>;
  settings?: Partial<SyncSettings>;
  clock?: Clock;
}

export const EVERYTHING: SyncScope = {
  allowedNamespaces: undefined,
  forbiddenNamespaces: new Set(),
  denied: () => undefined,
};

/** `kubeconfig` is a path, `context` one of it. `openTransport`: to count requests, or with other timings. */
export async function graphBed(
  kubeconfig: string,
  context: string,
  openTransport: (connection: ClusterConnection) => Transport = (connection) => createTransport(connection),
): Promise<GraphBed> {
  const store = createKubeconfigStore(
    {
      explicitPath: kubeconfig,
      kubeconfigPath: undefined,
      kubeconfig: undefined,
      home: '/nowhere',
      processEnv: {},
    },
    { clock: systemClock, shutdown: new AbortController().signal },
  );
  const clusters: Clusters = createClusters(store, { openTransport });
  const cluster = await clusters.get(context);
  const running: Sync[] = [];
  const relists: ((reason: string) => void)[] = [];

  const ports = ({ scope = {}, settings = {}, clock = systemClock }: BedOptions = {}): SyncPorts => {
    const common = { watchTimeout: 300, maxRetries: 3 };
    const { reflectors, reader } = cluster.graphSources({
      ...common,
      ...settings,
      clock,
      scope: { decide: () => ({ allow: true }) },
    });
    const home = cluster.connection.namespace;
    return {
      reflectors(own) {
        const reflector = reflectors(own);
        relists.push((reason) => reflector.relist(reason));
        return reflector;
      },
      reader,
      clock,
      random: Math.random,
      scope: { ...EVERYTHING, ...(home === undefined ? {} : { homeNamespace: home }), ...scope },
      settings: {
        mode: 'lazy',
        ...common,
        syncInterval: 0,
        memory: createMemoryBudget(1e9),
        lazyLimit: 20_000,
        ...settings,
      },
    };
  };

  return {
    cluster,
    relists,
    ports,
    sync(options) {
      const sync = createSync(ports(options));
      running.push(sync);
      sync.start();
      return sync;
    },
    async close() {
      for (const sync of running) sync.stop();
      await clusters.close();
    },
  };
}

export const wait = (sync: Sync, waitMs = 60_000) =>
  sync.ready('all', { waitMs, signal: new AbortController().signal, progress: () => {} });

/** `Kind namespace/name uid resourceVersion` of all that the graph holds. */
export function held(graph: Graph): string[] {
  const view = graph.view();
  const lines: string[] = [];
  for (const kind of view.kinds()) {
    view.eachOfKind(kind, undefined, (id) => {
      const { namespace, name, uid } = view.node(id);
      lines.push(
        `${kind} ${namespace}/${name} ${uid} ${graph.resourceVersionOf(kind, namespace, name)?.resourceVersion}`,
      );
      return undefined;
    });
  }
  return lines.sort();
}

/** The same, from lists of every kind that a graph reads. */
export async function listed({ reader, scope }: Pick<SyncPorts, 'reader' | 'scope'>): Promise<string[]> {
  const signal = AbortSignal.timeout(60_000);
  const { kinds } = planKinds(await reader.discovery(signal, { maxAgeMs: 0 }), scope.denied);
  const lines = await Promise.all(
    kinds
      .filter(({ kind }) => kind !== 'Event')
      .map(async ({ kind, resource }) => {
        const page = await reader.list({ resource, depth: 'metadata', fields: [] }, { limit: 100_000 }, signal);
        return page.items.map(
          ({ metadata = {} }) =>
            `${kind} ${metadata.namespace ?? ''}/${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`,
        );
      }),
  );
  return lines.flat().sort();
}
