/** Which connection belongs to which ticket. */
import type { createSecureServer, Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import type { GuardLimits } from './limits.ts';
import type { Connection, Ticket } from './tickets.ts';

export interface Connections {
  /** The connection of an HTTP/2 session; undefined where it ended meanwhile. */
  of(session: Http2Session): Connection | undefined;
  /** Says that a ticket was shown on it. */
  settle(connection: Connection, ticket: Ticket): void;
  ticketOf(connection: Connection): Ticket | undefined;
  destroyAll(): void;
}

/** Ends connections on which no ticket is shown in time. */
export function trackConnections(
  server: ReturnType<typeof createSecureServer>,
  limits: GuardLimits,
  clock: Clock,
): Connections {
  const sockets = new Set<Socket>();
  const waiting = new Map<Connection, () => void>();
  const settled = new WeakMap<Connection, Ticket>();
  const wholes = new WeakMap<Http2Session, Connection>();
  let latest: TLSSocket | undefined;
  const watch = (connection: Connection) => {
    waiting.set(
      connection,
      clock.after(limits.headersTimeoutMs, () => connection.destroy()),
    );
    connection.once('close', () => release(connection));
  };
  const release = (connection: Connection) => {
    waiting.get(connection)?.();
    waiting.delete(connection);
  };
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true).on('error', () => socket.destroy());
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // Before Node's own listener, which makes a session of it and says so at once.
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    latest = socket;
  });
  server.on('session', (session) => {
    session.on('error', () => session.destroy());
    if (latest === undefined) return session.destroy();
    const connection = wholeOf(session, latest);
    wholes.set(session, connection);
    watch(connection);
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol !== 'h2') watch(socket);
  });
  return {
    of: (session) => wholes.get(session),
    settle(connection, ticket) {
      release(connection);
      settled.set(connection, ticket);
    },
    ticketOf: (connection) => settled.get(connection),
    destroyAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A session whose peer was killed may never get to closing its socket, whatever one does to the session (Node 24): both are ended. */
function wholeOf(session: Http2Session, socket: TLSSocket): Connection {
  return {
    get destroyed() {
      return session.destroyed || socket.destroyed;
    },
    destroy() {
      session.destroy();
      socket.destroy();
    },
    once: (event, listener) => socket.once(event, listener),
  };
}
