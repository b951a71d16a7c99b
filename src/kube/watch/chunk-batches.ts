/** Chunks of a stream, and where a reader may hand over what it has: at the points where nothing more is there yet. */

/** Undefined: nothing more is there just now. */
export type Arrival = Uint8Array | undefined;

/** Reads one chunk ahead. A pause is told once after each run of chunks. Ends the stream when its reader stops. */
export async function* arrivals(body: AsyncIterable<Uint8Array>, abandon: () => void): AsyncGenerator<Arrival, void> {
  const iterator = body[Symbol.asyncIterator]();
  let fresh = false;
  try {
    for (;;) {
      const next = iterator.next();
      // Whoever stops reading does not wait for it any more.
      next.catch(() => undefined);
      if (fresh && !(await isThere(next))) {
        fresh = false;
        yield undefined;
      }
      const step = await next;
      if (step.done === true) return;
      fresh = true;
      yield step.value;
    }
  } finally {
    abandon();
    // Not awaited: a chunk that never comes must not hold whoever stops.
    iterator.return?.().catch(() => undefined);
  }
}

/** Whether a promise is settled once sockets that have something to read were read. */
function isThere(promise: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const settled = () => resolve(true);
    promise.then(settled, settled);
    setImmediate(resolve, false);
  });
}
