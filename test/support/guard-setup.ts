/** A guard listener with a scripted call behind it, and clients of each kind. Gone after the test. */
import { connect as connectH2 } from 'node:http2';
import { type RequestOptions, request as requestH1 } from 'node:https';
import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach } from 'vitest';
import { createGuardListener, type GuardOptions } from '../../src/exec/guard/listener.ts';
import type { GuardCall, GuardListener, GuardRequest, GuardResponse, GuardTicket } from '../../src/exec/guard/types.ts';

/** Run after each test, last first. */
export const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export const text = async function* (...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
};

export interface ScriptedCall extends GuardCall {
  seen: GuardRequest[];
}

export function scriptedCall(changes: Partial<GuardCall> = {}): ScriptedCall {
  const seen: GuardRequest[] = [];
  return {
    seen,
    mayReach: () => false,
    upgrade: () => Promise.reject(new Error('no upgrade is scripted')),
    ...changes,
    forward(request) {
      seen.push(request);
      return (
        changes.forward?.(request) ??
        Promise.resolve<GuardResponse>({ status: 200, headers: { 'content-type': 'text/plain' }, body: text('ok') })
      );
    },
  };
}

export function guardListener(options?: GuardOptions): GuardListener {
  const guard = createGuardListener(options);
  cleanups.push(() => guard.close());
  return guard;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Ask {
  method?: string;
  path?: string;
  token?: string | undefined;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

export type Ask1 = (ticket: GuardTicket, ask?: Ask) => Promise<Answer>;

const headersOf = ({ token, headers }: Ask, ticket: GuardTicket) => ({
  authorization: `Bearer ${token ?? ticket.token}`,
  ...headers,
});
const pathOf = (ticket: GuardTicket, path = '/api/v1/pods') => new URL(ticket.server).pathname + path;

/** One request on a connection of its own. */
export const http1: Ask1 = (ticket, ask = {}) =>
  new Promise((resolve, reject) => {
    const options: RequestOptions = {
      method: ask.method ?? 'GET',
      ca: ticket.ca,
      agent: false,
      servername: '',
      checkServerIdentity: () => undefined,
      path: pathOf(ticket, ask.path),
      headers: headersOf(ask, ticket),
    };
    const sent = requestH1(new URL(ticket.server).origin, options, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers as Record<string, string>, body }),
      );
    });
    sent.on('error', reject);
    sent.end(ask.body);
  });

export const http2: Ask1 = (ticket, ask = {}) =>
  new Promise((resolve, reject) => {
    const session = connectH2(new URL(ticket.server).origin, { ca: ticket.ca });
    session.on('error', reject);
    const stream = session.request(
      { ':method': ask.method ?? 'GET', ':path': pathOf(ticket, ask.path), ...headersOf(ask, ticket) },
      { endStream: ask.body === undefined },
    );
    let status = 0;
    let headers: Record<string, string> = {};
    let body = '';
    stream.on('response', (received) => {
      status = received[':status'] ?? 0;
      headers = received as Record<string, string>;
    });
    stream.on('data', (chunk) => {
      body += chunk;
    });
    stream.on('error', reject);
    stream.on('close', () => {
      session.destroy();
      if (status === 0 || stream.rstCode !== 0) reject(new Error(`reset ${stream.rstCode}`));
      else resolve({ status, headers, body });
    });
    if (ask.body !== undefined) stream.end(ask.body);
  });

/** A bare TLS connection to the listener: a listener with no patience may have closed it already. */
export async function rawTls(ticket: GuardTicket, alpn: string[] = ['http/1.1']): Promise<TLSSocket> {
  const { port } = new URL(ticket.server);
  const socket = connectTls({ host: '127.0.0.1', port: Number(port), ca: ticket.ca, ALPNProtocols: alpn });
  cleanups.push(() => socket.destroy());
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('secureConnect', resolve).once('close', resolve));
  return socket;
}

/** A bare connection to the proxy. */
export async function rawProxy(ticket: GuardTicket): Promise<Duplex> {
  const { port } = new URL(ticket.proxy);
  const socket = connectTcp({ host: '127.0.0.1', port: Number(port) });
  cleanups.push(() => socket.destroy());
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

/** All that a connection says until it closes. */
export function heard(socket: Duplex): Promise<string> {
  return new Promise((resolve) => {
    let all = '';
    if (socket.closed) return resolve(all);
    socket.on('data', (chunk) => {
      all += chunk;
    });
    socket.on('close', () => resolve(all));
  });
}

/** What a connection says up to `mark`. */
export function heardUntil(socket: Duplex, mark: string): Promise<string> {
  return new Promise((resolve) => {
    let all = '';
    const onData = (chunk: Buffer) => {
      all += chunk;
      if (!all.includes(mark)) return;
      socket.off('data', onData).off('close', onClose);
      resolve(all);
    };
    const onClose = () => resolve(all);
    socket.on('data', onData).on('close', onClose);
  });
}
