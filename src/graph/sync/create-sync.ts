/** One cluster's graph, kept equal to the cluster: which kinds, in which order, and what to do when something about them changes. */
import { type AppError, toAppError } from '../../kernel/errors.ts';
import type { DiscoverySnapshot } from '../../kube/types.ts';
import { createGraph } from '../create-graph.ts';
import { createIntern } from '../intern.ts';
import { kindKeyOf } from '../kind-key.ts';
import { createProjector, type Projector } from '../project/projector.ts';
import { RELATIONS } from '../relations/index.ts';
import type { Graph, KindKey, Relation } from '../types.ts';
import { createAccessRecheck } from './access-recheck.ts';
import { type Applier, createApplier } from './applier.ts';
import { createClusterClock } from './cluster-clock.ts';
import { CRD, createDiscoveryWatch } from './discovery-watch.ts';
import { createDriftCheck } from './drift.ts';
import { createIdentity } from './identity.ts';
import { createKindSync, type KindReads, type KindSync } from './kind-sync.ts';
import { nextToDrop, RELIEVED } from './memory-budget.ts';
import { createNamespaceFinder, namespacesOf } from './namespaces.ts';
import { createNewNamespaces } from './new-namespaces.ts';
import { namespacesRead, notesOf } from './notes.ts';
import { hasOwnVersions } from './own-versions.ts';
import { pause } from './pause.ts';
import { failureOf, isServed, type Plan, type PlannedKind, planKinds, samePlace } from './plan.ts';
import { waitUntilReady } from './ready.ts';
import { createSchemas, mayBeCustom } from './schemas.ts';
import { statusOf, sumCounts } from './status.ts';
import { createTurns } from './turns.ts';
import type { Sync, SyncPorts } from './types.ts';

/** The graph and what fills it, made together: references say whether their targets live in namespaces, which discovery knows. */
export interface SyncParts {
  graph: Graph;
  /** With the relation of one custom kind besides those that all have. */
  projector(own?: Relation): Projector;
}

/** Between two looks at what time alone changes: failing kinds, memory, which cluster it is. */
const TICK_MS = 5_000;
/** Between two tries of the first discovery, ms. */
const FIRST_PAUSE_MS = 800;
const LONGEST_PAUSE_MS = 30_000;

export function createSync(ports: SyncPorts): Sync {
  // Until discovery has answered nothing is projected.
  const scopes = new Map<KindKey, boolean>();
  const intern = createIntern();
  const options = { namespaced: (kind: KindKey) => scopes.get(kind) };
  const common = createProjector(intern, RELATIONS, options);
  const projector = (own?: Relation) =>
    own === undefined ? common : createProjector(intern, [...RELATIONS, own], options);
  return createSyncOver(ports, { graph: createGraph(), projector }, scopes);
}

