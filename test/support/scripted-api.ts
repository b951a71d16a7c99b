/** Small API servers on 127.0.0.1 that answer as a test's script says. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { ClusterConnection, CredentialSource, Credentials } from '../../src/kube/connection.ts';
import type { CallScope } from '../../src/kube/transport/types.ts';

export type Script = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse & Http2ServerResponse,
) => void;

export interface ScriptedApi {
  url: URL;
  port: number;
  /** Connections ever accepted. */
  connections(): number;
  sessions: ServerHttp2Session[];
  close(): Promise<void>;
}

/** Nobody listens there; a port that was free a moment ago may be another test's by now. */
export const CLOSED_PORT = 1;

/** A PEM file of test/support/tls. */
export function pem(name: string): string {
  return readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), 'utf8');
}

export type Protocol = 'h2' | 'https1' | 'http';

export async function scriptedApi(
  script: Script,
  {
    protocol = 'h2',
    settings = {},
    requestCert = false,
    rejectUnauthorized = false,
  }: { protocol?: Protocol; settings?: object; requestCert?: boolean; rejectUnauthorized?: boolean } = {},
): Promise<ScriptedApi> {
  const tls = { cert: pem('server'), key: pem('server-key'), ca: pem('ca'), requestCert, rejectUnauthorized };
  const handler = script as never;
  const server: Server =
    protocol === 'h2'
      ? createSecureServer({ ...tls, settings }, handler)
      : protocol === 'https1'
        ? createTlsServer({ ...tls, ALPNProtocols: ['http/1.1'] }, handler)
        : createServer(handler);
  const sessions: ServerHttp2Session[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('session', (session: ServerHttp2Session) => {
    session.on('error', () => undefined);
    sessions.push(session);
  });
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await listening(server);
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`${protocol === 'http' ? 'http' : 'https'}://localhost:${port}`),
    port,
    connections: () => connections,
    sessions,
    close: () => closed(server, sockets),
  };
}

export function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

export function closed(server: Server, sockets: Iterable<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}

/** A connection to a scripted server, with the test CA and a static token. */
export function connectionTo(server: URL, changes: Partial<ClusterConnection> = {}): ClusterConnection {
  return {
    context: 'test',
    server,
    tls: { ca: async () => pem('ca'), insecureSkipVerify: false },
    credentials: credentialsOf({ headers: { authorization: 'Bearer first' }, generation: 1 }),
    fingerprint: 'test',
    ...changes,
  };
}

export function credentialsOf(credentials: Credentials): CredentialSource {
  return { current: async () => credentials, refresh: async () => false };
}

export const anyCall: CallScope = { decide: () => ({ allow: true }) };
