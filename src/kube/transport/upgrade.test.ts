import type { IncomingMessage } from 'node:http';
import { createServer as createPlain, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { anyCall, closed, listening, pem } from '../../../test/support/scripted-api.ts';
import { failure, ok, request, setup, transportTo } from '../../../test/support/transport-setup.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { ClusterConnection } from '../connection.ts';
import { trackTransport } from '../tracked-transport.ts';
import type { TransportUpgrade, UpgradeRequest } from './types.ts';

const EXEC = '/api/v1/namespaces/ns/pods/p/exec?command=sh';
type OnUpgrade = (request: IncomingMessage, socket: Duplex) => void;

const servers: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) await closed(server, sockets);
});

async function upgradable(
  onUpgrade: OnUpgrade | undefined,
  plain: typeof ok = ok,
  protocol: 'http' | 'https' = 'https',
) {
  const server =
    protocol === 'https'
      ? createTls({ cert: pem('server'), key: pem('server-key'), ALPNProtocols: ['h2', 'http/1.1'] }, plain as never)
      : createPlain(plain as never);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  if (onUpgrade !== undefined) {
    server.on('upgrade', (incoming: IncomingMessage, socket: Duplex) => {
      socket.on('error', () => undefined);
      onUpgrade(incoming, socket);
    });
  }
  servers.push({ server, sockets });
  await listening(server);
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`${protocol}://localhost:${port}`), sockets };
}

const switching = (extra = '') =>
  `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n${extra}`;

const upgradeRequest = (changes: Partial<UpgradeRequest> = {}): UpgradeRequest => ({
  method: 'POST',
  path: EXEC,
  headers: { connection: 'Upgrade', upgrade: 'SPDY/3.1' },
  scope: anyCall,
  signal: new AbortController().signal,
  ...changes,
});

function switched(outcome: TransportUpgrade) {
  if (outcome.kind !== 'switched') throw new Error(`refused with ${outcome.response.status}`);
  return outcome;
}

async function body(outcome: TransportUpgrade): Promise<[number, string]> {
  if (outcome.kind !== 'refused') throw new Error('switched');
  const chunks: Uint8Array[] = [];
  for await (const chunk of outcome.response.body) chunks.push(chunk);
  return [outcome.response.status, Buffer.concat(chunks).toString()];
}

async function read(stream: Duplex, until: string): Promise<string> {
  let text = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes(until)) break;
  }
  return text;
}

describe.each(['http', 'https'] as const)('an upgrade over %s', (protocol) => {
  it('passes bytes both ways, those that came with the answer first', async () => {
    const seen: IncomingMessage[] = [];
    const { url } = await upgradable(
      (incoming, socket) => {
        seen.push(incoming);
        socket.write(switching('early '));
        socket.on('data', (chunk) => socket.write(`echo ${chunk}`));
      },
      ok,
      protocol,
    );
    const transport = transportTo({ url: new URL('/base', url) });
    const { stream, headers } = switched(
      await transport.upgrade(
        upgradeRequest({
          headers: {
            connection: 'upgrade',
            upgrade: 'spdy/3.1',
            'x-stream-protocol-version': 'v4.channel.k8s.io, v3.channel.k8s.io',
          },
        }),
      ),
    );
    stream.write('hello');
    expect(await read(stream, 'hello')).toBe('early echo hello');
    expect(headers['x-stream-protocol-version']).toBe('v4.channel.k8s.io');
    const [sent] = seen;
    expect(sent?.url).toBe(`/base${EXEC}`);
    expect(sent?.headers).toMatchObject({
      host: url.host,
      connection: 'Upgrade',
      upgrade: 'SPDY/3.1',
      authorization: 'Bearer first',
      'user-agent': 'k8s-mcp/test',
      accept: '*/*',
    });
    expect(sent?.headersDistinct['x-stream-protocol-version']).toEqual(['v4.channel.k8s.io', 'v3.channel.k8s.io']);
    stream.destroy();
  });
});

