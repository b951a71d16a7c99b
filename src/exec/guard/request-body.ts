/** A child's request body, whole and bounded. */
import type { Readable } from 'node:stream';
import type { Clock } from '../../kernel/clock.ts';
import { Refusal } from './status.ts';

export interface BodyLimits {
  maxBytes: number;
  /** For the whole body. */
  timeoutMs: number;
  /** False: it is read and thrown away. Default true. */
  keep?: boolean;
  clock: Clock;
}

/** How much more of a body that is too long is read (and thrown away), so that its writer gets to see why. */
const DISCARD_FACTOR = 4;

/** The body; undefined for none. Throws Refusal for one that is too long or too slow. */
export function readBody(
  request: Readable,
  { maxBytes, timeoutMs, clock, keep = true }: BodyLimits,
): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let total = 0;
    const cancel = clock.after(timeoutMs, () => settle(() => reject(slow())));
    const settle = (end: () => void) => {
      cancel();
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone).off('aborted', onGone);
      end();
    };
    const onData = (chunk: Buffer) => {
      total += chunk.length;
      if (total <= maxBytes && keep) chunks.push(chunk);
      else if (total > maxBytes * DISCARD_FACTOR) settle(() => reject(tooLong(maxBytes)));
      else chunks.length = 0;
    };
    const onEnd = () =>
      settle(() => {
        if (total > maxBytes) reject(tooLong(maxBytes));
        else resolve(total === 0 ? undefined : Buffer.concat(chunks));
      });
    const onGone = () => settle(() => reject(new Refusal(400, 'BadRequest', 'The request ended before its body did.')));
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone).on('aborted', onGone);
  });
}

function tooLong(maxBytes: number): Refusal {
  return new Refusal(
    413,
    'RequestEntityTooLarge',
    `The body of a request may be ${maxBytes / 1024 / 1024} MiB at most.`,
  );
}

function slow(): Refusal {
  return new Refusal(408, 'Timeout', 'The body of the request did not come in time.');
}
