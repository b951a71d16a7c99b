/**
 * The event loop's turns, shared out: several long pieces of work at once must not each take a slice of the same turn, as whoever else has
 * something to do waits for all of them together.
 */

/** ms. Together with what comes after a slice it stays below the 10 ms that a turn may take (DESIGN.md). */
const SLICE_MS = 5;

const waiting: (() => void)[] = [];
/** When the work of this turn began; told as long as `armed`. */
let began = 0;
let armed = false;

/** Whether long work has used this turn up. */
export function isTurnOver(): boolean {
  const now = performance.now();
  if (armed) return now - began > SLICE_MS;
  began = now;
  arm();
  return false;
}

/** Lets timers, sockets and others that wait here have their turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (!armed) arm();
  });
}

function arm(): void {
  armed = true;
  setImmediate(turn);
}

/** Who waits longest goes on, the others in turns of their own. */
function turn(): void {
  armed = false;
  const next = waiting.shift();
  if (next === undefined) return;
  began = performance.now();
  arm();
  next();
}
