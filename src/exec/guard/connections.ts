/** Which connection belongs to which ticket. */
import type { createSecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import type { GuardLimits } from './limits.ts';
import type { Connection, Ticket } from './tickets.ts';

export interface Connections {
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
  server.on('session', (session) => {
    session.on('error', () => session.destroy());
    watch(session);
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol !== 'h2') watch(socket);
  });
  return {
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
