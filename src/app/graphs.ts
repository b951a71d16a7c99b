import type { Settings } from '../config/table.ts';
import type { GraphAccess, SyncStatus } from '../graph/access.ts';
import type { GraphPool } from '../graph/sync/create-graphs.ts';
import type { SyncScope } from '../graph/sync/types.ts';
import type { Visibility } from '../graph/types.ts';
import { apiRequest } from '../kernel/api-request.ts';
import { systemClock } from '../kernel/clock.ts';
import type { ApiRequest, Decision } from '../kernel/vocabulary.ts';
import type { Cluster } from '../kube/cluster.ts';
import type { Monitor } from '../monitor/types.ts';
import { decide } from '../policy/decide.ts';
import type { PolicyRules } from '../policy/types.ts';
import type { Logger } from '../telemetry/logger.ts';

/** The graphs of the clusters in use. Nothing of them is loaded before the first question. */
export interface Graphs {
  of(cluster: Cluster, options: { callers: boolean; namespace: string | undefined }): GraphAccess<Monitor>;
  /** Keeps the graph of `cluster` from now on, asked or not (ENABLE_KNOWLEDGE_GRAPH=true). */
  keep(cluster: Cluster, namespace: string | undefined): Promise<void>;
  /** Of the graphs there are, those of callers' kubeconfigs among them. */
  statuses(): readonly SyncStatus[];
  /** Of the default cluster's graph, for pages that anybody with the server's token reads: never of a caller's own. */
  current(): SyncStatus | undefined;
  close(): void;
}

export interface GraphsOptions {
  settings: Settings;
  rules: PolicyRules;
  log: Logger;
  /** The context of calls that name none; undefined where the kubeconfig names none either. */
  defaultContext: string | undefined;
}

/** Beyond this the start-up line says how far it is, ms. */
const FIRST_SYNC_MS = 10 * 60_000;

type Parts = Awaited<ReturnType<typeof loadParts>>;

export function createGraphs({ settings, rules, log, defaultContext }: GraphsOptions): Graphs {
  let loading: Promise<Parts> | undefined;
  let loaded: Parts | undefined;
  /** The cluster a context had last: a changed kubeconfig makes another one, whose graph is another. */
  const lastOf = new Map<string, Cluster>();
  const accesses = new WeakMap<Cluster, GraphAccess<Monitor>>();

  const parts = async (): Promise<Parts> => {
    loading ??= loadParts(settings, rules);
    loaded = await loading;
    return loaded;
  };

  const accessOf = async (cluster: Cluster, callers: boolean, namespace: string | undefined) => {
    const known = accesses.get(cluster);
    if (known !== undefined) return known;
    const { pool, createGraphAccess, detection } = await parts();
    if (!callers) replaceGraph(pool, cluster);
    const filled = sourcesOf(cluster, { settings, rules, callers, namespace });
    const access = createGraphAccess<Monitor>({
      pool,
      mode: settings.knowledgeGraph,
      key: cluster,
      alwaysLive: callers && !settings.requestKubeconfigGraph,
      lazyLimit: settings.graphLazyLimit,
      reader: filled.reader,
      scope: filled.scope,
      clock: systemClock,
      ports: filled.ports,
      detection,
    });
    accesses.set(cluster, access);
    return access;
  };

  const replaceGraph = (pool: GraphPool<Monitor>, cluster: Cluster): void => {
    const { context } = cluster.connection;
    const last = lastOf.get(context);
    if (last !== undefined && last !== cluster) pool.letGo(last);
    lastOf.set(context, cluster);
  };

  return {
    of: (cluster, { callers, namespace }) => ({
      ask: async (question, answer) => (await accessOf(cluster, callers, namespace)).ask(question, answer),
    }),
    async keep(cluster, namespace) {
      const { pool } = await parts();
      replaceGraph(pool, cluster);
      const { ports } = sourcesOf(cluster, { settings, rules, callers: false, namespace });
      const { sync, detection } = pool.use(cluster, ports, { keep: true });
      const { signal } = new AbortController();
      const progress = (line: string) => log.info({}, line);
      await sync.ready('objects', { waitMs: FIRST_SYNC_MS, signal, progress });
      const [problem] = sync.problems();
      // The sync goes on trying.
      if (problem !== undefined && sync.kinds().length === 0) throw problem;
      await detection.settled();
      const { nodes, edges, firstSyncMs, memoryBytes } = sync.status();
      const synced = firstSyncMs === undefined ? 'and syncing still' : `synced in ${(firstSyncMs / 1000).toFixed(1)} s`;
      log.info(
        { nodes, edges },
        `graph of ${cluster.connection.context}: ${nodes} nodes, ${edges} edges, ${Math.round(memoryBytes / 1e6)} MB, ${synced}`,
      );
    },
    statuses: () => loaded?.pool.statuses() ?? [],
    current() {
      const cluster = defaultContext === undefined ? [...lastOf.values()][0] : lastOf.get(defaultContext);
      return cluster === undefined ? undefined : loaded?.pool.peek(cluster)?.sync.status();
    },
    close: () => loaded?.pool.stop(),
  };
}

