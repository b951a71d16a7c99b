/** HTTP/1.1 with keep-alive, for servers, load balancers and proxies that do not speak HTTP/2. */
import type { Socket } from 'node:net';
import type { Pool } from 'undici';
import { AppError } from '../../kernel/errors.ts';
import { DeadConnection, joinedHeaders, type Wire, type WireRequest, type WireResponse } from './wire.ts';

/** ms that an idle connection is kept. Load balancers commonly close at 60 s; a request must not meet that. */
const KEEP_ALIVE = 50_000;

/** Requests over connections that `open` makes. undici loads at the first request: most clusters never need it. */
export function createH1Pool(origin: URL, open: () => Promise<Socket>): Wire {
  let pool: Promise<Pool> | undefined;
  const current = () => {
    pool ??= createPool(origin, open);
    return pool;
  };
  /** Idle connections beside a dead one are likely dead as well: the next request starts on a fresh one. */
  const renew = (old: Pool) => {
    pool = undefined;
    old.close().catch(() => undefined);
  };
  const end = (how: (old: Pool) => Promise<void>) => {
    pool?.then(how).catch(() => undefined);
    pool = undefined;
  };
  return {
    async exchange(request) {
      const used = await current();
      request.onSent();
      try {
        return await exchangeOn(used, request);
      } catch (thrown) {
        if (request.signal.aborted) throw request.signal.reason;
        if (thrown instanceof AppError) throw thrown;
        if (pool !== undefined && (await pool) === used) renew(used);
        throw new DeadConnection(false, thrown);
      }
    },
    retire: () => end((old) => old.close()),
    destroy: () => end((old) => old.destroy()),
  };
}

async function createPool(origin: URL, open: () => Promise<Socket>): Promise<Pool> {
  const { Pool } = await import('undici');
  return new Pool(origin.origin, {
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE,
    // Silence is watched above, by the request's own limit.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, callback) => {
      open().then(
        (socket) => callback(null, socket),
        (thrown: unknown) => callback(thrown instanceof Error ? thrown : new Error('dial failed'), null),
      );
    },
  });
}

async function exchangeOn(pool: Pool, { method, path, headers, body, signal }: WireRequest): Promise<WireResponse> {
  const answer = await pool.request({ method, path, headers: { ...headers }, body: body ?? null, signal });
  // Its reader sees the cause; before there is one, an error must not end the process.
  answer.body.on('error', () => undefined);
  return {
    status: answer.statusCode,
    headers: joinedHeaders(answer.headers),
    body: answer.body,
    // undici ends such a body with an error itself.
    truncated: () => false,
  };
}
