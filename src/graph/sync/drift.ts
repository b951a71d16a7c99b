/**
 * Compares each kind with the cluster once per SYNC_INTERVAL: names and versions only, one kind at a time. List and watch keep
 * the graph equal, so that nothing is expected; what is found is repaired by a new list and counted.
 */
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { WatchTarget } from '../../kube/watch/types.ts';
import type { Graph } from '../types.ts';
import { isVisibleNamespace } from './item.ts';
import type { KindSync } from './kind-sync.ts';
import { pause } from './pause.ts';
import type { ClusterReader, SyncScope } from './types.ts';

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

const PAGE = 500;
/** Between two pages, ms: the check has all the time in the world. */
const PAUSE_MS = 50;
/** How long an event may take from the server to the graph, ms, before a difference counts. */
const SETTLE_MS = 3_000;
/** As often as differences are looked at again before they count. */
const LOOKS = 3;
/** The shortest time between the checks of two kinds, ms. */
const MIN_STEP_MS = 250;

interface Version {
  namespace: string;
  name: string;
  /** '' where the object is not there. */
  uid: string;
  resourceVersion: string;
}

export function createDriftCheck({ graph, reader, clock, scope, interval, kinds }: DriftOptions): DriftCheck {
  const counts = { driftChecks: 0, driftRepaired: 0 };
  const stopped = new AbortController();
  let cancel: (() => void) | undefined;
  let next = 0;

  const inGraph = (kind: KindSync, { namespace, name }: { namespace: string; name: string }): Version => {
    const known = graph.resourceVersionOf(kind.kind, namespace, name);
    return { namespace, name, uid: known?.uid ?? '', resourceVersion: known?.resourceVersion ?? '' };
  };

  /** What differs, and how it stands in the graph. Page by page: all pods at once would hold up everything else. */
  const compare = async (kind: KindSync, namespace: string | undefined): Promise<Map<string, Version>> => {
    const target: WatchTarget = namespace === undefined ? kind.target() : { ...kind.target(), namespace };
    const listed = new Set<string>();
    const different = new Map<string, Version>();
    let known = 0;
    let token: string | undefined;
    do {
      const page = await reader.list(
        { ...target, depth: 'metadata', fields: [] },
        { limit: PAGE, ...(token === undefined ? {} : { continue: token }) },
        stopped.signal,
      );
      for (const { metadata = {} } of page.items) {
        const { name = '', namespace: of = '', uid = '', resourceVersion = '' } = metadata;
        if (!isVisibleNamespace(scope, target.resource.kind === 'Namespace' ? name : of)) continue;
        const there = { namespace: of, name, uid, resourceVersion };
        const here = inGraph(kind, there);
        const key = keyOf(there);
        if (here.uid !== '' && !listed.has(key)) known++;
        listed.add(key);
        if (!same(here, there)) different.set(key, here);
      }
      token = page.continue;
      if (token !== undefined) await pause(clock, PAUSE_MS, stopped.signal);
    } while (token !== undefined && !stopped.signal.aborted);
    const view = graph.view();
    // As many as were listed: none of them is gone. Whoever came or went meanwhile makes it look at all.
    if (known === view.count(kind.kind, namespace).total) return different;
    view.eachOfKind(kind.kind, namespace, (id) => {
      const node = view.node(id);
      const key = keyOf(node);
      if (!listed.has(key)) different.set(key, inGraph(kind, node));
      return undefined;
    });
    return different;
  };

  /** An object counts that differs each time, while the graph did not hear of it in between. */
  const differences = async (kind: KindSync, namespace: string | undefined): Promise<number> => {
    let suspects: Map<string, Version> | undefined;
    for (let look = 1; look <= LOOKS; look++) {
      const found = await compare(kind, namespace);
      if (suspects === undefined) suspects = found;
      else for (const [key, was] of suspects) if (!stillSame(found.get(key), was)) suspects.delete(key);
      if (suspects.size === 0 || look === LOOKS) break;
      await pause(clock, SETTLE_MS, stopped.signal);
      // What was heard of meanwhile is on its way to the truth.
      for (const [key, was] of suspects) if (!same(inGraph(kind, was), was)) suspects.delete(key);
      if (suspects.size === 0 || stopped.signal.aborted) break;
    }
    return suspects?.size ?? 0;
  };

  const check = async (kind: KindSync): Promise<number> => {
    counts.driftChecks += 1;
    let total = 0;
    try {
      for (const namespace of kind.namespaces() ?? [undefined]) total += await differences(kind, namespace);
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
    const ms = Math.max(MIN_STEP_MS, (interval * 1000) / Math.max(1, kinds().length));
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

const keyOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}\n${name}`;
const same = (a: Version, b: Version) => a.uid === b.uid && a.resourceVersion === b.resourceVersion;
const stillSame = (a: Version | undefined, b: Version) => a !== undefined && same(a, b);
