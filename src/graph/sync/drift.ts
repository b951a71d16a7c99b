/**
 * Compares each kind with the cluster once per SYNC_INTERVAL: names and versions only, one kind at a time. List and watch keep
 * the graph equal, so that nothing is expected; what is found is repaired by a new list and counted.
 */
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ClusterReader } from '../../kube/cluster-reader.ts';
import type { Graph } from '../types.ts';
import { createCompare } from './drift-compare.ts';
import type { KindSync } from './kind-sync.ts';
import type { SyncScope } from './types.ts';

export interface DriftCheck {
  start(): void;
  stop(): void;
  /** One kind, now. The number of objects that differed. */
  check(kind: KindSync): Promise<number>;
  readonly counts: { driftChecks: number; driftRepaired: number };
}

export interface DriftOptions {
  graph: Graph;
  reader: ClusterReader;
  clock: Clock;
  scope: SyncScope;
  /** Seconds; 0: never. */
  interval: number;
  kinds(): readonly KindSync[];
}

/** The shortest time between the checks of two kinds, ms. */
const MIN_STEP_MS = 250;
/** Of a core, for all checks together: after a kind with 50,000 objects (1.5 s of work) the next one waits 300 s. So an interval of 300 s is exceeded above some 50,000 objects. */
const CPU_SHARE = 0.005;

export function createDriftCheck({ graph, reader, clock, scope, interval, kinds }: DriftOptions): DriftCheck {
  const counts = { driftChecks: 0, driftRepaired: 0 };
  const stopped = new AbortController();
  const compare = createCompare({ graph, reader, clock, scope, signal: stopped.signal });
  let cancel: (() => void) | undefined;
  let next = 0;
  /** Work that has not been paid for by waiting, ms. */
  let spentMs = 0;

  const check = async (kind: KindSync): Promise<number> => {
    counts.driftChecks += 1;
    let total = 0;
    try {
      for (const namespace of kind.namespaces() ?? [undefined]) {
        const target = namespace === undefined ? kind.target() : { ...kind.target(), namespace };
        const { differences, costMs } = await compare(kind.kind, target);
        total += differences;
        spentMs += costMs;
      }
    } catch (thrown) {
      // Its Reflector meets the same failure, and says so.
      if (!(thrown instanceof AppError)) throw thrown;
      return 0;
    }
    if (total === 0 || stopped.signal.aborted || kind.state().state !== 'synced') return 0;
    counts.driftRepaired += total;
    kind.relist(`${total} objects differ from the cluster`);
    return total;
  };

  const step = async () => {
    const all = kinds();
    const kind = all[next % Math.max(1, all.length)];
    next = all.length === 0 ? 0 : (next + 1) % all.length;
    // Events are rings, not objects.
    if (kind !== undefined && kind.kind !== 'Event' && kind.state().state === 'synced') await check(kind);
    arm();
  };

  const arm = () => {
    if (stopped.signal.aborted) return;
    const ms = Math.max(MIN_STEP_MS, (interval * 1000) / Math.max(1, kinds().length), spentMs / CPU_SHARE);
    spentMs = 0;
    cancel = clock.after(ms, () => void step().catch(() => arm()));
  };

  return {
    start() {
      if (interval > 0) arm();
    },
    stop() {
      cancel?.();
      stopped.abort();
    },
    check,
    counts,
  };
}
