/** Memory for what is on its way out, used again once it has gone: fresh memory of that size costs more than what is copied into it. */

/** One write: large enough that its cost does not count, small enough that others get their turn between two. */
export const CHUNK_BYTES = 256 * 1024;
/** As much as a few long answers have on their way. */
const MOST_IDLE = 32;

const idle: Buffer[] = [];

export function takeChunk(): Buffer {
  return idle.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
}

let slab = Buffer.alloc(0);
let filled = 0;

/** `parts` in one, cut from memory that many share which are made one after another and go one after another. */
export function joined(parts: readonly Buffer[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > CHUNK_BYTES / 4) return Buffer.concat(parts, length);
  if (filled + length > slab.length) {
    slab = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    filled = 0;
  }
  const whole = slab.subarray(filled, filled + length);
  for (const part of parts) {
    slab.set(part, filled);
    filled += part.length;
  }
  return whole;
}

/** For what nobody holds any more. */
export function returnChunk(chunk: Buffer): void {
  if (chunk.length === CHUNK_BYTES && idle.length < MOST_IDLE) idle.push(chunk);
}
