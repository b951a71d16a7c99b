/** Time that flows, and that can be moved on: five minutes may take a millisecond, and every timer in between fires in order. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../src/kernel/clock.ts';

interface Timer {
  at: number;
  order: number;
  run: (() => void) | undefined;
}

export interface SandboxClock extends Clock {
  /** Moves time on by `ms` and runs what falls due on the way, in order, each at its own time. */
  advance(ms: number): void;
  /** The same in turns, so that other work is done in between: time stands still for it. Settles when all is done. */
  advanceInTurns(ms: number): Promise<void>;
  /** Moves time on by `ms` in which nothing runs: what fell due meanwhile is late. */
  skip(ms: number): void;
  /** How many timers wait. */
  pending(): number;
  /** No timer runs on its own any more. */
  stop(): void;
}

/** Due timers run in batches of this many, or for this many ms, before other work gets its turn. */
const BATCH = 500;
const BATCH_MS = 5;
/** How long one turn of `advanceInTurns` takes. */
const TURN_MS = 20;
/** Timers that were called off are thrown away together, once there are so many and they are the most. */
const CALLED_OFF = 1000;

/**
 * `flowing`: the wall clock, from `start` on. `still`: stands at `start` until it is moved, so that a test decides all.
 * Times are ms since the epoch.
 */
export function createClock(mode: 'flowing' | 'still', start: number = Date.now()): SandboxClock {
  const heap: Timer[] = [];
  let offset = start - (mode === 'flowing' ? Date.now() : 0);
  let stillAt: number | undefined = mode === 'still' ? start : undefined;
  let order = 0;
  let wake: NodeJS.Timeout | undefined;
  let stopped = false;
  let calledOff = 0;
  let journey: Promise<void> = Promise.resolve();

  const now = () => stillAt ?? Date.now() + offset;

  function arm() {
    clearTimeout(wake);
    const first = heap[0];
    if (first === undefined || stopped || mode === 'still' || stillAt !== undefined) return;
    // The longest delay that setTimeout takes is 2^31-1 ms.
    wake = setTimeout(runDue, Math.min(Math.max(0, first.at - now()), 0x7fffffff));
  }

  function runDue() {
    const began = performance.now();
    for (let ran = 0; ran < BATCH && !stopped && performance.now() - began < BATCH_MS; ran++) {
      const first = heap[0];
      if (first === undefined || first.at > now()) break;
      runFirst(first);
    }
    arm();
  }

  function runFirst(first: Timer) {
    pop(heap);
    if (first.run === undefined) calledOff -= 1;
    else {
      const { run } = first;
      first.run = undefined;
      run();
    }
  }

  function callOff(timer: Timer) {
    if (timer.run === undefined) return;
    timer.run = undefined;
    calledOff += 1;
    if (calledOff < CALLED_OFF || calledOff * 2 < heap.length) return;
    const left = heap.filter(({ run }) => run !== undefined);
    heap.length = 0;
    for (const each of left) push(heap, each);
    calledOff = 0;
  }

  /** Runs what falls due until then, each at its own time, for `forMs` of the real one. True when nothing is left. */
  function runUntil(until: number, forMs: number): boolean {
    // Time stands at each timer while it runs, whatever the wall clock does meanwhile.
    stillAt = now();
    const began = performance.now();
    for (let first = heap[0]; first !== undefined && first.at <= until && !stopped; first = heap[0]) {
      stillAt = Math.max(stillAt, first.at);
      runFirst(first);
      if (performance.now() - began > forMs) return false;
    }
    if (mode === 'still') stillAt = Math.max(now(), until);
    else {
      offset = Math.max(now(), until) - Date.now();
      stillAt = undefined;
      arm();
    }
    return true;
  }

  async function travel(ms: number) {
    const until = now() + Math.max(0, ms);
    while (!runUntil(until, TURN_MS)) await nextTurn();
  }

  return {
    now,
    monotonic: now,
    after(ms, callback) {
      const timer: Timer = { at: now() + Math.max(0, ms), order: order++, run: callback };
      push(heap, timer);
      if (heap[0] === timer) arm();
      return () => callOff(timer);
    },
    advance(ms) {
      runUntil(now() + Math.max(0, ms), Number.POSITIVE_INFINITY);
    },
    advanceInTurns(ms) {
      const own = journey.then(() => travel(ms));
      // What fails on one journey does not end those after it.
      journey = own.catch(() => undefined);
      return own;
    },
    skip(ms) {
      if (stillAt === undefined) offset += Math.max(0, ms);
      else stillAt += Math.max(0, ms);
      arm();
    },
    pending: () => heap.length - calledOff,
    stop() {
      stopped = true;
      clearTimeout(wake);
    },
  };
}

const earlier = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Timer[], timer: Timer): void {
  let at = heap.length;
  heap.push(timer);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !earlier(timer, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    const child = right !== undefined && left !== undefined && earlier(right, left) ? right : left;
    if (child === undefined || !earlier(child, last)) break;
    heap[at] = child;
    at = 2 * at + (child === left ? 1 : 2);
  }
  heap[at] = last;
}
