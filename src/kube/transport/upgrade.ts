/** One HTTP/1.1 upgrade (RFC 9110 §7.8) on a connection of its own. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ClusterConnection } from '../connection.ts';
import { type ClientCertificate, dial } from './dial.ts';
import { lostConnection } from './failures.ts';
import type { Lifetime } from './lifetime.ts';
import { joinedHeaders, type WireHeaders, type WireResponse } from './wire.ts';

export interface UpgradeExchange {
  connection: ClusterConnection;
  clientCertificate: ClientCertificate | undefined;
  method: string;
  /** Path and query on the server, its base path included. */
  path: string;
  headers: WireHeaders;
  clock: Clock;
  connectTimeoutMs: number;
  /** Ends the stream as well, for as long as it lives. */
  life: Lifetime;
}

export interface Switched {
  headers: Readonly<Record<string, string>>;
  stream: Duplex;
}

/** What the server switched to, or the answer that it gave in place of switching. */
export async function exchangeUpgrade(exchange: UpgradeExchange): Promise<Switched | WireResponse> {
  const { connection, clientCertificate, clock, connectTimeoutMs, life } = exchange;
  const socket = await dial({
    connection,
    clientCertificate,
    alpn: ['http/1.1'],
    clock,
    timeoutMs: connectTimeoutMs,
    signal: life.signal,
  });
  const end = () => socket.destroy(life.signal.reason);
  life.signal.addEventListener('abort', end, { once: true });
  socket.once('close', () => life.signal.removeEventListener('abort', end));
  if (life.signal.aborted) end();
  life.awaitBytes();
  try {
    const outcome = await answerOn(socket, exchange);
    if ('stream' in outcome) {
      life.pause();
      socket.once('close', () => life.release());
    }
    return outcome;
  } catch (thrown) {
    socket.destroy();
    throw life.signal.aborted ? life.signal.reason : lostConnection(thrown, connection.context);
  }
}

function answerOn(
  socket: Duplex,
  { connection, method, path, headers }: UpgradeExchange,
): Promise<Switched | WireResponse> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({
      method,
      path,
      headers: { host: connection.server.host, ...headers },
      createConnection: () => socket,
    });
    sent.once('upgrade', (answer: IncomingMessage, _socket: Duplex, head: Buffer) => {
      if (answer.statusCode !== 101) return reject(notSwitched(connection.context));
      // The first bytes may have come along with the answer.
      if (head.length > 0) socket.unshift(head);
      resolve({ headers: joinedHeaders(answer.headers), stream: socket });
    });
    sent.once('response', (answer) => {
      if (answer.statusCode === 101) return reject(notSwitched(connection.context));
      answer.on('error', () => undefined).once('close', () => socket.destroy());
      resolve({
        status: answer.statusCode ?? 0,
        headers: joinedHeaders(answer.headers),
        body: answer,
        truncated: () => !answer.complete,
      });
    });
    sent.once('close', () => reject(undefined));
    sent.on('error', reject);
    sent.end();
  });
}

function notSwitched(context: string): AppError {
  return new AppError(
    'cluster_bad_answer',
    `Cluster "${context}" answered an upgrade in a way that is none of HTTP's.`,
    {
      remedy:
        'Check the proxies and load balancers before the API server: exec and port-forward need them to pass upgrades.',
    },
  );
}
