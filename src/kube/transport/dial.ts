/** Opens one connection to a cluster's server: TCP or proxy tunnel, then TLS with ALPN. */
import { connect as connectTcp, isIP, type LookupFunction, Socket } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect as connectTls, TLSSocket } from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ClusterConnection, Credentials, Reach } from '../connection.ts';
import { connectFailure, type Destination, untoldFailure } from './failures.ts';
import { httpTunnel, socksTunnel } from './proxy.ts';
import { trust } from './trust.ts';

export type Alpn = 'h2' | 'http/1.1';
export type ClientCertificate = NonNullable<Credentials['clientCertificate']>;

export interface DialRequest {
  connection: ClusterConnection;
  clientCertificate: ClientCertificate | undefined;
  /** What to offer, best first. */
  alpn: readonly Alpn[];
  clock: Clock;
  /** For all steps together. */
  timeoutMs: number;
  /** Ends a dial that nobody waits for any more: its socket would keep the process alive until the time-out. */
  signal: AbortSignal;
}

/** An established connection; over TLS its `alpnProtocol` says what the server chose. */
export async function dial(request: DialRequest): Promise<Socket> {
  const { connection, clientCertificate, alpn, clock, timeoutMs, signal } = request;
  const { server, proxyUrl } = connection;
  const opened: Socket[] = [];
  let destination: Destination = destinationOf(connection, proxyUrl ?? server, proxyUrl !== undefined);
  let late: AppError | undefined;
  const giveUp = (why: AppError) => {
    late = why;
    for (const socket of opened) socket.destroy(late);
  };
  const cancelTimeout = clock.after(timeoutMs, () => giveUp(connectTimeout(destination, timeoutMs)));
  const onAbort = () => giveUp(new AppError('cancelled', 'The connection to the cluster was closed.'));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const keep = (socket: Socket) => {
    opened.push(socket);
    // An error between two owners must not end the process. TLS alerts leave the socket open, and an HTTP/2 session on it would never end.
    socket.on('error', () => socket.destroy());
    if (late !== undefined) socket.destroy(late);
    return socket;
  };
  try {
    // A proxy is the operator's, and connects by its own rules.
    const reach = proxyUrl === undefined ? connection.reach : undefined;
    // Node asks no lookup for a host that is an address already.
    if (reach !== undefined && isIP(hostAndPort(server).host) !== 0) await reach.resolve(hostAndPort(server).host);
    let socket = keep(connectTcp({ ...tcpTarget(proxyUrl ?? server), ...(reach && { lookup: pinned(reach) }) }));
    await established(socket, 'connect');
    socket.setNoDelay(true).setKeepAlive(true, 30_000);
    if (proxyUrl !== undefined) {
      if (proxyUrl.protocol === 'https:') socket = await secured(keep, socket, proxyTls(proxyUrl));
      if (proxyUrl.protocol.startsWith('socks5')) await socksTunnel(socket, proxyUrl, hostAndPort(server));
      else await httpTunnel(socket, proxyUrl, hostAndPort(server));
      destination = destinationOf(connection, server, false);
    }
    if (server.protocol !== 'https:') return socket;
    // Without verification no authority matters, and loading them takes time.
    const trusted = connection.tls.insecureSkipVerify
      ? { ...clientCertificate }
      : trust(await connection.tls.ca(), clientCertificate);
    return await secured(keep, socket, { ...serverTls(connection), ...trusted, ALPNProtocols: [...alpn] });
  } catch (thrown) {
    for (const socket of opened) socket.destroy();
    throw connectFailure(late ?? thrown, destination);
  } finally {
    cancelTimeout();
    signal.removeEventListener('abort', onAbort);
  }
}

function connectTimeout(destination: Destination, timeoutMs: number): AppError {
  if (destination.untold) return untoldFailure(destination);
  const { context, address, viaProxy } = destination;
  const who = viaProxy ? `The proxy ${address} for cluster "${context}"` : `Cluster "${context}" at ${address}`;
  return new AppError('cluster_unreachable', `${who} did not accept a connection within ${timeoutMs / 1000} s.`, {
    remedy: 'Check your VPN, firewall and the server address.',
  });
}

function destinationOf({ context, reach }: ClusterConnection, url: URL, viaProxy: boolean): Destination {
  const { host, port } = hostAndPort(url);
  return {
    context,
    address: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    viaProxy,
    untold: reach !== undefined,
  };
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };
const SOCKS_PORT = 1080;

/** IPv6 addresses without their brackets. */
function hostAndPort(url: URL): { host: string; port: number } {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? SOCKS_PORT) : Number(url.port) };
}

function tcpTarget(url: URL) {
  return { ...hostAndPort(url), autoSelectFamily: true };
}

/** Connects to the addresses that were judged, and to no others. */
function pinned(reach: Reach): LookupFunction {
  return (host, { all }, done) => {
    reach.resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
        else if (all) done(null, [...addresses]);
        else done(null, first.address, first.family);
      },
      (thrown: unknown) => done(thrown instanceof Error ? thrown : new Error('lookup failed'), '', 0),
    );
  };
}

/** Resolves on `event`; rejects with the socket's error, or ECONNRESET for a close without one. */
function established(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed while connecting'), { code: 'ECONNRESET' })));
  });
}

async function secured(keep: (socket: Socket) => Socket, under: Socket, options: ConnectionOptions): Promise<Socket> {
  const socket = keep(connectTls({ ...options, socket: under }));
  await established(socket, 'secureConnect');
  if (under instanceof TLSSocket) shareReference(socket, under);
  return socket;
}

/** TLS inside TLS has no handle of its own: whether it keeps the process alive is decided by the socket below it. */
function shareReference(socket: Socket, under: Socket): void {
  socket.ref = () => {
    under.ref();
    return Socket.prototype.ref.call(socket);
  };
  socket.unref = () => {
    under.unref();
    return Socket.prototype.unref.call(socket);
  };
}

function proxyTls(proxyUrl: URL): ConnectionOptions {
  const { host } = hostAndPort(proxyUrl);
  return { ...identity(host), ...trust(undefined, undefined), ALPNProtocols: ['http/1.1'] };
}

function serverTls({ server, tls }: ClusterConnection): ConnectionOptions {
  const name = tls.serverName ?? hostAndPort(server).host;
  return { ...identity(name), rejectUnauthorized: !tls.insecureSkipVerify, minVersion: 'TLSv1.2' };
}

/** The name that the certificate must bear. An IP address is checked as well but may not be sent as SNI. */
function identity(name: string): ConnectionOptions {
  return {
    host: name,
    ...(isIP(name) === 0 && { servername: name }),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
  };
}