describe('an upgrade', () => {
  it('that the server does not make gives its plain answer, unpacked', async () => {
    const { url } = await upgradable(undefined, (_request, response) => {
      response.writeHead(403, { 'content-encoding': 'gzip' }).end(gzipSync('{"kind":"Status"}'));
    });
    expect(await body(await transportTo({ url }).upgrade(upgradeRequest()))).toEqual([403, '{"kind":"Status"}']);
  });

  it('leaves no connection behind after a plain answer', async () => {
    const { url, sockets } = await upgradable(
      undefined,
      (_request, response) => void response.writeHead(400).end('no'),
    );
    await body(await transportTo({ url }).upgrade(upgradeRequest()));
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('is tried again once with fresh credentials after a 401', async () => {
    const { url } = await upgradable((incoming, socket) => {
      const good = incoming.headers.authorization === 'Bearer second';
      socket.end(good ? switching('in') : 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
    });
    let token = 'first';
    const credentials: ClusterConnection['credentials'] = {
      current: async () => ({ headers: { authorization: `Bearer ${token}` }, generation: 1 }),
      refresh: async () => {
        token = 'second';
        return true;
      },
    };
    const { stream } = switched(await transportTo({ url }, { credentials }).upgrade(upgradeRequest()));
    expect(await read(stream, 'in')).toBe('in');
  });

  it('is not sent when policy refuses it, and policy sees that it is one', async () => {
    const { url, sockets } = await upgradable((_incoming, socket) => socket.end(switching()));
    const asked: unknown[] = [];
    const scope: UpgradeRequest['scope'] = {
      decide: (api) => {
        asked.push(api);
        return { allow: false, code: 'gate_closed', reason: 'exec is off', remedy: 'none' };
      },
    };
    expect(await failure(transportTo({ url }).upgrade(upgradeRequest({ scope })))).toMatchObject({
      code: 'gate_closed',
    });
    expect(asked).toMatchObject([{ resource: 'pods', subresource: 'exec', upgrade: true }]);
    expect(sockets.size).toBe(0);
  });

  it.each([
    [{}],
    [{ connection: 'Upgrade' }],
    [{ connection: 'Upgrade', upgrade: 'h2c' }],
    [{ connection: 'keep-alive, Upgrade', upgrade: 'websocket' }],
  ])('with the headers %j is refused', async (headers) => {
    const { url } = await upgradable(undefined);
    expect(
      await failure(transportTo({ url }).upgrade(upgradeRequest({ headers: headers as Record<string, string> }))),
    ).toMatchObject({
      code: 'unsupported_request',
    });
  });

  it('ends its stream when the caller cancels, and when the transport closes', async () => {
    const { url, sockets } = await upgradable((_incoming, socket) => void socket.write(switching()));
    const controller = new AbortController();
    const transport = transportTo({ url });
    const one = switched(await transport.upgrade(upgradeRequest({ signal: controller.signal })));
    const two = switched(await transport.upgrade(upgradeRequest()));
    for (const { stream } of [one, two]) stream.on('error', () => undefined);
    controller.abort();
    await expect.poll(() => one.stream.destroyed).toBe(true);
    expect(two.stream.destroyed).toBe(false);
    await transport.close();
    await expect.poll(() => two.stream.destroyed).toBe(true);
    await expect.poll(() => sockets.size).toBe(0);
    expect(await failure(transport.upgrade(upgradeRequest()))).toMatchObject({ code: 'cancelled' });
  });

  it('whose server is silent, hangs up or answers nonsense fails with the cause', async () => {
    const silent = await upgradable(() => undefined);
    expect(await failure(transportTo(silent).upgrade(upgradeRequest({ idleTimeoutMs: 100 })))).toMatchObject({
      code: 'deadline_exceeded',
    });
    const gone = await upgradable((_incoming, socket) => void socket.destroy());
    expect(await failure(transportTo(gone).upgrade(upgradeRequest()))).toMatchObject({ code: 'cluster_unreachable' });
    const nonsense = await upgradable((_incoming, socket) => void socket.end('what?\r\n\r\n'));
    expect(await failure(transportTo(nonsense).upgrade(upgradeRequest()))).toMatchObject({
      code: 'cluster_unreachable',
    });
    const moved = await upgradable((_incoming, socket) => {
      socket.end('HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n');
    });
    expect(await failure(transportTo(moved).upgrade(upgradeRequest()))).toMatchObject({ code: 'cluster_bad_answer' });
  });

  it('counts as in flight while its stream lives', async () => {
    const { url } = await upgradable((_incoming, socket) => void socket.write(switching()));
    const tracked = trackTransport(transportTo({ url }), systemClock);
    const { stream } = switched(await tracked.transport.upgrade(upgradeRequest()));
    expect(tracked.inFlight()).toBe(1);
    stream.destroy();
    await expect.poll(() => tracked.inFlight()).toBe(0);
  });
});

describe('impersonation that a caller asks for', () => {
  const impersonate = { user: 'jane', uid: 'u1', groups: ['a', 'b'], extra: { scopes: ['x'] } };
  const mayImpersonate = { ...anyCall, mayImpersonate: true };

  it('is sent with the gate open', async () => {
    const { transport } = await setup((req, res) => {
      const { 'impersonate-user': user, 'impersonate-uid': uid, 'impersonate-group': groups } = req.headers;
      res.end(JSON.stringify([user, uid, groups, req.headers['impersonate-extra-scopes']]));
    });
    expect(await transport.json(request({ impersonate, scope: mayImpersonate }))).toEqual(['jane', 'u1', 'a, b', 'x']);
  });

  it('is refused with the gate closed, without a user, and on a connection that impersonates', async () => {
    const { transport, api } = await setup(ok);
    expect(await failure(transport.json(request({ impersonate })))).toMatchObject({ code: 'gate_closed' });
    expect(
      await failure(transport.json(request({ impersonate: { ...impersonate, user: '' }, scope: mayImpersonate }))),
    ).toMatchObject({ code: 'invalid_argument' });
    const other = transportTo(api, { impersonate: { user: 'bot', groups: [], extra: {} } });
    expect(await failure(other.json(request({ impersonate, scope: mayImpersonate })))).toMatchObject({
      code: 'unsupported_request',
    });
    expect(api.connections()).toBe(0);
  });
});

describe.each(['h2', 'https1'] as const)('HEAD over %s', (protocol) => {
  it('has headers and no body', async () => {
    const { transport } = await setup(
      (req, res) => {
        res.writeHead(200, { 'content-length': '7', 'content-encoding': 'gzip', 'x-method': req.method ?? '' }).end();
      },
      { protocol },
    );
    const answer = await transport.send(request({ method: 'HEAD' }));
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    expect([answer.status, answer.headers['x-method'], chunks.length]).toEqual([200, 'HEAD', 0]);
  });
});
