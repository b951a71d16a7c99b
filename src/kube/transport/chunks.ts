import type { Readable } from 'node:stream';

/** All that can change what there is to read. */
const EVENTS = ['readable', 'end', 'close', 'error'] as const;

/**
 * Bytes of one chunk. Asked for no number, a stream hands over all that waits in one copy, as much as an HTTP/2 window: such copies grow old
 * while they are read, and where they lay the process's memory keeps holes.
 */
const CHUNK = 64 * 1024;

/**
 * What a stream holds, chunk by chunk. Node's own iterator takes an HTTP/2 stream that was complete before it is read for one that
 * broke: `closed` says of these that both sides are done, and of all others that nothing more comes (seen with Node 24.21).
 */
export async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array, void> {
  let wake = () => {};
  const woken = () => wake();
  for (const event of EVENTS) stream.on(event, woken);
  try {
    for (;;) {
      const chunk: Uint8Array | null = stream.destroyed
        ? null
        : stream.read(Math.min(stream.readableLength, CHUNK) || undefined);
      if (chunk !== null) yield chunk;
      else if (stream.errored !== null) throw stream.errored;
      else if (stream.readableEnded) return;
      else if (stream.destroyed) throw broken();
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    for (const event of EVENTS) stream.off(event, woken);
  }
}

function broken(): Error {
  return Object.assign(new Error('the stream broke'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
}
