import type { Graph, GraphNode, GraphView, KindKey, NodeId } from '../../graph/types.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { DetectContext, Detector, Finding, Found } from '../types.ts';
import { createBook } from './book.ts';
import { createDue } from './due.ts';
import { createStateWatch, type Gate, gateOf } from './gate.ts';
import { looksAtKind } from './kinds.ts';
import { createLookers } from './lookers.ts';
import { readersByKind } from './readers.ts';
import { recheckAfter } from './recheck.ts';
import { createSweep, type Sweep } from './sweep.ts';
import { leadsOn, nodeOf } from './touched.ts';
import { watchedContext } from './watched-context.ts';
import { createWork } from './work.ts';

/** Changes are gathered for so long before they are looked at, ms: a rollout touches the same objects again and again. Who asks does not wait for it. */
const GATHER_MS = 500;
/** So many changed objects are looked at soon all the same, and not all at once when somebody asks. */
const MANY = 250;
const SOON_MS = 100;
/** Looking goes on for so long before others have their turn, ms. With the last look a turn stays below 5. */
const SLICE_MS = 4;
/** How often closed detectors are tried again, ms. */
const GATES_MS = 1000;
/** A detector that reads the time and found nothing is asked again of all objects of its kinds, at least so long apart, ms; longer where all of them together would take more than 0.3 % of the time. */
const SWEEP_MS = 60_000;
const SWEEP_SHARE = 333;
/** What hangs on a node that only gained or lost an edge is looked at again up to so many: hubs (a namespace) change all the time. */
const HUB = 256;

export interface EngineOptions {
  graph: Graph;
  view(): GraphView;
  /** On the cluster's clock. */
  now(): number;
  clock: Clock;
  detectors: readonly Detector[];
}

export interface Engine {
  /** Looks at all that has changed or is due, and at everything for a detector that has just opened. */
  drain(): void;
  /** As `drain`, in slices, and no further than to `deadline` (monotonic ms) once all has been looked at for the first time. */
  settle(deadline?: number): Promise<void>;
  /** ms on the cluster's clock: all that changed until then has been looked at. */
  asOf(): number;
  findings(): readonly Finding[];
  /** Incidents that were there from the start on and do not count yet: they may have held for long. */
  waiting(): readonly Finding[];
  /** Called after each change of an incident. */
  onIncidents(listener: () => void): void;
  history(): readonly { at: number; began: boolean; finding: Finding }[];
  /** Detectors that do not look yet, and those that failed. */
  closed(): readonly { detector: string; why: string }[];
  /** All of them look. */
  isOpen(): boolean;
  stop(): void;
}

interface DetectorState {
  gate: Gate;
  open: boolean;
  readsTime: boolean;
  nextSweep: number;
  sweeping: boolean;
  /** It has looked at all there was when it opened. */
  sweptOnce: boolean;
  failure: string | undefined;
}

