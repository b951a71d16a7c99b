import type { Settings } from '../config/table.ts';
import type { SyncStatus } from '../graph/access.ts';
import type { JsonObject } from '../kernel/vocabulary.ts';

/** The bodies of GET /intelligent/status and /intelligent/health: fields of surface.md §4.3, of the default cluster's graph. */
export interface IntelligentPages {
  status(): JsonObject;
  health(): JsonObject;
}

export function createIntelligentPages(
  settings: Settings,
  /** Undefined while no graph is kept. */
  current: () => SyncStatus | undefined,
  now: () => number,
): IntelligentPages {
  const enabled = settings.knowledgeGraph !== 'false';
  return {
    status() {
      const sync = current();
      return {
        intelligent_mode_enabled: enabled,
        mode: settings.knowledgeGraph,
        knowledge_graph_available: sync?.lastFullSync !== undefined,
        cluster_sync_running: sync?.running ?? false,
        // Without a graph it reads live.
        summary_generator_available: true,
        graph_nodes_count: sync?.nodes ?? 0,
        graph_edges_count: sync?.edges ?? 0,
        sync_status: sync === undefined ? null : syncStatus(sync, settings, now()),
      };
    },
    health() {
      const sync = current();
      return {
        intelligent_mode: enabled,
        components: {
          knowledge_graph: {
            available: sync?.lastFullSync !== undefined,
            nodes: sync?.nodes ?? 0,
            edges: sync?.edges ?? 0,
          },
          cluster_sync: { running: sync?.running ?? false, status: syncHealth(sync, settings, now()) },
          summary_generator: { available: true },
        },
        timestamp: new Date(now()).toISOString(),
      };
    },
  };
}

/** surface.md §4.7. */
const HEALTH_SCORE = { healthy: 1, degraded: 0.5, stale: 0.2, stopped: 0 } as const;

function syncHealth(sync: SyncStatus | undefined, settings: Settings, now: number): JsonObject {
  const health = sync?.health ?? 'stopped';
  return {
    health,
    score: HEALTH_SCORE[health],
    last_sync_ago_seconds: secondsSince(sync?.lastFullSync, now),
    sync_interval_seconds: settings.syncInterval,
    error_count: sync?.counts.failures ?? 0,
    active_watch_threads: sync?.activeWatches ?? 0,
    total_resources: sync?.nodes ?? 0,
    total_relationships: sync?.edges ?? 0,
  };
}

function syncStatus(sync: SyncStatus, settings: Settings, now: number): JsonObject {
  const kinds = Object.entries(sync.kinds);
  return {
    is_running: sync.running,
    health: sync.health,
    last_full_sync: sync.lastFullSync === undefined ? null : sync.lastFullSync / 1000,
    last_full_sync_ago: secondsSince(sync.lastFullSync, now),
    sync_interval: settings.syncInterval,
    stats: {
      full_syncs: sync.counts.lists,
      relists: sync.counts.relists,
      resources_synced: kinds.reduce((sum, [, { objects }]) => sum + objects, 0),
      watch_events: sync.counts.events,
      sync_errors: sync.counts.failures,
      last_sync_duration: sync.firstSyncMs === undefined ? null : sync.firstSyncMs / 1000,
      drift_checks: sync.counts.driftChecks,
      drift_repaired: sync.counts.driftRepaired,
    },
    graph_stats: {
      nodes_total: sync.nodes,
      edges_total: sync.edges,
      memory_estimate_mb: Math.round(sync.memoryBytes / 1e5) / 10,
    },
    watch_threads: Object.fromEntries(kinds.map(([kind, { state }]) => [kind, state === 'synced'])),
    kinds: Object.fromEntries(kinds.map(([kind, facts]) => [kind, { ...facts }])),
    supported_resources: kinds.map(([kind]) => kind),
  };
}

function secondsSince(at: number | undefined, now: number): number | null {
  return at === undefined ? null : Math.max(0, Math.round((now - at) / 1000));
}
