import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { AppError } from '../../kernel/errors.ts';
import { buildApp } from './app.ts';
import { answerClientErrors } from './client-error.ts';
import { createEventHub } from './events.ts';
import { assertBindAllowed } from './guards.ts';
import { problem } from './problem.ts';
import type { HttpPorts, HttpSettings, HttpSurface } from './types.ts';

/** A multi-cluster kubeconfig in base64 passes node's 16 KiB (surface.md C13). */
const MAX_HEADER_BYTES = 1024 * 1024;
const HEADERS_TIMEOUT_MS = 15_000;
/** For the whole request, body included; 4 MiB take 35 s at 1 Mbit/s. */
const REQUEST_TIMEOUT_MS = 60_000;
const CHECK_INTERVAL_MS = 5_000;
/** Longer than the usual 60 s of load balancers, which then close first and never meet a closed connection. */
const KEEP_ALIVE_MS = 72_000;
const MAX_CONNECTIONS = 1_000;

/** The HTTP server: REST, MCP, probes and docs on one port. */
export function createHttpSurface(ports: HttpPorts): HttpSurface {
  const { settings, mcp } = ports;
  const { limits = {} } = settings;
  const hub = createEventHub({ maxClients: limits.maxEventClients, heartbeatMs: limits.heartbeatMs });
  let draining = false;
  const server = createNodeServer(settings);
  const calls = trackCalls(server);
  const app = buildApp(ports, hub, () => draining);
  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    // Reached where a request has no usable Host or URL; everything later is the app's.
    errorHandler: () => problem(new AppError('invalid_argument', 'The request line or the Host header is not valid.')),
  });
  server.on('request', (incoming, outgoing) => void listener(incoming, outgoing));
  answerClientErrors(server);

  return {
    async start() {
      assertBindAllowed(settings);
      await listen(server, settings);
      const { port } = server.address() as AddressInfo;
      return { url: `${settings.tls === undefined ? 'http' : 'https'}://${shownHost(settings.host)}:${port}`, port };
    },
    async stop(graceMs) {
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      hub.close();
      await calls.settled(graceMs);
      await mcp.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function createNodeServer({ tls, limits = {} }: HttpSettings): Server {
  const options = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: limits.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
    requestTimeout: limits.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: limits.checkIntervalMs ?? CHECK_INTERVAL_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const server = tls === undefined ? createServer(options) : createTlsServer({ ...options, ...tls });
  server.maxConnections = limits.maxConnections ?? MAX_CONNECTIONS;
  return server;
}

/** Counts requests that carry a call. A GET may be a stream without end, so none is waited for. */
function trackCalls(server: Server) {
  const running = new Set<ServerResponse>();
  const waiting = new Set<() => void>();
  server.on('request', (incoming, outgoing) => {
    if (incoming.method === 'GET' || incoming.method === 'HEAD') return;
    running.add(outgoing);
    outgoing.once('close', () => {
      running.delete(outgoing);
      if (running.size === 0) for (const done of waiting) done();
    });
  });
  return {
    settled(graceMs: number): Promise<void> {
      if (running.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

function listen(server: Server, { host, port }: HttpSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (thrown: NodeJS.ErrnoException) => reject(listenError(thrown, host, port));
    server.once('error', failed);
    // `localhost` would bind one of two addresses, whichever the resolver names first.
    server.listen(port, host === 'localhost' ? '127.0.0.1' : host, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function listenError(thrown: NodeJS.ErrnoException, host: string, port: number): AppError {
  const reasons: Record<string, [problem: string, remedy: string]> = {
    EADDRINUSE: [`Port ${port} on ${host} is in use.`, 'Stop the other program or choose another --port.'],
    EACCES: [`Port ${port} may not be bound by this user.`, 'Choose a --port of 1024 or above.'],
    EADDRNOTAVAIL: [`${host} is no address of this machine.`, 'Choose another --host.'],
    ENOTFOUND: [`${host} is no known host name.`, 'Choose another --host.'],
  };
  const [message, remedy] = reasons[thrown.code ?? ''] ?? [
    `${host}:${port} cannot be bound.`,
    'Choose another --host or --port.',
  ];
  return new AppError('invalid_argument', message, { remedy, cause: thrown });
}

/** An address that a person can open. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
