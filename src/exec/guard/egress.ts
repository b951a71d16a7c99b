/** The only way out of a child: an HTTP proxy that opens tunnels to the hosts its command was allowed, and to nothing else. */
import { lookup } from 'node:dns/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressClass, canonicalHost } from '../../kernel/address.ts';
import type { Clock } from '../../kernel/clock.ts';
import { HOST, listen } from './loopback.ts';
import { splice } from './splice.ts';
import type { Ticket, Tickets } from './tickets.ts';

/** The addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Connects to an address. */
export type Dial = (address: string, port: number) => Socket;

/** How the proxy reaches the network. */
export interface Network {
  resolve: Resolve;
  dial: Dial;
}

export interface Egress {
  port: number;
  /** Proxy URL with the ticket's credentials. */
  url(ticket: Ticket): string;
  close(): Promise<void>;
}

const USER = 'k8s-mcp';
/** ms: for the request, for name and connection, for a tunnel without traffic, for a whole tunnel. */
const HEADERS_MS = 10_000;
const CONNECT_MS = 10_000;
const IDLE_MS = 60_000;
const LIFE_MS = 600_000;
/** Bytes each way through one tunnel. The largest charts are a few MiB. */
const MAX_BYTES = 256 * 1024 * 1024;
const HEADER_BYTES = 8 * 1024;
/** Tried one after the other. */
const MAX_ADDRESSES = 3;
/** Charts come from the internet or from inside the company, never from this machine, its link or its cloud's metadata. */
const REACHABLE = new Set(['public', 'private']);

export const systemNetwork: Network = {
  resolve: async (host) => (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address),
  dial: (address, port) => connect({ host: address, port }),
};

/** A refusal in one sentence: clients print the reason phrase of a CONNECT and nothing else. */
class Turned extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

export async function createEgress(
  tickets: Pick<Tickets, 'byPassword'>,
  { clock, network }: { clock: Clock; network: Network },
): Promise<Egress> {
  const server = createServer({
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: HEADERS_MS,
    requestTimeout: HEADERS_MS,
    connectionsCheckingInterval: HEADERS_MS / 2,
    keepAliveTimeout: 1,
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true).on('error', () => socket.destroy());
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (_request, response) => {
    response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(`${REFUSED}\n`);
  });
  server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => turnAway(socket, new Turned(403, REFUSED)));
  server.on('connect', (request: IncomingMessage, socket: Duplex, early: Buffer) => {
    if (early.length > 0) socket.unshift(early);
    tunnel(request, socket, { tickets, clock, network }).catch((thrown: unknown) => {
      turnAway(socket, thrown instanceof Turned ? thrown : new Turned(502, 'k8s-mcp could not open the tunnel'));
    });
  });
  const port = await listen(server);
  return {
    port,
    url: ({ password }) => `http://${USER}:${password}@${HOST}:${port}`,
    close() {
      const ended = new Promise<void>((done) => server.close(() => done()));
      for (const socket of sockets) socket.destroy();
      return ended;
    },
  };
}

const REFUSED = 'k8s-mcp lets commands reach nothing but their cluster and allowed chart hosts';

interface Setup {
  tickets: Pick<Tickets, 'byPassword'>;
  clock: Clock;
  network: Network;
}

async function tunnel(request: IncomingMessage, child: Duplex, { tickets, clock, network }: Setup): Promise<void> {
  const ticket = ticketOf(request, tickets);
  if (ticket === undefined) throw new Turned(407, 'k8s-mcp does not know this command');
  const target = targetOf(request.url ?? '');
  if (target === undefined) throw new Turned(400, 'k8s-mcp was asked for a tunnel to no host and port');
  const { host, port } = target;
  const leave = ticket.enter();
  if (leave === undefined || !ticket.hold(child)) {
    leave?.();
    throw new Turned(429, 'k8s-mcp has too many connections of this command open');
  }
  child.once('close', leave);
  if (!ticket.call.mayReach(host, port)) throw new Turned(403, `k8s-mcp does not let commands reach ${host}:${port}`);
  const signal = AbortSignal.any([ticket.signal, AbortSignal.timeout(LIFE_MS)]);
  const far = await reach(await safeAddresses(host, network.resolve), port, { dial: network.dial, signal });
  if (far === undefined || child.destroyed) {
    far?.destroy();
    throw new Turned(502, `k8s-mcp could not connect to ${host}:${port}`);
  }
  child.write('HTTP/1.1 200 Connection established\r\n\r\n');
  bound(far, child);
  splice(child, far, signal, clock);
}

/** By the proxy's own credentials: the API token is never shown to it. */
function ticketOf({ rawHeaders, headers }: IncomingMessage, tickets: Pick<Tickets, 'byPassword'>): Ticket | undefined {
  const given = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'proxy-authorization');
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]{1,512})$/i.exec(headers['proxy-authorization'] ?? '') ?? [];
  if (given.length !== 1 || encoded === undefined) return undefined;
  const login = Buffer.from(encoded, 'base64').toString('utf8');
  return login.startsWith(`${USER}:`) ? tickets.byPassword(login.slice(USER.length + 1)) : undefined;
}

function targetOf(authority: string): { host: string; port: number } | undefined {
  const [, name = '', digits = ''] = /^(\[[0-9a-f:.]+\]|[^:[\]]+):(\d{1,5})$/i.exec(authority) ?? [];
  const host = canonicalHost(name);
  const port = Number(digits);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** Resolved once: what is connected to is what was looked at. */
async function safeAddresses(host: string, resolve: Resolve): Promise<readonly string[]> {
  const addresses = isIP(host) === 0 ? await resolve(host).catch(() => []) : [host];
  if (addresses.length === 0) throw new Turned(502, `k8s-mcp found no address of ${host}`);
  const safe = addresses.filter((address) => REACHABLE.has(addressClass(address)));
  if (safe.length === 0) throw new Turned(403, `k8s-mcp lets no command reach the kind of address that ${host} has`);
  return safe.slice(0, MAX_ADDRESSES);
}

async function reach(
  addresses: readonly string[],
  port: number,
  { dial, signal }: { dial: Dial; signal: AbortSignal },
): Promise<Socket | undefined> {
  const each = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]);
  for (const address of addresses) {
    if (each.aborted) break;
    const socket = await connected(dial(address, port), each);
    if (socket !== undefined) return socket;
  }
  return undefined;
}

function connected(socket: Socket, signal: AbortSignal): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const fail = () => {
      socket.destroy();
      settle(undefined);
    };
    const settle = (outcome: Socket | undefined) => {
      signal.removeEventListener('abort', fail);
      resolve(outcome);
    };
    signal.addEventListener('abort', fail, { once: true });
    socket.on('error', fail);
    socket.once('connect', () => settle(socket.setNoDelay(true)));
  });
}

/** Ends a tunnel that is silent for long, or carries more than charts weigh. */
function bound(far: Socket, child: Duplex): void {
  far.setTimeout(IDLE_MS, () => far.destroy());
  for (const side of [far, child]) {
    let bytes = 0;
    side.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) far.destroy();
    });
  }
}

function turnAway(socket: Duplex, { status, message }: Turned): void {
  if (socket.destroyed) return;
  const ask = status === 407 ? 'Proxy-Authenticate: Basic realm="k8s-mcp"\r\n' : '';
  socket.end(`HTTP/1.1 ${status} ${message}\r\n${ask}Content-Length: 0\r\nConnection: close\r\n\r\n`);
}