/** Keeps what the detectors find up to date with a graph. */
export function createEngine({ graph, view: viewNow, now, clock, detectors }: EngineOptions): Engine {
  let heard = () => {};
  const book = createBook(() => heard());
  const due = createDue();
  const lookers = createLookers(detectors.length);
  const work = createWork();
  const sweeps: Sweep[] = [];
  const nodesTouched = new Set<NodeId>();
  const edgesTouched = new Set<NodeId>();
  const states: DetectorState[] = detectors.map(() => ({
    gate: { closed: 'has not been tried', without: [] },
    open: false,
    readsTime: false,
    nextSweep: 0,
    sweeping: false,
    sweptOnce: false,
    failure: undefined,
  }));
  const looksAt = byKind(detectors, ({ kinds }) => (kinds === 'any' ? [] : kinds));
  const looksAtAny = [...detectors.keys()].filter((index) => detectors[index]?.kinds === 'any');
  const readers = readersByKind(detectors);
  const haveChanged = createStateWatch(detectors);
  const watched = watchedContext(viewNow());
  const width = Math.max(1, detectors.length);
  let cancel: (() => void) | undefined;
  let wakesAt = Number.POSITIVE_INFINITY;
  let gatesTried = Number.NEGATIVE_INFINITY;
  let stopped = false;
  /** Since when there is something that has changed and has not been looked at. */
  let behindSince: number | undefined = now();

  function refreshGates(view: GraphView): void {
    const at = now();
    gatesTried = clock.monotonic();
    if (!haveChanged(view)) return;
    for (const [index, detector] of detectors.entries()) {
      const state = states[index];
      if (state === undefined) continue;
      const gate = gateOf(detector, view, at);
      if (state.open) {
        // Once open it stays so: a kind that is read anew is known as it was until then.
        if (sameKinds(gate.without, state.gate.without)) continue;
        state.gate = { closed: undefined, without: gate.without };
        book.seeWithout(detector, gate.without);
        continue;
      }
      state.gate = gate;
      if (gate.closed !== undefined) continue;
      state.open = true;
      startSweep(index, true);
    }
  }

  function startSweep(index: number, first: boolean): void {
    const state = states[index];
    const detector = detectors[index];
    if (state === undefined || detector === undefined) return;
    state.sweeping = true;
    if (first) behindSince ??= now();
    sweeps.push(createSweep(detector, index, first));
  }

  /** Touched nodes to pairs. Edges that are gone by now have both their ends among the touched. False where some are left for later. */
  function spread(view: GraphView, late: () => boolean): boolean {
    // Whoever opens later looks at everything.
    if (states.every(({ open }) => !open)) {
      nodesTouched.clear();
      edgesTouched.clear();
    }
    for (const id of nodesTouched) {
      nodesTouched.delete(id);
      edgesTouched.delete(id);
      spreadOne(id, view, true);
      if (late()) return false;
    }
    for (const id of edgesTouched) {
      edgesTouched.delete(id);
      spreadOne(id, view, false);
      if (late()) return false;
    }
    return true;
  }

  function spreadOne(id: NodeId, view: GraphView, itself: boolean): void {
    for (const index of book.holders(id)) work.add(id, index);
    const node = nodeOf(view, id);
    if (node === undefined) return;
    if (node.state === 'present') {
      for (const index of looksAt.get(node.kind) ?? []) if (itself || lookers.has(id, index)) mark(id, index);
      for (const index of looksAtAny) if (itself || lookers.has(id, index)) mark(id, index);
    }
    const read = readers.get(node.kind);
    if (read === undefined) return;
    if (read.near.some(isOpen) && (itself || leadsOn(id, view)))
      spreadNear(id, read.near, view, itself ? Number.POSITIVE_INFINITY : HUB);
    for (const { affected, indexes } of read.far) {
      if (!indexes.some(isOpen)) continue;
      try {
        for (const other of affected(node, view, itself))
          for (const index of indexes) if (lookers.has(other, index)) mark(other, index);
      } catch (error) {
        for (const index of indexes) if (isOpen(index)) fail(index, node, error);
      }
    }
  }

  function spreadNear(id: NodeId, indexes: readonly number[], view: GraphView, limit: number): void {
    const found: NodeId[] = [];
    const visit = (other: NodeId): boolean => {
      found.push(other);
      return found.length <= limit;
    };
    view.in(id, visit);
    if (found.length <= limit) view.out(id, visit);
    if (found.length > limit) return;
    // Whoever looked around there looks at its kind.
    for (const other of found) for (const index of indexes) if (lookers.has(other, index)) mark(other, index);
  }

  function isOpen(index: number): boolean {
    return states[index]?.open === true;
  }

  function mark(id: NodeId, index: number): void {
    if (isOpen(index)) work.add(id, index);
  }

  function fail(index: number, node: GraphNode, error: unknown): void {
    const state = states[index];
    const text = error instanceof Error ? error.message : 'threw';
    if (state !== undefined)
      state.failure = `failed on ${node.kind} ${node.namespace}/${node.name}: ${text}`.slice(0, 300);
  }

  function look(id: NodeId, indexes: readonly number[], view: GraphView): void {
    const at = now();
    const node = nodeOf(view, id);
    for (const index of indexes) lookOnce(id, node, index, view, at);
  }

  function lookOnce(id: NodeId, node: GraphNode | undefined, index: number, view: GraphView, at: number): void {
    const detector = detectors[index];
    const state = states[index];
    if (detector === undefined || state === undefined) return;
    const key = id * width + index;
    due.forget(key);
    if (node === undefined || node.state === 'absent' || !looksAtKind(detector, node.kind)) {
      book.end(id, index, at);
      lookers.note(id, index, false);
      return;
    }
    watched.begin(view, at, id);
    const found = detect(detector, index, node, watched.context);
    lookers.note(id, index, watched.lookedAround());
    const activates = book.record({
      detector,
      index,
      node,
      found,
      view,
      without: state.gate.without,
      now: at,
      atTheStart: !state.sweptOnce,
    });
    if (activates !== undefined) due.at(key, activates);
    const again = watched.again();
    if (again !== undefined) due.at(key, again);
    else if (watched.readsTime()) {
      // What did not ask for the time does not change with it: only finding nothing by the time makes sweeps needed.
      if (found.length > 0) due.at(key, at + recheckAfter(found, at));
      else state.readsTime = true;
    }
  }

  function detect(detector: Detector, index: number, node: GraphNode, context: DetectContext): readonly Found[] {
    try {
      return detector.detect(node, context);
    } catch (error) {
      fail(index, node, error);
      return [];
    }
  }

  /** Looks until nothing is left or the time is over. `all`: sweeps that only follow the clock wait for their turn. */
  function run(deadline: number, onlyNeeded: boolean): boolean {
    const view = viewNow();
    const late = () => clock.monotonic() >= deadline;
    // By itself it tries them from time to time; who asks is answered as of now.
    if (onlyNeeded || clock.monotonic() - gatesTried >= GATES_MS) refreshGates(view);
    if (!spread(view, late)) return false;
    due.take(now(), (key) => work.add(Math.floor(key / width), key % width));
    for (let next = work.take(); next !== undefined; next = work.take()) {
      look(next.id, next.indexes, view);
      if (late()) return false;
    }
    // The first ones come first.
    for (const sweep of sweeps.toSorted((a, b) => Number(b.first) - Number(a.first))) {
      if (!sweep.first) behindSince = undefined;
      if (onlyNeeded && !sweep.first) continue;
      if (!runSweep(sweep, view, late)) return false;
    }
    behindSince = undefined;
    return true;
  }

  function runSweep(sweep: Sweep, view: GraphView, late: () => boolean): boolean {
    const began = clock.monotonic();
    const only = [sweep.index];
    for (let id = sweep.next(view); id !== undefined; id = sweep.next(view)) {
      look(id, only, view);
      if (!late()) continue;
      sweep.spent += clock.monotonic() - began;
      return false;
    }
    sweep.spent += clock.monotonic() - began;
    sweeps.splice(sweeps.indexOf(sweep), 1);
    const state = states[sweep.index];
    if (state === undefined) return true;
    state.sweeping = false;
    state.sweptOnce = true;
    const sweepers = states.filter(({ readsTime }) => readsTime).length;
    state.nextSweep = now() + Math.max(SWEEP_MS, sweep.spent * SWEEP_SHARE * sweepers);
    return true;
  }

  /** The clock asks again for what changes by itself. */
  function startDueSweeps(): void {
    const at = now();
    for (const [index, state] of states.entries())
      if (state.readsTime && !state.sweeping && state.nextSweep <= at) startSweep(index, false);
  }

  function wake(ms: number): void {
    const at = clock.monotonic() + ms;
    if (stopped || wakesAt <= at) return;
    cancel?.();
    wakesAt = at;
    cancel = clock.after(ms, slice);
  }

  function slice(): void {
    cancel = undefined;
    wakesAt = Number.POSITIVE_INFINITY;
    if (stopped) return;
    startDueSweeps();
    if (run(clock.monotonic() + SLICE_MS, false)) sleep();
    else wake(1);
  }

  function sleep(): void {
    const at = now();
    let until = Number.POSITIVE_INFINITY;
    if (states.some((state) => !state.open)) until = GATES_MS;
    const next = due.next();
    if (next !== undefined) until = Math.min(until, Math.max(SOON_MS, next - at));
    for (const state of states) if (state.readsTime) until = Math.min(until, Math.max(SOON_MS, state.nextSweep - at));
    if (until !== Number.POSITIVE_INFINITY) wake(until);
  }

  const stopListening = graph.onChange(({ nodes, edges }) => {
    if (nodes.size + edges.size === 0) return;
    behindSince ??= now();
    for (const id of nodes) nodesTouched.add(id);
    for (const id of edges) edgesTouched.add(id);
    wake(nodesTouched.size + edgesTouched.size < MANY ? GATHER_MS : SOON_MS);
  });
  wake(0);

  return {
    drain() {
      run(Number.POSITIVE_INFINITY, true);
      sleep();
    },
    async settle(deadline = Number.POSITIVE_INFINITY) {
      while (!stopped && !run(clock.monotonic() + SLICE_MS, true)) {
        if (clock.monotonic() >= deadline && !sweeps.some(({ first }) => first)) return;
        await new Promise(setImmediate);
      }
    },
    asOf: () => behindSince ?? now(),
    findings: () => book.findings(),
    waiting: () => book.waiting(),
    onIncidents(listener) {
      heard = listener;
    },
    history: () => book.history(),
    closed: () =>
      detectors.flatMap(({ id }, index) => {
        const state = states[index];
        const why = state?.open === true ? state.failure : state?.gate.closed;
        return why === undefined ? [] : [{ detector: id, why }];
      }),
    isOpen: () => states.every((state) => state.open),
    stop() {
      stopped = true;
      cancel?.();
      stopListening();
    },
  };
}

function byKind(
  detectors: readonly Detector[],
  kinds: (detector: Detector) => readonly KindKey[],
): ReadonlyMap<KindKey, readonly number[]> {
  const result = new Map<KindKey, number[]>();
  for (const [index, detector] of detectors.entries()) {
    for (const kind of new Set(kinds(detector))) result.set(kind, [...(result.get(kind) ?? []), index]);
  }
  return result;
}

const sameKinds = (a: readonly KindKey[], b: readonly KindKey[]) =>
  a.length === b.length && a.every((kind, index) => kind === b[index]);
