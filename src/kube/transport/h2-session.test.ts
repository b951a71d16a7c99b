import { once } from 'node:events';
import type { ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createClock } from '../../../sandbox/clock.ts';
import { closed, listening } from '../../../test/support/scripted-api.ts';
import { cleanups, ok, request, setup, transportTo } from '../../../test/support/transport-setup.ts';

/** A TCP relay whose present connections can go silent, as behind a NAT that forgot them. */
async function silentAfterFirst(port: number) {
  const pairs: Socket[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    const up = connect(port, '127.0.0.1');
    for (const end of [socket, up]) end.on('error', () => undefined);
    socket.pipe(up).pipe(socket);
    pairs.push(socket, up);
  });
  await listening(server);
  cleanups.push(() => closed(server, pairs));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    silence: () => {
      for (const socket of pairs) socket.unpipe().pause();
    },
  };
}

describe('HTTP/2 sessions', () => {
  it('are shared by concurrent requests', async () => {
    const { transport, api } = await setup(ok);
    await Promise.all(Array.from({ length: 60 }, () => transport.json(request())));
    expect(api.connections()).toBe(1);
  });

  it('are added when the server allows no more streams, and waited for at the end', async () => {
    const held: (() => void)[] = [];
    const { transport, api } = await setup((_req, res) => void held.push(() => res.end('{}')), {
      settings: { maxConcurrentStreams: 2 },
    });
    const answers = Promise.all(Array.from({ length: 40 }, () => transport.json(request())));
    await expect.poll(() => held.length).toBe(32);
    expect(api.connections()).toBe(16);
    for (const release of held.splice(0)) release();
    await expect.poll(() => held.length).toBe(8);
    for (const release of held) release();
    expect(await answers).toHaveLength(40);
    expect(api.connections()).toBe(16);
  });

  it('drain after GOAWAY: old streams finish, new requests use a new session', async () => {
    let finish: (() => void) | undefined;
    const { transport, api } = await setup((req, res) => {
      if (req.url !== '/version') return ok(req, res);
      res.write('{');
      finish = () => res.end('}');
    });
    const slow = transport.json(request({ path: '/version' }));
    await expect.poll(() => finish).toBeDefined();
    api.sessions[0]?.goaway(0);
    await expect
      .poll(async () => {
        await transport.json(request());
        return api.connections();
      })
      .toBe(2);
    finish?.();
    expect(await slow).toEqual({});
  });

  it('repeat a POST that the server refused unread', async () => {
    let refusals = 2;
    const { transport } = await setup((req, res) => {
      const stream: ServerHttp2Stream = res.stream;
      if (refusals-- > 0) stream.close(7);
      else ok(req, res);
    });
    expect(await transport.json(request({ method: 'POST', body: '{}' }))).toEqual({ ok: true });
  });

  it('that do not answer a PING are given up, and a GET goes to a new one', async () => {
    const { api } = await setup(ok);
    const relay = await silentAfterFirst(api.port);
    const url = new URL(`https://localhost:${relay.port}`);
    // Time goes by as the test says: a busy machine reads also an answer that came in time too late.
    const clock = createClock('still');
    const transport = transportTo({ url }, {}, { clock, timings: { pingIntervalMs: 50, pingTimeoutMs: 100 } });
    await transport.json(request());
    relay.silence();
    const answer = transport.json(request());
    const later = () => {
      clock.advance(50);
      return relay.connections();
    };
    await expect.poll(later).toBe(2);
    expect(await answer).toEqual({ ok: true });
    expect(relay.connections()).toBe(2);
  });

  it('close when they have been idle', async () => {
    const { transport, api } = await setup(ok, { options: { timings: { sessionIdleMs: 50 } } });
    await transport.json(request());
    const [session] = api.sessions;
    if (session !== undefined && !session.closed) await once(session, 'close');
    await transport.json(request());
    expect(api.connections()).toBe(2);
  });

  it('send RST_STREAM when the reader stops', async () => {
    let closed: Promise<unknown> | undefined;
    const { transport } = await setup((_req, res) => {
      closed = once(res.stream as ServerHttp2Stream, 'close');
      res.write('a');
    });
    const answer = await transport.send(request());
    for await (const _ of answer.body) break;
    await closed;
    expect(closed).toBeDefined();
  });
});
