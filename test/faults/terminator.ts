/** Our TLS end: one listener on loopback for each way in which a connection may be met, and the HTTP servers behind them. */
import {
  createServer as createHttp1,
  type Server as Http1Server,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import {
  createServer as createHttp2,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTls, type Server as TlsServer } from 'node:tls';
import type { Identities } from './identities.ts';
import type { CertificateUse } from './plan.ts';

export interface Shape {
  readonly certificate: CertificateUse | 'good';
  readonly protocols: 'h2' | 'http/1.1' | 'none';
  readonly maxStreams: number;
}

export type Request = IncomingMessage | Http2ServerRequest;
export type Reply = ServerResponse | Http2ServerResponse;

export interface Terminator {
  /** The loopback port of the listener for connections of this shape. */
  portFor(shape: Shape): Promise<number>;
  close(): void;
}

/** What the real server and most load balancers grant. */
export const MAX_STREAMS = 250;
const SESSION_MEMORY_MB = 256;
const ALPN = { h2: ['h2', 'http/1.1'], 'http/1.1': ['http/1.1'], none: undefined };

export function createTerminator(identities: Identities, handle: (request: Request, reply: Reply) => void): Terminator {
  const http1: Http1Server = createHttp1({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, handle);
  const http2s = new Map<number, Http2Server>();
  const listeners = new Map<string, Promise<TlsServer>>();
  const sockets = new Set<Socket>();

  function http2For(streams: number): Http2Server {
    const known = http2s.get(streams);
    if (known !== undefined) return known;
    const server = createHttp2(
      { settings: { maxConcurrentStreams: streams }, maxSessionMemory: SESSION_MEMORY_MB },
      handle,
    );
    server.on('sessionError', () => undefined);
    server.setTimeout(0);
    http2s.set(streams, server);
    return server;
  }

  function open({ certificate, protocols, maxStreams }: Shape): Promise<TlsServer> {
    const { cert, key } = identities.certificate(certificate);
    const alpn = ALPN[protocols];
    const server = createTls({ cert, key, ...(alpn === undefined ? {} : { ALPNProtocols: alpn }) });
    server.on('connection', (socket) => keep(socket));
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    server.on('secureConnection', (socket) => {
      socket.on('error', () => undefined);
      const next = socket.alpnProtocol === 'h2' ? http2For(maxStreams) : http1;
      next.emit('connection', socket);
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve(server));
    });
  }

  function keep(socket: Socket): void {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  }

  return {
    async portFor(shape) {
      const key = JSON.stringify(shape);
      const server = listeners.get(key) ?? open(shape);
      listeners.set(key, server);
      // A server that listens on a port of an IP address says so in this form.
      return ((await server).address() as AddressInfo).port;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      for (const server of listeners.values()) {
        server.then(
          (open) => open.close(),
          () => undefined,
        );
      }
      http1.closeAllConnections();
    },
  };
}
