/** The sandbox's API server: one TLS listener for HTTP/2 and HTTP/1.1 in front of the ports. */
import type { ServerOptions } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type SecureServerOptions,
  type ServerHttp2Session,
} from 'node:http2';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { AppError } from '../../src/kernel/errors.ts';
import { createDispatcher } from './dispatch.ts';
import { createExchange } from './exchange.ts';
import { peerOf } from './peer.ts';
import type { Listening, SandboxServer, ServerParts } from './ports.ts';

/** `http2-max-streams-per-connection` of the real server. */
const MAX_STREAMS = 250;
/** Of one request's headers; Go allows 1 MiB, no client of ours comes near this. */
const MAX_HEADER_BYTES = 256 * 1024;
/** MB that one connection may hold: many watches and large lists go over a single one. */
const SESSION_MEMORY_MB = 1024;
/** What one stream may have on its way to us before we read it: bodies are small, and bounded. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
/** A connection with nothing to do is closed, as Go's `IdleTimeout` of the real server does. */
const IDLE_MS = 90_000;
/** How long answers that are being written may take once the server stops. */
const GRACE_MS = 1000;

interface Running {
  server: Http2SecureServer;
  /** Connections, and how many requests of HTTP/1.1 they serve. */
  sockets: Map<Socket, number>;
  sessions: Set<ServerHttp2Session>;
  stopping: boolean;
}

export function createServer(parts: ServerParts): SandboxServer {
  const dispatcher = createDispatcher(parts);
  let running: Running | undefined;

  return {
    async start({ host, port }) {
      if (running !== undefined) throw new AppError('internal', 'The sandbox server runs already.');
      const made = listener(parts, dispatcher.handle);
      const listening = await listen(made.server, host, port);
      running = made;
      dispatcher.setAddress(new URL(listening.url).host);
      return listening;
    },
    async stop() {
      const stopping = running;
      running = undefined;
      if (stopping === undefined) return;
      dispatcher.endStreams();
      await shutDown(stopping);
    },
  };
}

function listener(parts: ServerParts, handle: ReturnType<typeof createDispatcher>['handle']): Running {
  const { authority, server: certificate } = parts.trust;
  const options: SecureServerOptions & Pick<ServerOptions, 'maxHeaderSize'> = {
    allowHTTP1: true,
    maxHeaderSize: MAX_HEADER_BYTES,
    cert: certificate.cert,
    key: certificate.key,
    ca: authority.cert,
    requestCert: true,
    // Who shows a certificate that is not ours gets a 401, as at the real server, not a broken handshake.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    maxSessionMemory: SESSION_MEMORY_MB,
    maxHeaderListPairs: 256,
    settings: {
      maxConcurrentStreams: MAX_STREAMS,
      maxHeaderListSize: MAX_HEADER_BYTES,
      initialWindowSize: STREAM_WINDOW_BYTES,
    },
  };
  const server = createSecureServer(options);
  const running: Running = { server, sockets: new Map(), sessions: new Set(), stopping: false };
  const { sockets, sessions } = running;
  server.on('request', (request, reply) => {
    if (request.httpVersionMajor === 1) countRequest(running, request.socket, reply);
    // Clients take ages by it: the world's time, which may have been advanced, not this machine's.
    reply.setHeader('date', new Date(parts.clock.now()).toUTCString());
    const exchange = createExchange(request, reply);
    handle(exchange, peerOf(request)).catch((thrown: unknown) => {
      parts.onError?.(thrown);
      reply.destroy();
    });
  });
  server.on('secureConnection', (socket: Socket) => {
    sockets.set(socket, 0);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => undefined);
    let open = 0;
    session.on('stream', (stream) => {
      open++;
      stream.on('close', () => open--);
    });
    // A watch may be silent for long.
    session.setTimeout(IDLE_MS, () => {
      if (open === 0) session.close();
    });
  });
  // Broken handshakes and resets are everyday.
  server.on('sessionError', () => undefined);
  server.on('tlsClientError', () => undefined);
  return running;
}

/** A connection of HTTP/1.1 lives on between requests: not when the server stops. */
function countRequest(
  running: Running,
  socket: Socket,
  reply: { on(event: 'close', listener: () => void): unknown },
): void {
  const { sockets } = running;
  sockets.set(socket, (sockets.get(socket) ?? 0) + 1);
  reply.on('close', () => {
    const left = (sockets.get(socket) ?? 1) - 1;
    if (!socket.destroyed) sockets.set(socket, left);
    if (running.stopping && left === 0) socket.end();
  });
}

function listen(server: Http2SecureServer, host: string, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFailure(error, host, port)));
    server.listen({ host, port }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      // Errors of a listener that stands have nobody to go to.
      server.on('error', () => undefined);
      resolve({ url: `https://${host.includes(':') ? `[${host}]` : host}:${bound}`, port: bound });
    });
  });
}

function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  if (error.code === 'EADDRINUSE') {
    return new AppError('invalid_argument', `Port ${port} is in use.`, {
      remedy: 'Stop what listens there, or choose another with --port; 0 takes any free one.',
      facts: { port },
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return new AppError('invalid_argument', `Port ${port} may not be listened on by this user.`, {
      remedy: 'Choose a port above 1023 with --port; 0 takes any free one.',
      facts: { port },
      cause: error,
    });
  }
  return new AppError(
    'invalid_argument',
    `The sandbox cannot listen on ${host} port ${port} (${error.code ?? 'unknown'}).`,
    {
      remedy: 'Use an address of this machine; 127.0.0.1 always is one.',
      cause: error,
    },
  );
}

/** GOAWAY to every session; what is still written then has a moment, and everything else none. */
function shutDown(running: Running): Promise<void> {
  const { server, sockets, sessions } = running;
  running.stopping = true;
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      for (const socket of sockets.keys()) socket.destroy();
    }, GRACE_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    for (const session of sessions) session.close();
    for (const [socket, requests] of sockets) {
      if (!isMultiplexed(socket) && requests === 0) socket.destroy();
    }
  });
}

function isMultiplexed(socket: Socket): boolean {
  return socket instanceof TLSSocket && socket.alpnProtocol === 'h2';
}
