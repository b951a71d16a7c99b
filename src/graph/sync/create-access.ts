/** A question -> the graph that answers it: kept by list and watch, or read live. */
import type { Clock } from '../../kernel/clock.ts';
import type { ClusterReader } from '../../kube/cluster-reader.ts';
import type { GraphAccess, GraphQuestion, OpenGraph, SyncStatus } from '../access.ts';
import type { Graph, Visibility } from '../types.ts';
import { clusterSize } from './cluster-size.ts';
import { coverageOf } from './coverage.ts';
import type { GraphPool, KeptGraph, Stoppable } from './create-graphs.ts';
import { isVisibleNamespace } from './item.ts';
import { readLive } from './live.ts';
import type { MemoryBudget, Sync, SyncPorts, SyncScope } from './types.ts';

export interface GraphAccessOptions<Detection> {
  pool: GraphPool<Detection>;
  mode: SyncStatus['mode'];
  /** The cluster as one identity; equal objects share a graph. */
  key: object;
  /** A caller's kubeconfig for which no graph is kept. */
  alwaysLive: boolean;
  /** `lazyLimit` of the settings: objects above which a lazy graph is not filled. */
  lazyLimit: number;
  /** The same for a kept graph and a live reading. */
  reader: ClusterReader;
  scope: SyncScope;
  clock: Clock;
  ports(memory: MemoryBudget): SyncPorts;
  /** `moment`: of a graph that is read once, and not kept. */
  detection(graph: Graph, clock: Clock, moment?: boolean): Detection;
}

/** How long a question waits for kinds that are not synced yet, ms: calls beyond a minute are cut off by most clients. */
const WAIT_MS = 25_000;
/** How long a cluster's size is believed, ms. */
const SIZE_AGE_MS = 10 * 60_000;

interface Opened<Detection> extends OpenGraph<Detection> {
  close(): void;
}

export function createGraphAccess<Detection extends Stoppable>(
  options: GraphAccessOptions<Detection>,
): GraphAccess<Detection> {
  const { pool, key, scope, clock, reader, mode } = options;
  let size: { objects: number; at: number } | undefined;
  // Without one, counts come from counters.
  const visibility: Visibility | undefined =
    scope.allowedNamespaces === undefined && scope.forbiddenNamespaces.size === 0
      ? undefined
      : { kind: () => true, namespace: (namespace) => isVisibleNamespace(scope, namespace) };

  const sizeNow = async (signal: AbortSignal): Promise<number> => {
    if (size === undefined || clock.monotonic() - size.at > SIZE_AGE_MS) {
      size = { objects: await clusterSize(reader, scope, signal), at: clock.monotonic() };
    }
    return size.objects;
  };

  const live = async (question: GraphQuestion, why: string): Promise<Opened<Detection>> => {
    // Ages and hold times are those of the cluster, whose clock may be another than ours.
    await reader.checkClock(question.signal);
    const { graph, coverage } = await readLive({ reader, clock, scope, size: sizeNow }, question);
    const now = () => clock.now() + reader.clockOffset();
    const detection = options.detection(graph, { ...clock, now }, true);
    return {
      view: graph.view(visibility),
      detection,
      coverage: () => ({ ...coverage, notes: [why, ...coverage.notes] }),
      now,
      close: () => detection.stop(),
    };
  };

  const kept = async (
    { sync, detection }: KeptGraph<Detection>,
    question: GraphQuestion,
  ): Promise<Opened<Detection>> => {
    const { kinds, waitMs = WAIT_MS, signal, progress } = question;
    await Promise.all([sync.ready(kinds, { waitMs, signal, progress }), reader.checkClock(signal)]);
    throwIfNothing(sync);
    return {
      view: sync.graph.view(visibility),
      detection,
      coverage: () => coverageOf(sync, kinds),
      now: () => sync.now(),
      close: () => {},
    };
  };

  const open = async (question: GraphQuestion): Promise<Opened<Detection>> => {
    if (options.alwaysLive) return live(question, "No graph is kept for a caller's kubeconfig: this was read live.");
    if (mode === 'false') return live(question, 'No graph is kept (ENABLE_KNOWLEDGE_GRAPH=false): this was read live.');
    const known = pool.peek(key);
    if (known === undefined && mode === 'lazy' && (await sizeNow(question.signal)) > options.lazyLimit) {
      return live(
        question,
        `The cluster has more than ${options.lazyLimit} objects (at least ${size?.objects ?? 0}): this was read live. ENABLE_KNOWLEDGE_GRAPH=true keeps a graph of it.`,
      );
    }
    return kept(pool.use(key, options.ports, { keep: false }), question);
  };

  return {
    async ask(question, answer) {
      const { close, ...graph } = await open(question);
      try {
        return await answer(graph);
      } finally {
        close();
      }
    },
  };
}

/** Nothing is known, and nothing could be asked: the answer would be empty for a reason that is not the cluster's. */
function throwIfNothing(sync: Sync): void {
  const [problem] = sync.problems();
  if (problem !== undefined && sync.kinds().length === 0) throw problem;
}
