/** Counts and states for /intelligent/* and the start-up line. */
import type { ReflectorCounts, ReflectorState } from '../../kube/reflector/types.ts';
import type { SyncStatus } from '../access.ts';
import type { Graph, KindKey } from '../types.ts';
import type { KindSync } from './kind-sync.ts';

export interface StatusSource {
  graph: Graph;
  mode: SyncStatus['mode'];
  kinds: readonly KindSync[];
  /** For memory: the graph answers without them. */
  dropped: readonly KindKey[];
  running: boolean;
  /** Discovery fails. */
  unreachable: boolean;
  lastFullSync: number | undefined;
  firstSyncMs: number | undefined;
  /** Of Reflectors that are gone. */
  past: Readonly<ReflectorCounts>;
  drift: { driftChecks: number; driftRepaired: number };
}

export function statusOf(source: StatusSource): SyncStatus {
  const { graph, kinds, drift } = source;
  const view = graph.view();
  const states = kinds.flatMap((kind) => kind.reflectorStates());
  const { lists, relists, events, failures } = sumCounts([source.past, ...kinds.map((kind) => kind.counts())]);
  return {
    mode: source.mode,
    running: source.running,
    health: healthOf(source, states),
    lastFullSync: source.lastFullSync,
    firstSyncMs: source.firstSyncMs,
    nodes: view.totals.nodes,
    edges: view.totals.edges,
    memoryBytes: graph.memory().total,
    kinds: Object.fromEntries([
      ...kinds.map((kind) => [
        kind.kind,
        { state: kind.state().state, objects: view.count(kind.kind).total, failures: kind.failures() },
      ]),
      ...source.dropped.map((kind) => [kind, { state: 'dropped', objects: 0, failures: 0 }]),
    ]),
    activeWatches: states.filter(({ state }) => state === 'watching').length,
    counts: { lists, relists, events, failures, ...drift },
  };
}

/** `stale`: nothing is kept up to date any more. `degraded`: something is not, or was dropped. What was never allowed is no fault. */
function healthOf(
  { running, unreachable, kinds, dropped }: StatusSource,
  states: readonly ReflectorState[],
): SyncStatus['health'] {
  if (!running) return 'stopped';
  const readable = kinds
    .map((kind) => kind.state().state)
    .filter((state) => state !== 'forbidden' && state !== 'missing');
  const old = readable.filter((state) => state === 'stale' || state === 'off').length;
  if (unreachable || (old > 0 && old === readable.length)) return 'stale';
  const degraded = states.some(
    (state) => state.state === 'unauthorized' || (state.state === 'retrying' && state.degraded),
  );
  return old > 0 || dropped.length > 0 || degraded ? 'degraded' : 'healthy';
}

/** Adds up; into `to`, where it is given. */
export function sumCounts(all: readonly Readonly<ReflectorCounts>[], to?: ReflectorCounts): ReflectorCounts {
  const sum = to ?? { lists: 0, relists: 0, watches: 0, events: 0, bookmarks: 0, failures: 0, notUnderstood: 0 };
  for (const counts of all) {
    sum.lists += counts.lists;
    sum.relists += counts.relists;
    sum.watches += counts.watches;
    sum.events += counts.events;
    sum.bookmarks += counts.bookmarks;
    sum.failures += counts.failures;
    sum.notUnderstood += counts.notUnderstood;
  }
  return sum;
}
