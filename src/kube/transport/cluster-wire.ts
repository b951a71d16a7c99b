/** The way to one cluster with one client certificate: HTTP/2 where the server chooses it, else HTTP/1.1. The choice is remembered. */
import type { Socket } from 'node:net';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ClusterConnection } from '../connection.ts';
import { type Alpn, type ClientCertificate, dial } from './dial.ts';
import { createH1Pool } from './h1-pool.ts';
import { createH2Pool } from './h2-pool.ts';
import type { H2Timings } from './h2-session.ts';
import { DeadConnection, type Wire } from './wire.ts';

export interface ClusterWireOptions {
  connection: ClusterConnection;
  clientCertificate: ClientCertificate | undefined;
  clock: Clock;
  timings: H2Timings;
}

/** Connects at the first exchange. Plain http: servers speak HTTP/1.1. */
export function createClusterWire({ connection, clientCertificate, clock, timings }: ClusterWireOptions): Wire {
  const origin = connection.server;
  const destroyed = new AbortController();
  const open = (alpn: readonly Alpn[]) =>
    dial({
      connection,
      clientCertificate,
      alpn,
      clock,
      timeoutMs: timings.connectTimeoutMs,
      signal: destroyed.signal,
    });
  /** Connections on which the server answered an offer of HTTP/2 with HTTP/1.1. */
  const spare: Socket[] = [];
  let http1 = origin.protocol !== 'https:';
  const h1 = createH1Pool(
    origin,
    async () => spare.splice(0).find((socket) => !socket.destroyed) ?? open(['http/1.1']),
  );
  const h2 = createH2Pool({
    origin,
    open: () => open(['h2', 'http/1.1']),
    onHttp1: (socket) => {
      http1 = true;
      spare.push(socket);
    },
    clock,
    timings,
  });
  const session = async (signal: AbortSignal) => {
    try {
      return await h2.session(signal);
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      throw new DeadConnection(true, thrown);
    }
  };
  return {
    async exchange(request) {
      const found = http1 ? undefined : await session(request.signal);
      return found === undefined ? h1.exchange(request) : found.exchange(request);
    },
    retire() {
      h1.retire();
      h2.retire();
    },
    destroy() {
      destroyed.abort();
      for (const socket of spare) socket.destroy();
      h1.destroy();
      h2.destroy();
    },
  };
}
