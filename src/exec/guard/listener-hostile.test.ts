import { connect as connectH2 } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import {
  guardListener,
  heard,
  heardUntil,
  http1,
  rawTls,
  scriptedCall,
  text,
} from '../../../test/support/guard-setup.ts';
import { createGuardListener } from './listener.ts';
import type { GuardResponse } from './types.ts';

describe('the listener', () => {
  it('listens on 127.0.0.1 from the first ticket on, and never keeps the process alive', async () => {
    const guard = guardListener();
    expect(guard.ports()).toEqual([]);
    const [one, two] = await Promise.all([guard.admit('a', scriptedCall()), guard.admit('b', scriptedCall())]);
    const { hostname, port } = new URL(one.server);
    expect(hostname).toBe('127.0.0.1');
    expect(new URL(two.server).port).toBe(port);
    expect(guard.ports()).toEqual([Number(port), Number(new URL(one.proxy).port)]);
    expect(one.server).toBe(`https://127.0.0.1:${port}/a`);
    expect(one.token).not.toBe(two.token);
  });

  it('refuses a handle that could not stand in a path', async () => {
    await expect(guardListener().admit('a/b', scriptedCall())).rejects.toMatchObject({ code: 'internal' });
  });

  it('admits nobody after it was closed, and lets go of everyone', async () => {
    const guard = createGuardListener();
    const ticket = await guard.admit('dev', scriptedCall());
    const socket = await rawTls(ticket);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await guard.close();
    await closed;
    await expect(guard.admit('dev', scriptedCall())).rejects.toMatchObject({ code: 'cancelled' });
    await expect(http1(ticket)).rejects.toThrow();
  });

  it('is not taken for a server by those who do not trust its authority', async () => {
    const ticket = await guardListener().admit('dev', scriptedCall());
    const { port } = new URL(ticket.server);
    const socket = connectTls({ host: '127.0.0.1', port: Number(port) });
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve));
    expect(error.code).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('has a limit of connections and of requests for each ticket', async () => {
    const guard = guardListener({ limits: { connectionsPerTicket: 1, requestsPerTicket: 1 } });
    const waits = Promise.withResolvers<GuardResponse>();
    const call = scriptedCall({ forward: () => waits.promise });
    const ticket = await guard.admit('dev', call);
    const socket = await rawTls(ticket);
    socket.write(
      `GET /dev/api HTTP/1.1\r\nHost: ${new URL(ticket.server).host}\r\nAuthorization: Bearer ${ticket.token}\r\n\r\n`,
    );
    await expect.poll(() => call.seen.length).toBe(1);
    expect(await http1(ticket)).toMatchObject({ status: 429 });
    waits.resolve({ status: 200, headers: {}, body: text('done') });
    expect(await heardUntil(socket, 'done')).toContain('200 OK');
    socket.destroy();
    await expect.poll(async () => (await http1(ticket).catch(() => ({ status: 0 }))).status).toBe(200);
  });

  it('serves one ticket on one connection', async () => {
    const guard = guardListener();
    const [one, two] = [await guard.admit('dev', scriptedCall()), await guard.admit('dev', scriptedCall())];
    const { host } = new URL(one.server);
    const socket = await rawTls(one);
    const line = (token: string) => `GET /dev/api HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    socket.write(line(one.token));
    expect(await heardUntil(socket, '\r\n0\r\n')).toContain('200 OK');
    const rest = heard(socket);
    socket.write(line(two.token));
    expect(await rest).toContain('401 Unauthorized');
  });
});

describe('hostile connections', () => {
  async function send(bytes: (host: string, token: string) => string, limits = {}) {
    const call = scriptedCall();
    const ticket = await guardListener({ limits }).admit('dev', call);
    const socket = await rawTls(ticket);
    const answer = heard(socket);
    socket.write(bytes(new URL(ticket.server).host, ticket.token));
    return { answer: await answer, seen: call.seen };
  }
  const head = (host: string, token: string, first = 'POST /dev/api') =>
    `${first} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n`;

  it.each<[string, (host: string, token: string) => string]>([
    ['two lengths', (h, t) => `${head(h, t)}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`],
    ['a length and chunks', (h, t) => `${head(h, t)}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['an unknown transfer encoding', (h, t) => `${head(h, t)}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    [
      'two transfer encodings',
      (h, t) => `${head(h, t)}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['two hosts', (h, t) => `${head(h, t)}Host: evil.example\r\n\r\n`],
    ['no host', (_h, t) => `GET /dev/api HTTP/1.1\r\nAuthorization: Bearer ${t}\r\nConnection: close\r\n\r\n`],
    ['two tokens', (h, t) => `${head(h, t)}Authorization: Bearer x\r\n\r\n`],
    ['two content types', (h, t) => `${head(h, t)}Content-Type: a/b\r\nContent-Type: c/d\r\n\r\n`],
    ['a folded header', (h, t) => `${head(h, t)}X-A: b\r\n c\r\n\r\n`],
    ['a space before the colon', (h, t) => `${head(h, t)}Content-Length : 0\r\n\r\n`],
    ['a bare line feed', (h, t) => `${head(h, t)}X-A: b\nContent-Length: 0\r\n\r\n`],
    ['an absolute target', (h, t) => `${head(h, t, 'GET https://evil.example/dev/api')}\r\n`],
    ['an asterisk', (h, t) => `${head(h, t, 'OPTIONS *')}\r\n`],
    ['a target with two slashes', (h, t) => `${head(h, t, 'GET //dev/api')}\r\n`],
    ['a CONNECT', (h, t) => `${head(h, t, 'CONNECT 127.0.0.1:80')}\r\n`],
    ['an upgrade to h2c', (h, t) => `${head(h, t, 'GET /dev/api').replace('close', 'Upgrade')}Upgrade: h2c\r\n\r\n`],
    [
      'an upgrade with a body',
      (h, t) => `${head(h, t).replace('close', 'Upgrade')}Upgrade: websocket\r\nContent-Length: 3\r\n\r\nabc`,
    ],
    [
      'an upgrade without a ticket',
      (h) => `${head(h, 'x'.repeat(43)).replace('close', 'Upgrade')}Upgrade: websocket\r\n\r\n`,
    ],
    ['plain words', () => 'hello\r\n\r\n'],
  ])('with %s get no further', async (_what, bytes) => {
    const { answer, seen } = await send(bytes);
    expect(answer).not.toMatch(/^HTTP\/1\.1 [12]/);
    expect(answer).not.toContain('evil');
    expect(seen).toEqual([]);
  });

  it('with headers that are too long get no further', async () => {
    const { answer, seen } = await send((h, t) => `${head(h, t)}X-A: ${'a'.repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(seen).toEqual([]);
  });

  const slow = { headersTimeoutMs: 150, bodyTimeoutMs: 150, checkIntervalMs: 50 };
  it.each<[string, string]>([
    ['say nothing', ''],
    ['do not end their headers', 'GET /dev/api HTTP/1.1\r\nHost: a\r\n'],
  ])('that %s are closed', async (_what, bytes) => {
    expect((await send(() => bytes, slow)).seen).toEqual([]);
  });

  it('that never show a ticket over HTTP/2 are closed', async () => {
    const ticket = await guardListener({ limits: slow }).admit('dev', scriptedCall());
    const session = connectH2(new URL(ticket.server).origin, { ca: ticket.ca });
    session.on('error', () => undefined);
    await new Promise((resolve) => session.once('close', resolve));
  });

  it('that do not finish the handshake are closed', async () => {
    const ticket = await guardListener({ limits: slow }).admit('dev', scriptedCall());
    const { connect } = await import('node:net');
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(ticket.server).port) });
    socket.on('error', () => undefined);
    await heard(socket);
  });
});
