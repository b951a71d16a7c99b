/** Memory for what is on its way out, used again once it has gone: fresh memory of that size costs more than what is copied into it. */

/** One write: large enough that its cost does not count, small enough that others get their turn between two. */
export const CHUNK_BYTES = 256 * 1024;
/** As much as a few long answers have on their way. */
const MOST_IDLE = 32;

const idle: Buffer[] = [];

export function takeChunk(): Buffer {
  return idle.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
}

/** For what nobody holds any more. */
export function returnChunk(chunk: Buffer): void {
  if (chunk.length === CHUNK_BYTES && idle.length < MOST_IDLE) idle.push(chunk);
}
