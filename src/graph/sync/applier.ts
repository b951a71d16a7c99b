/** The one way into the graph: changes are gathered, the latest of each object wins, and go in in slices short enough that others get their turn. */
import type { Clock } from '../../kernel/clock.ts';
import { isTurnOver, nextTurn } from '../../kernel/turns.ts';
import type { Change, Graph, KindKey } from '../types.ts';

export interface Applier {
  /** In order. What is returned settles when there is room for more. */
  add(changes: readonly Change[]): void | Promise<void>;
  /** As one generation. */
  now(changes: readonly Change[]): void;
  /** What waits goes in before this returns. */
  flush(): void;
  /** Many changes at once, ahead of what is added later. `goesOn` is asked before each slice. */
  inSlices(changes: readonly Change[], goesOn: () => boolean): Promise<void>;
  /** What waits of a kind is not to come. */
  forget(kind: KindKey, namespace?: string): void;
  stop(): void;
}

/** How long changes wait for company where others went in just now, ms; a single one goes in at once. */
const GATHER_MS = 20;
/** So many waiting ones go in at once. */
const FULL = 500;
/** A slice is to take about this long, ms. */
const SLICE_MS = 5;
const MIN_SLICE = 25;
const MAX_SLICE = 1000;

/** `lost`: changes of these kinds could not be taken in; nobody is told otherwise, as they were on their way by themselves. */
export function createApplier(graph: Graph, clock: Clock, lost: (kinds: ReadonlySet<KindKey>) => void): Applier {
  // By object: the latest of each, in the order of their latest change.
  const waiting = new Map<string, Change>();
  let cancelTimer: (() => void) | undefined;
  let draining: Promise<void> | undefined;
  let stopped = false;
  let slice = 200;
  let appliedAt = Number.NEGATIVE_INFINITY;

  /** Takes one slice off `waiting`. */
  const take = (count: number): Change[] => {
    const taken: Change[] = [];
    for (const [key, change] of waiting) {
      if (taken.length >= count) break;
      waiting.delete(key);
      taken.push(change);
    }
    return taken;
  };

  const apply = (changes: readonly Change[]): void => {
    if (changes.length === 0) return;
    const began = clock.monotonic();
    graph.apply(changes);
    appliedAt = clock.monotonic();
    const took = appliedAt - began;
    if (took > SLICE_MS) slice = Math.max(MIN_SLICE, Math.floor(slice / 2));
    else if (took < SLICE_MS / 2 && changes.length >= slice) slice = Math.min(MAX_SLICE, Math.ceil(slice * 1.25));
  };

  /** What waits is of several kinds, and not the fault of whoever comes next. */
  const applyOrLose = (changes: readonly Change[]): void => {
    try {
      apply(changes);
    } catch {
      lost(new Set(changes.map(kindOf)));
    }
  };

  const drain = async (): Promise<void> => {
    while (waiting.size > 0 && !stopped) {
      applyOrLose(take(slice));
      if (waiting.size > 0) await nextTurn();
    }
  };
  const startDraining = (): Promise<void> => {
    draining ??= drain().finally(() => {
      draining = undefined;
      // What came after the last look.
      if (waiting.size > 0) arm();
    });
    return draining;
  };

  const arm = () => {
    if (cancelTimer !== undefined || draining !== undefined) return;
    const wait = appliedAt + GATHER_MS - clock.monotonic();
    if (wait <= 0) return void startDraining();
    cancelTimer = clock.after(wait, () => {
      cancelTimer = undefined;
      if (!stopped) void startDraining();
    });
  };

  return {
    add(changes) {
      if (stopped) return;
      for (const change of changes) {
        const key = keyOf(change);
        waiting.delete(key);
        waiting.set(key, change);
      }
      if (waiting.size < FULL) return arm();
      cancelTimer?.();
      cancelTimer = undefined;
      return startDraining();
    },

    now(changes) {
      if (!stopped && changes.length > 0) graph.apply(changes);
    },

    flush() {
      while (waiting.size > 0 && !stopped) applyOrLose(take(waiting.size));
    },

    async inSlices(changes, goesOn) {
      for (let at = 0; at < changes.length; ) {
        // What was applied may have come out of a slice of its own just now.
        if (isTurnOver()) await nextTurn();
        if (stopped || !goesOn()) return;
        const count = slice;
        apply(changes.slice(at, at + count));
        at += count;
        if (at < changes.length) await nextTurn();
      }
    },

    forget(kind, namespace) {
      for (const [key, change] of waiting) if (isOf(change, kind, namespace)) waiting.delete(key);
    },

    stop() {
      stopped = true;
      cancelTimer?.();
      waiting.clear();
    },
  };
}

/** `applier`, with an ear on the changes that go in. */
export function withEar(applier: Applier, hear: (changes: readonly Change[]) => void): Applier {
  return {
    ...applier,
    add(changes) {
      hear(changes);
      return applier.add(changes);
    },
    now(changes) {
      hear(changes);
      applier.now(changes);
    },
  };
}

function keyOf(change: Change): string {
  if (change.type === 'event') return `!${change.event.uid}`;
  const { kind, namespace, name } = change.type === 'upsert' ? change.object : change;
  return `${kind}\n${namespace}\n${name}`;
}

const kindOf = (change: Change): KindKey =>
  change.type === 'event' ? 'Event' : change.type === 'upsert' ? change.object.kind : change.kind;

function isOf(change: Change, kind: KindKey, namespace: string | undefined): boolean {
  if (change.type === 'event') return kind === 'Event';
  const of = change.type === 'upsert' ? change.object : change;
  return of.kind === kind && (namespace === undefined || of.namespace === namespace);
}
