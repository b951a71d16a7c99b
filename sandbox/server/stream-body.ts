/** Long answers in pieces: gathered into large chunks, compressed when that is asked for and worth it, never faster than they are read. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, createGzip } from 'node:zlib';
import { CHUNK_BYTES, returnChunk, takeChunk } from './chunks.ts';
import type { Exchange, Headers, Outlet } from './exchange.ts';

/** `defaultGzipThresholdBytes` of the real server. */
const GZIP_OVER_BYTES = 128 * 1024;

/** Answers with what `pieces` yields; they are asked for as they are sent. */
export async function sendPieces(
  exchange: Exchange,
  code: number,
  headers: Headers,
  pieces: Iterable<Buffer>,
): Promise<void> {
  const chunks = gather(pieces)[Symbol.iterator]();
  const first = chunks.next();
  if (first.done === true) return exchange.answer(code, headers, Buffer.alloc(0));
  const packs = zips(exchange, first.value.length);
  const second = chunks.next();
  if (second.done === true && !packs) return exchange.answer(code, headers, first.value);
  if (exchange.method === 'HEAD') return exchange.answer(code, headers, '');
  const rest = { [Symbol.iterator]: () => chunks };
  const all = second.done === true ? [first.value] : follow([first.value, second.value], rest);
  if (packs) {
    const outlet = exchange.open(code, { ...headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    await sendZipped(exchange, outlet, all);
  } else await sendChunks(exchange, exchange.open(code, headers), all);
}

/** Whether an answer of this size is compressed, and the client takes it. */
export function zips(exchange: Exchange, bytes: number): boolean {
  return bytes > GZIP_OVER_BYTES && acceptsGzip(exchange);
}

function* follow(first: readonly Buffer[], rest: Iterable<Buffer>): Iterable<Buffer> {
  yield* first;
  yield* rest;
}

async function sendChunks(exchange: Exchange, outlet: Outlet, chunks: Iterable<Buffer>): Promise<void> {
  for (const chunk of guarded(outlet, chunks)) {
    if (exchange.closed) return;
    if (outlet.write(chunk, () => returnChunk(chunk))) await nextTurn();
    else await outlet.drained();
  }
  outlet.end();
}

/** zlib works on threads of its own. */
async function sendZipped(exchange: Exchange, outlet: Outlet, chunks: Iterable<Buffer>): Promise<void> {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: CHUNK_BYTES });
  exchange.onClose(() => gzip.destroy());
  const ended = new Promise<void>((resolve) => {
    gzip.on('end', () => {
      outlet.end();
      resolve();
    });
    gzip.on('close', resolve);
    gzip.on('error', () => resolve());
  });
  gzip.on('data', (chunk: Buffer) => {
    if (outlet.write(chunk) || exchange.closed) return;
    gzip.pause();
    void outlet.drained().then(() => gzip.resume());
  });
  for (const chunk of guarded(outlet, chunks)) {
    if (gzip.destroyed) return;
    if (!gzip.write(chunk)) {
      await new Promise<void>((resolve) => {
        const done = () => {
          gzip.off('drain', done);
          gzip.off('close', done);
          resolve();
        };
        gzip.on('drain', done);
        gzip.on('close', done);
      });
    }
  }
  gzip.end();
  await ended;
}

/** A failure in the middle cuts the answer: its head has gone out as a success. */
function* guarded(outlet: Outlet, chunks: Iterable<Buffer>): Iterable<Buffer> {
  try {
    yield* chunks;
  } catch (thrown) {
    outlet.abort();
    throw thrown;
  }
}

/**
 * Small pieces together, large ones apart; each chunk holds at least the minimum but the last. A piece is copied before anything
 * else happens: it may be in memory that the next is written over.
 */
export function* gather(pieces: Iterable<Buffer>): Iterable<Buffer> {
  let chunk = takeChunk();
  let filled = 0;
  for (const piece of pieces) {
    const full: Buffer[] = [];
    let from = 0;
    while (from < piece.length) {
      const copied = piece.copy(chunk, filled, from);
      from += copied;
      filled += copied;
      if (filled === CHUNK_BYTES) {
        full.push(chunk);
        chunk = takeChunk();
        filled = 0;
      }
    }
    yield* full;
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

/** As the real server looks for it: the token alone, whatever its q. */
function acceptsGzip(exchange: Exchange): boolean {
  return (exchange.header('accept-encoding') ?? '').split(',').some((token) => token.trim() === 'gzip');
}
