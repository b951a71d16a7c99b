/** Who is admitted: one ticket a command, found by what its child knows. */
import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '../../kernel/errors.ts';
import type { GuardCall } from './types.ts';

/** A connection of either HTTP version. */
export interface Connection {
  readonly destroyed: boolean;
  destroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

export interface Ticket {
  readonly handle: string;
  readonly call: GuardCall;
  /** Bearer token. */
  readonly token: string;
  /** Password for the egress proxy. */
  readonly password: string;
  /** Aborts when the ticket is closed. */
  readonly signal: AbortSignal;
  /** False where the ticket has as many connections as it may have. They end with it. */
  hold(connection: Connection): boolean;
  /** Counts one more request or tunnel; undefined where that is too many. */
  enter(): (() => void) | undefined;
  close(): void;
}

export interface Tickets {
  open(handle: string, call: GuardCall): Ticket;
  byToken(token: string): Ticket | undefined;
  byPassword(password: string): Ticket | undefined;
  closeAll(): void;
}

export interface TicketLimits {
  connectionsPerTicket: number;
  requestsPerTicket: number;
}

/** Bytes: 256 bits. */
const SECRET_BYTES = 32;

export function createTickets(limits: TicketLimits): Tickets {
  // Looked up by hash: how long a look-up takes tells nothing about a secret that is nearly right.
  const tokens = new Map<string, Ticket>();
  const passwords = new Map<string, Ticket>();
  return {
    open(handle, call) {
      const forget = () => {
        tokens.delete(hash(ticket.token));
        passwords.delete(hash(ticket.password));
      };
      const ticket = createTicket(handle, call, { limits, forget });
      tokens.set(hash(ticket.token), ticket);
      passwords.set(hash(ticket.password), ticket);
      return ticket;
    },
    byToken: (token) => tokens.get(hash(token)),
    byPassword: (password) => passwords.get(hash(password)),
    closeAll() {
      for (const ticket of [...tokens.values()]) ticket.close();
    },
  };
}

function createTicket(
  handle: string,
  call: GuardCall,
  { limits, forget }: { limits: TicketLimits; forget: () => void },
): Ticket {
  const controller = new AbortController();
  const connections = new Set<Connection>();
  let requests = 0;
  return {
    handle,
    call,
    token: randomBytes(SECRET_BYTES).toString('base64url'),
    password: randomBytes(SECRET_BYTES).toString('base64url'),
    signal: controller.signal,
    hold(connection) {
      if (controller.signal.aborted || connection.destroyed) return false;
      if (connections.has(connection)) return true;
      if (connections.size >= limits.connectionsPerTicket) return false;
      connections.add(connection);
      connection.once('close', () => connections.delete(connection));
      return true;
    },
    enter() {
      if (requests >= limits.requestsPerTicket) return undefined;
      requests++;
      let left = false;
      return () => {
        if (!left) requests--;
        left = true;
      };
    },
    close() {
      if (controller.signal.aborted) return;
      forget();
      controller.abort(new AppError('cancelled', 'The command has ended.'));
      for (const connection of connections) connection.destroy();
      connections.clear();
    },
  };
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}
