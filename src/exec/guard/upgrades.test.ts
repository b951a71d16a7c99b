import { Duplex, PassThrough } from 'node:stream';
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
import { AppError } from '../../kernel/errors.ts';
import type { GuardCall, GuardRequest, GuardTicket } from './types.ts';

/** A stream for the listener, and the far side of it. */
function pair() {
  const up = new PassThrough();
  const down = new PassThrough();
  return { stream: Duplex.from({ writable: up, readable: down }), up, down };
}

async function opened(
  upgrade: GuardCall['upgrade'],
  changes: { protocol?: string; more?: string; early?: string } = {},
) {
  const { protocol = 'websocket', more = '', early = '' } = changes;
  const ticket = await guardListener().admit('dev', scriptedCall({ upgrade }));
  const socket = await rawTls(ticket);
  socket.write(
    `GET /dev/api/v1/namespaces/a/pods/p/exec?command=ls HTTP/1.1\r\nHost: ${new URL(ticket.server).host}\r\nAuthorization: Bearer ${ticket.token}\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n${more}\r\n${early}`,
  );
  return { ticket, socket };
}

describe('an upgrade', () => {
  it('joins both sides, with what the child sent early, in the words of the protocol', async () => {
    const { stream, up, down } = pair();
    const seen: GuardRequest[] = [];
    const { socket } = await opened(
      async (request) => {
        seen.push(request);
        return {
          kind: 'switched',
          headers: { 'sec-websocket-accept': 'abc', 'sec-websocket-protocol': 'v5.channel.k8s.io', 'x-other': 'y' },
          stream,
        };
      },
      { more: 'Sec-WebSocket-Key: k\r\nSec-WebSocket-Version: 13\r\nCookie: a\r\n', early: 'early ' },
    );
    const head = await heardUntil(socket, '\r\n\r\n');
    expect(head.split('\r\n')).toEqual([
      'HTTP/1.1 101 Switching Protocols',
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-accept: abc',
      'sec-websocket-protocol: v5.channel.k8s.io',
      '',
      '',
    ]);
    expect(seen).toMatchObject([
      { method: 'GET', path: '/api/v1/namespaces/a/pods/p/exec?command=ls', body: undefined },
    ]);
    expect(seen[0]?.headers).toEqual({
      'sec-websocket-key': 'k',
      'sec-websocket-version': '13',
      connection: 'Upgrade',
      upgrade: 'websocket',
    });
    socket.write('more');
    expect(await heardUntil(up, 'more')).toBe('early more');
    const answer = heard(socket);
    down.end('last words');
    expect(await answer).toBe('last words');
  });

  it('says SPDY/3.1 as API servers do, and joins repeated versions', async () => {
    const seen: GuardRequest[] = [];
    const { socket } = await opened(
      async (request) => {
        seen.push(request);
        return {
          kind: 'switched',
          headers: { 'x-stream-protocol-version': 'v4.channel.k8s.io' },
          stream: pair().stream,
        };
      },
      {
        protocol: 'spdy/3.1',
        more: 'X-Stream-Protocol-Version: v4.channel.k8s.io\r\nX-Stream-Protocol-Version: channel.k8s.io\r\n',
      },
    );
    expect(await heardUntil(socket, '\r\n\r\n')).toContain('x-stream-protocol-version: v4.channel.k8s.io\r\n');
    expect(seen[0]?.headers).toMatchObject({
      upgrade: 'SPDY/3.1',
      'x-stream-protocol-version': 'v4.channel.k8s.io, channel.k8s.io',
    });
  });

  it('that policy refuses is a Status, and the connection ends', async () => {
    const { socket } = await opened(() =>
      Promise.reject(new AppError('gate_closed', 'exec is off.', { remedy: 'Ask for --enable-exec.' })),
    );
    const [head, body] = (await heard(socket)).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(JSON.parse(body ?? '')).toMatchObject({
      reason: 'Forbidden',
      message: 'exec is off. Ask for --enable-exec.',
    });
  });

  it('that the server refuses gives the server’s answer', async () => {
    const { socket } = await opened(async () => ({
      kind: 'refused',
      response: {
        status: 404,
        headers: { 'content-type': 'application/json', location: 'x' },
        body: text('{"no":', '1}'),
      },
    }));
    const answer = await heard(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    expect(answer).toMatch(/\r\n\r\n\{"no":1\}$/);
    expect(answer).not.toContain('location');
  });

  it('ends with the ticket, on both sides', async () => {
    const { stream } = pair();
    const { socket, ticket } = await opened(async () => ({ kind: 'switched', headers: {}, stream }));
    await heardUntil(socket, '\r\n\r\n');
    const ended = heard(socket);
    ticket.close();
    await ended;
    await expect.poll(() => stream.destroyed).toBe(true);
  });

  it('ends with the child', async () => {
    const { stream } = pair();
    const { socket } = await opened(async () => ({ kind: 'switched', headers: {}, stream }));
    await heardUntil(socket, '\r\n\r\n');
    socket.destroy();
    await expect.poll(() => stream.destroyed).toBe(true);
  });

  it('whose ticket closes while it is asked for is never joined', async () => {
    const { stream } = pair();
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const { socket, ticket } = await opened(async () => {
      asked.resolve();
      await go.promise;
      return { kind: 'switched', headers: {}, stream };
    });
    const said = heard(socket);
    await asked.promise;
    ticket.close();
    go.resolve();
    expect(await said).toBe('');
    await expect.poll(() => stream.destroyed).toBe(true);
  });

  it('does not stand in the way of other requests', async () => {
    const { ticket, socket } = await opened(async () => ({ kind: 'switched', headers: {}, stream: pair().stream }));
    await heardUntil(socket, '\r\n\r\n');
    expect(await http1(ticket satisfies GuardTicket)).toMatchObject({ status: 200 });
  });
});