/** As `createSync`, over a graph of the caller's. `scopes` learns from discovery which kinds live in namespaces. */
export function createSyncOver(ports: SyncPorts, parts: SyncParts, scopes = new Map<KindKey, boolean>()): Sync {
  const { clock, reader, scope, settings } = ports;
  const { graph } = parts;
  const clusterClock = createClusterClock(clock, reader);
  const projector = (own?: Relation) => clusterClock.hears(parts.projector(own));
  const stopped = new AbortController();
  const { signal } = stopped;
  const kinds = new Map<KindKey, KindSync>();
  const dropped = new Map<KindKey, string>();
  /** Of the schemas that custom kinds are read by. */
  const signatures = new Map<KindKey, string | undefined>();
  const turns = createTurns();
  const listeners = new Set<() => void>();
  const onChange = (listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  };
  const pastCounts = sumCounts([]);
  const unregister = settings.memory.register(graph);
  const newApplier = (): Applier =>
    createApplier(graph, clock, (lost) => {
      for (const kind of lost) kinds.get(kind)?.relist('changes could not be taken in');
    });
  let applier = newApplier();
  const schemas = createSchemas(reader, () => kinds.get(CRD)?.resource);
  let finder = createNamespaceFinder(graph, reader, scope, clock);
  let plan: Plan | undefined;
  let discoveryFailure: { error: AppError; since: number } | undefined;
  /** Of beginnings: another cluster begins anew. */
  let attempt = 0;
  let catching = 0;
  let startedAt: number | undefined;
  let lastFullSync: number | undefined;
  let firstSyncMs: number | undefined;
  let cancelTick: (() => void) | undefined;

  const changed = () => {
    if (lastFullSync === undefined) noteFullSync();
    for (const listener of [...listeners]) listener();
  };
  const noteFullSync = () => {
    if (plan === undefined || [...kinds.values()].some((kind) => kind.state().state === 'syncing')) return;
    lastFullSync = clock.now();
    firstSyncMs ??= startedAt === undefined ? undefined : clock.monotonic() - startedAt;
  };

  const identity = createIdentity({ reader, clock, signal }, startOver);
  const access = createAccessRecheck({
    held: () => [...kinds.values()].flatMap((kind) => kind.held()),
    reader,
    clock,
    signal,
  });
  const discovery = createDiscoveryWatch({
    graph,
    clock,
    async look() {
      const snapshot = await reader.discovery(signal, { maxAgeMs: 0 });
      replan(snapshot);
      return snapshot;
    },
    isWatched: (kind) => kinds.get(kind)?.state().state === 'synced',
  });
  const newNamespaces = createNewNamespaces({
    graph,
    clock,
    kinds: () => kinds.values(),
    finder: () => finder,
    signal,
  });
  const drift = createDriftCheck({
    graph,
    reader,
    clock,
    scope,
    interval: settings.syncInterval,
    kinds: () => [...kinds.values()],
  });

  return {
    graph,
    scope,
    start() {
      if (startedAt !== undefined || signal.aborted) return;
      startedAt = clock.monotonic();
      void begin();
      drift.start();
      tick();
    },
    ready: (asked, options) =>
      waitUntilReady(asked, options, {
        clock,
        graph,
        planned: () => (plan === undefined ? undefined : [...kinds.keys()]),
        hopeless: () => plan === undefined && discoveryFailure !== undefined,
        stopped: () => signal.aborted,
        onChange,
      }),
    status: () =>
      statusOf({
        graph,
        mode: settings.mode,
        kinds: [...kinds.values()],
        dropped: [...dropped.keys()],
        running: startedAt !== undefined && !signal.aborted,
        unreachable: discoveryFailure !== undefined,
        lastFullSync,
        firstSyncMs,
        past: pastCounts,
        drift: drift.counts,
      }),
    problems: () => (discoveryFailure === undefined ? [] : [discoveryFailure.error]),
    catchingUp: () => catching > 0,
    kinds: () => [...kinds.keys()],
    left: () => [
      ...(plan?.left ?? []).filter(({ kind }) => !kinds.has(kind)),
      ...[...dropped].map(([kind, reason]) => ({ kind, reason })),
    ],
    namespaces: () => namespacesRead(scope, [...kinds.values()]),
    notes: () => notesOf({ scope, namespacesLeftOut: finder.leftOut(), dropped: dropped.size }),
    now: clusterClock.now,
    onClusterClock: (ms) => ms + clusterClock.now() - clock.now(),
    knownAt(kind) {
      const now = clock.now();
      const silence = reader.silence();
      const heard = Number.isFinite(silence) ? now - silence : now;
      return clusterClock.now() - now + Math.min(heard, kinds.get(kind)?.failingSince() ?? now);
    },
    stop() {
      if (signal.aborted) return;
      stopped.abort();
      cancelTick?.();
      discovery.stop();
      newNamespaces.stop();
      drift.stop();
      for (const kind of kinds.values()) kind.stop();
      applier.stop();
      unregister();
      changed();
    },
  };

  async function begin(): Promise<void> {
    attempt += 1;
    const own = attempt;
    let wait = FIRST_PAUSE_MS;
    while (!signal.aborted && own === attempt) {
      try {
        const snapshot = await reader.discovery(signal);
        discoveryFailure = undefined;
        await identity.check();
        if (own !== attempt) return;
        replan(snapshot);
        discovery.start();
        return;
      } catch (thrown) {
        if (signal.aborted) return;
        discoveryFailure = { error: toAppError(thrown), since: discoveryFailure?.since ?? clock.now() };
        changed();
        await pause(clock, wait * (0.5 + ports.random() / 2), signal);
        wait = Math.min(LONGEST_PAUSE_MS, wait * 2);
      }
    }
  }

  /** Kinds come and go with what discovery says; what it could not say stays as it is. */
  function replan(snapshot: DiscoverySnapshot): void {
    if (signal.aborted) return;
    for (const resource of snapshot.resources)
      scopes.set(kindKeyOf(resource.group, resource.kind), resource.namespaced);
    const next = planKinds(snapshot, scope.denied);
    const planned = new Map(next.kinds.map((kind) => [kind.kind, kind]));
    for (const kind of [...kinds.values()]) if (!planned.has(kind.kind)) leave(kind, snapshot);
    for (const { kind, reason } of next.left) if (!kinds.has(kind)) graph.setKindState(kind, { state: 'off', reason });
    for (const kind of next.kinds) take(kind, snapshot);
    // Only now: before, whoever waits would take what was not taken up yet for not served.
    plan = next;
    discovery.remember();
    changed();
  }

  function leave(kind: KindSync, snapshot: DiscoverySnapshot): void {
    // Its API does not answer: nothing says that the objects are gone.
    if (failureOf(kind.resource, snapshot) !== undefined) return;
    retire(kind);
    applier.forget(kind.kind);
    graph.drop(kind.kind);
    graph.setKindState(kind.kind, { state: 'missing' });
    changed();
  }

  function take(planned: PlannedKind, snapshot: DiscoverySnapshot): void {
    const known = kinds.get(planned.kind);
    if (dropped.has(planned.kind)) return;
    if (known !== undefined) {
      const same = samePlace(known.resource, planned.resource) && isServed(known.resource, snapshot);
      const wasGone = known.reflectorStates().some(({ state }) => state === 'not served');
      const recreated = discovery.wasRecreated(known.resource);
      if (same && !wasGone && !recreated) {
        if (discovery.wasChanged(known.resource)) void rereadSchema(known, planned);
        return;
      }
      retire(known);
      // The same objects in another version keep their places; those of another scope or another definition are others.
      if (recreated || !samePlace(known.resource, planned.resource)) {
        applier.forget(known.kind);
        graph.drop(known.kind);
      }
    }
    begins(planned);
  }

  function begins(planned: PlannedKind): void {
    const kind = createKindSync({
      kind: planned.kind,
      resource: planned.resource,
      namespaces: planned.resource.namespaced ? namespacesOf(scope) : undefined,
      graph,
      applier: newNamespaces.hears(planned.kind, discovery.hears(planned.kind, applier)),
      reads: () => readsOf(planned),
      reflectors: (own) =>
        ports.reflectors({ ...own, comparableVersions: () => hasOwnVersions(graph, planned.resource) }),
      scope,
      clock,
      turn: turns.of(planned.kind, undefined),
      changed,
      catchingUp: (on) => {
        catching += on ? 1 : -1;
      },
      refused(refused) {
        if (!refused.resource.namespaced) return false;
        void findNamespaces(refused);
        return true;
      },
      lost(why) {
        if (why === 'other cluster') startOver();
        else if (why === 'forbidden') access.suspect();
        else discovery.suspect();
      },
      unsteady: () => void identity.check(),
      grew: relieveMemory,
    });
    kinds.set(planned.kind, kind);
    kind.start();
  }

  function readsOf({ resource }: PlannedKind): KindReads | Promise<KindReads> {
    if (!mayBeCustom(resource)) return { projector: projector() };
    return schemas.of(resource, signal).then((schema): KindReads => {
      signatures.set(kindKeyOf(resource.group, resource.kind), schema?.signature);
      if (schema?.depth === 'metadata') return { projector: projector(), depth: 'metadata' };
      return { projector: projector(schema?.relation) };
    });
  }

  /** A schema that names other fields makes other references of the same objects: they are read anew. */
  async function rereadSchema(known: KindSync, planned: PlannedKind): Promise<void> {
    const schema = await schemas.of(planned.resource, signal);
    if (signal.aborted || schema === undefined || kinds.get(known.kind) !== known) return;
    if (schema.signature === signatures.get(known.kind)) return;
    retire(known);
    applier.forget(known.kind);
    graph.drop(known.kind);
    begins(planned);
    changed();
  }

  function retire(kind: KindSync): void {
    kind.stop();
    sumCounts([kind.counts()], pastCounts);
    kinds.delete(kind.kind);
  }

  /** All of a kind may not be listed: perhaps some namespaces of it may. */
  async function findNamespaces(kind: KindSync): Promise<void> {
    const own = finder;
    // What can be known of namespaces is known once their objects have been listed.
    await waitUntilReady(
      ['Namespace'],
      { waitMs: 5_000, signal, progress: () => {} },
      {
        clock,
        graph,
        planned: () => [...kinds.keys()],
        hopeless: () => false,
        stopped: () => signal.aborted,
        onChange,
      },
    ).catch(() => {});
    const readable = await own.readable(kind.target(), signal);
    if (signal.aborted || kinds.get(kind.kind) !== kind || own !== finder) return;
    kind.readNamespaces(readable);
    changed();
  }

  /** Nothing that is known holds: it is of another cluster. */
  function startOver(): void {
    for (const kind of [...kinds.values()]) retire(kind);
    applier.stop();
    applier = newApplier();
    finder = createNamespaceFinder(graph, reader, scope, clock);
    graph.clear();
    plan = undefined;
    lastFullSync = undefined;
    identity.forget();
    dropped.clear();
    scopes.clear();
    discovery.stop();
    changed();
    void begin();
  }

  function tick(): void {
    cancelTick = clock.after(TICK_MS, () => {
      for (const kind of kinds.values()) kind.state();
      identity.remind();
      relieveMemory();
      tick();
    });
  }

  /** Above the limit: first whole graphs that nobody asks, then the least useful kinds of this one. They stay off. */
  function relieveMemory(): void {
    const { memory } = settings;
    if (signal.aborted || memory.used() <= memory.limit) return;
    while (memory.used() > memory.limit * RELIEVED) {
      if (memory.relieve?.(graph) === true) continue;
      // A larger one, asked as well, is to give way; it looks as often as this one does.
      if (memory.largest !== undefined && memory.largest() !== graph) return;
      const { byKind } = graph.memory();
      const kind = nextToDrop([...kinds.keys()], (key) => byKind.get(key) ?? 0);
      const victim = kind === undefined ? undefined : kinds.get(kind);
      if (victim === undefined) break;
      const reason = 'dropped: the graphs reached GRAPH_MEMORY_LIMIT';
      retire(victim);
      applier.forget(victim.kind);
      graph.drop(victim.kind);
      graph.setKindState(victim.kind, { state: 'off', reason });
      dropped.set(victim.kind, reason);
    }
    changed();
  }
}
