/** Frames of watches on their way out: encoded once for all who want the same form, written in batches, bounded. */
import type { Version } from '../store/types.ts';
import { CHUNK_BYTES, returnChunk, takeChunk } from './chunks.ts';
import type { Outlet } from './exchange.ts';

/** From here on a receiver counts as slow: what the real server's buffers hold of small events, roughly. */
const FULL_BYTES = 2 * 1024 * 1024;
/** Below this it takes more. */
const LOW_BYTES = FULL_BYTES / 4;
/** A receiver so far behind is cut, whatever its watch says. */
const CUT_BYTES = 256 * 1024 * 1024;
/** Under load frames wait this long for company; the first after a pause goes out at once. */
const GATHER_MS = 4;
/** Frames kept to be shared, in bytes: those of the last moments, which all watchers are about to get. */
const SHARED_BYTES = 16 * 1024 * 1024;

/** Lets many writers flush at the same time, so that a burst of events costs each of them one write. */
export interface Flusher {
  add(flush: () => void): void;
}

export function createFlusher(): Flusher {
  let waiting: (() => void)[] = [];
  let scheduled = false;
  let last = 0;
  const run = () => {
    scheduled = false;
    last = performance.now();
    const now = waiting;
    waiting = [];
    for (const flush of now) flush();
  };
  return {
    add(flush) {
      waiting.push(flush);
      if (scheduled) return;
      scheduled = true;
      if (performance.now() - last >= GATHER_MS) setImmediate(run);
      else setTimeout(run, GATHER_MS);
    },
  };
}

export interface WatchWriter {
  /** False when the receiver is behind by more than its buffer. */
  push(frame: Buffer): boolean;
  /** Once, when it has caught up; at once when it is not behind. */
  whenWritable(ready: () => void): void;
  /** After what was pushed. */
  end(): void;
}

export function createWatchWriter(outlet: Outlet, flusher: Flusher): WatchWriter {
  let queue: Buffer[] = [];
  let bytes = 0;
  let queued = false;
  let blocked = false;
  let ending = false;
  let ready: (() => void) | undefined;

  function flush(): void {
    queued = false;
    while (queue.length > 0 && !blocked) {
      if (!send()) {
        blocked = true;
        outlet.onDrain(() => {
          blocked = false;
          flush();
        });
      }
    }
    if (ending && queue.length === 0) outlet.end();
    if (bytes < LOW_BYTES) tellReady();
  }

  function tellReady(): void {
    const tell = ready;
    ready = undefined;
    tell?.();
  }

  /** As much as goes in one write. */
  function send(): boolean {
    let length = 0;
    let count = 0;
    for (const frame of queue) {
      if (count > 0 && length + frame.length > CHUNK_BYTES) break;
      length += frame.length;
      count++;
    }
    const [first] = queue;
    const batch = queue.slice(0, count);
    queue = count === queue.length ? [] : queue.slice(count);
    bytes -= length;
    if (count === 1 && first !== undefined) return outlet.write(first);
    if (length < CHUNK_BYTES / 4) return outlet.write(Buffer.concat(batch, length));
    const chunk = takeChunk();
    let at = 0;
    for (const frame of batch) at += frame.copy(chunk, at);
    return outlet.write(chunk.subarray(0, length), () => returnChunk(chunk));
  }

  const schedule = () => {
    if (queued || blocked) return;
    queued = true;
    flusher.add(flush);
  };

  return {
    push(frame) {
      if (ending) return false;
      queue.push(frame);
      bytes += frame.length;
      if (bytes > CUT_BYTES) {
        queue = [];
        bytes = 0;
        ending = true;
        outlet.abort();
        return false;
      }
      schedule();
      return bytes < FULL_BYTES;
    },
    whenWritable(tell) {
      ready = tell;
      if (bytes < LOW_BYTES) tellReady();
    },
    end() {
      ending = true;
      schedule();
    },
  };
}

/** Encoded frames by version and form, the newest only: older ones are rarely asked for again, and worlds are large. */
export interface SharedFrames {
  get(version: Version, form: string, encode: () => Buffer): Buffer;
}

export function createSharedFrames(): SharedFrames {
  const frames = new Map<Version, { bytes: number; forms: Map<string, Buffer> }>();
  let bytes = 0;
  return {
    get(version, form, encode) {
      let entry = frames.get(version);
      const known = entry?.forms.get(form);
      if (known !== undefined) return known;
      const frame = encode();
      if (entry === undefined) {
        entry = { bytes: 0, forms: new Map() };
        frames.set(version, entry);
      }
      entry.forms.set(form, frame);
      entry.bytes += frame.length;
      bytes += frame.length;
      for (const [old, { bytes: freed }] of frames) {
        if (bytes <= SHARED_BYTES || old === version) break;
        frames.delete(old);
        bytes -= freed;
      }
      return frame;
    },
  };
}
