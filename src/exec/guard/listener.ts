/** Where a child finds its API server: TLS on 127.0.0.1, open to whoever holds a ticket of a running command. */
import type { IncomingMessage } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { singleFlight } from '../../kernel/async.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { createIdentities } from './certificate.ts';
import { trackConnections } from './connections.ts';
import { createDoor, type Incoming } from './door.ts';
import { createEgress, type Egress, type Network, systemNetwork } from './egress.ts';
import { type GuardLimits, LIMITS } from './limits.ts';
import { HOST, listen } from './loopback.ts';
import type { Reply } from './respond.ts';
import { createTickets, type Tickets } from './tickets.ts';
import type { GuardCall, GuardListener } from './types.ts';

export interface GuardOptions {
  clock?: Clock;
  limits?: Partial<GuardLimits>;
  /** For the egress proxy. */
  network?: Network;
}

/** ms. Between two requests of one command. */
const KEEP_ALIVE_MS = 120_000;
const HANDLE = /^[a-z0-9-]{1,64}$/;

interface Running {
  port: number;
  egress: Egress;
  ca(): string;
  close(): Promise<void>;
}

/** Listens from the first `admit` on. Does not keep the process alive. */
export function createGuardListener({
  clock = systemClock,
  limits: given,
  network = systemNetwork,
}: GuardOptions = {}): GuardListener {
  const limits = { ...LIMITS, ...given };
  const tickets = createTickets(limits);
  let running: Running | undefined;
  let closed = false;
  const start = singleFlight(async () => {
    running ??= await startListening(tickets, { clock, limits, network });
    return running;
  });
  return {
    async admit(handle: string, call: GuardCall) {
      if (!HANDLE.test(handle))
        throw new AppError('internal', 'A cluster handle is to be made of a-z, 0-9 and dashes.');
      const { port, egress, ca } = await start();
      if (closed) {
        await running?.close();
        throw new AppError('cancelled', 'k8s-mcp is stopping: no command is started any more.');
      }
      const ticket = tickets.open(handle, call);
      return {
        server: `https://${HOST}:${port}/${handle}`,
        ca: ca(),
        token: ticket.token,
        proxy: egress.url(ticket),
        close: () => ticket.close(),
      };
    },
    ports: () => (running === undefined ? [] : [running.port, running.egress.port]),
    async close() {
      closed = true;
      tickets.closeAll();
      await running?.close();
    },
  };
}

interface Setup {
  clock: Clock;
  limits: GuardLimits;
  network: Network;
}

async function startListening(tickets: Tickets, { clock, limits, network }: Setup): Promise<Running> {
  const identity = createIdentities(clock, ({ cert, key }) => server.setSecureContext({ ...TLS, cert, key }));
  const server = createSecureServer({
    ...TLS,
    ...identity().server,
    ...http1Options(limits),
    allowHTTP1: true,
    handshakeTimeout: limits.headersTimeoutMs,
    settings: {
      maxConcurrentStreams: limits.requestsPerTicket,
      maxHeaderListSize: limits.headerBytes,
      enablePush: false,
    },
  });
  // Node 22 takes these as properties only.
  Object.assign(server, http1Options(limits));
  const connections = trackConnections(server, limits, clock);
  const port = await listen(server);
  const door = createDoor(tickets, connections, { clock, limits, authority: `${HOST}:${port}` });
  server.on('request', (request: Incoming, reply: Reply) => void door.request(request, reply));
  server.on(
    'upgrade',
    (request: IncomingMessage, socket: TLSSocket, head: Buffer) => void door.upgrade(request, socket, head),
  );
  const egress = await createEgress(tickets, { clock, network }).catch((thrown: unknown) => {
    server.close();
    throw thrown;
  });
  return {
    port,
    egress,
    ca: () => identity().ca,
    async close() {
      const ended = new Promise<void>((done) => server.close(() => done()));
      connections.destroyAll();
      await Promise.all([ended, egress.close()]);
    },
  };
}

/** Every client is one of our own children, and all of them know TLS 1.3. X25519 alone: a hybrid exchange would cost them time on loopback. */
const TLS = { minVersion: 'TLSv1.3', ecdhCurve: 'X25519' } as const;

function http1Options({ headerBytes, headersTimeoutMs, bodyTimeoutMs, checkIntervalMs }: GuardLimits) {
  return {
    maxHeaderSize: headerBytes,
    headersTimeout: headersTimeoutMs,
    requestTimeout: headersTimeoutMs + bodyTimeoutMs,
    connectionsCheckingInterval: checkIntervalMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
}
