/** An answer's body: unzipped while it arrives, counted, watched. */
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../kernel/errors.ts';
import { chunksOf } from './chunks.ts';
import { lostConnection } from './failures.ts';
import type { Lifetime } from './lifetime.ts';
import type { WireResponse } from './wire.ts';

export interface BodyLimits {
  /** Of decoded bytes. */
  maxBytes: number;
  context: string;
}

/** The decoded bytes; throws `too_large` beyond the cap. Whoever stops reading ends the exchange. */
export async function* decodedBody(response: WireResponse, life: Lifetime, { maxBytes, context }: BodyLimits) {
  const source = decoded(response);
  const chunks = chunksOf(source);
  let total = 0;
  let complete = false;
  try {
    for (;;) {
      life.awaitBytes();
      const next = await chunks.next();
      life.pause();
      if (next.done === true) break;
      total += next.value.length;
      if (total > maxBytes) throw tooLarge(context, maxBytes);
      yield next.value;
    }
    if (response.truncated()) throw lostConnection(undefined, context);
    complete = true;
  } catch (thrown) {
    throw life.signal.aborted ? life.signal.reason : bodyFailure(thrown, response, context);
  } finally {
    if (complete) life.release();
    else life.end();
    source.destroy();
  }
}

/** Up to `maxBytes` of a body as text; what is beyond is left unread. For error bodies, whose end matters little. */
export async function firstBytes(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    total += chunk.length;
    if (total >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
}

/** A whole body as text. */
export async function wholeText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function decoded({ headers, body }: WireResponse): Readable {
  return isGzip(headers['content-encoding']) ? pipeline(body, createGunzip(), () => undefined) : body;
}

/** Throws `cluster_bad_answer` for an encoding that was not asked for. */
export function isGzip(encoding: string | undefined): boolean {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === 'gzip' || name === 'x-gzip') return true;
  if (name === '' || name === 'identity') return false;
  throw new AppError('cluster_bad_answer', 'The cluster answered in a content encoding that was not asked for.', {
    remedy: 'Check the proxies and load balancers before the API server.',
  });
}

function tooLarge(context: string, maxBytes: number): AppError {
  return new AppError('too_large', `The answer of cluster "${context}" is larger than ${maxBytes} bytes.`, {
    remedy: 'Narrow the request: a namespace, a selector, or a smaller limit.',
    facts: { maxBytes },
  });
}

function bodyFailure(thrown: unknown, response: WireResponse, context: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const code: unknown = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const damaged = typeof code === 'string' && code.startsWith('Z_') && !response.truncated();
  if (!damaged) return lostConnection(thrown, context);
  return new AppError('cluster_bad_answer', `Cluster "${context}" sent gzip data that cannot be unpacked.`, {
    remedy: 'Retry; if it lasts, check the proxies before the API server.',
    cause: thrown,
  });
}