async function loadParts(settings: Settings, rules: PolicyRules) {
  const [{ createGraphPool }, { createGraphAccess }, { createMonitor }, { DETECTORS }] = await Promise.all([
    import('../graph/sync/create-graphs.ts'),
    import('../graph/sync/create-access.ts'),
    import('../monitor/create-monitor.ts'),
    import('../monitor/detectors/index.ts'),
  ]);
  const visibility = visibilityOf(rules);
  const detection = (
    graph: Parameters<typeof createMonitor>[0]['graph'],
    clock: typeof systemClock,
    moment = false,
  ): Monitor => {
    // What is in a hidden namespace never enters, but what names it does, and would be called missing.
    const view = graph.view(visibility);
    return createMonitor({ graph, clock, detectors: DETECTORS, view: () => view, moment });
  };
  const pool = createGraphPool<Monitor>({
    clock: systemClock,
    ttlMs: settings.graphTtl * 1000,
    memoryLimit: settings.graphMemoryLimit * 1024 * 1024,
    detection,
  });
  return { pool, createGraphAccess, detection };
}

function visibilityOf({
  allowedNamespaces: allowed,
  forbiddenNamespaces: forbidden,
}: PolicyRules): Visibility | undefined {
  if (allowed === undefined && forbidden.size === 0) return undefined;
  return {
    kind: () => true,
    namespace: (name) => !forbidden.has(name) && (allowed === undefined || allowed.has(name)),
  };
}

interface SourceOptions {
  settings: Settings;
  rules: PolicyRules;
  callers: boolean;
  namespace: string | undefined;
}

/** What a graph of `cluster` is filled with, within the operator's rules: reads that policy allows, kinds and namespaces that it leaves. */
function sourcesOf(cluster: Cluster, { settings, rules, namespace }: SourceOptions) {
  const { context } = cluster.connection;
  // From discovery, which is asked before anything else.
  const namespacedOf = new Map<string, boolean>();
  // Whoever keeps the graph takes hidden namespaces out of it, so that lists over all of them may be asked for.
  const decided = (request: ApiRequest): Decision => {
    const namespaced =
      request.type === 'resource' ? namespacedOf.get(`${request.group}/${request.resource}`) : undefined;
    return decide(request, {
      rules,
      context,
      filtersAnswers: true,
      ...(namespaced === undefined ? {} : { namespaced }),
    });
  };
  const { watchTimeout, maxRetryCount: maxRetries } = settings;
  const { reader: reads, reflectors } = cluster.graphSources({ scope: { decide: decided }, watchTimeout, maxRetries });
  const reader: typeof reads = {
    ...reads,
    async discovery(signal, query) {
      const snapshot = await reads.discovery(signal, query);
      for (const { group, resource, namespaced } of snapshot.resources)
        namespacedOf.set(`${group}/${resource}`, namespaced);
      return snapshot;
    },
  };
  const home = namespace ?? cluster.connection.namespace;
  const scope: SyncScope = {
    allowedNamespaces: rules.allowedNamespaces && [...rules.allowedNamespaces],
    forbiddenNamespaces: rules.forbiddenNamespaces,
    ...(home === undefined ? {} : { homeNamespace: home }),
    denied(resource) {
      const decision = decided(apiRequest('list', resource));
      return decision.allow ? undefined : decision.reason;
    },
  };
  return {
    reader,
    scope,
    ports: (memory: GraphPool<Monitor>['memory']) => ({
      reflectors,
      reader,
      clock: systemClock,
      random: Math.random,
      scope,
      settings: {
        mode: settings.knowledgeGraph,
        watchTimeout,
        maxRetries,
        syncInterval: settings.syncInterval,
        memory,
        lazyLimit: settings.graphLazyLimit,
      },
    }),
  };
}
