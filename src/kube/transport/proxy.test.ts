import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import {
  anyCall,
  CLOSED_PORT,
  closed,
  connectionTo,
  listening,
  pem,
  scriptedApi,
} from '../../../test/support/scripted-api.ts';
import type { AppError } from '../../kernel/errors.ts';
import { createTransport } from './create-transport.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Conversation = (socket: Socket, heard: string[]) => void;

/** A proxy that does what `talk` does with each connection. `heard` collects what it was asked. */
async function proxy(talk: Conversation) {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(socket, heard);
  });
  await listening(server);
  cleanups.push(() => closed(server, sockets));
  return { heard, port: (server.address() as AddressInfo).port };
}

const connectProxy =
  (answer = 'HTTP/1.1 200 Connection established\r\n\r\n'): Conversation =>
  (socket, heard) => {
    socket.once('data', (data) => {
      heard.push(data.toString('latin1'));
      const [, port] = /^CONNECT localhost:(\d+) /.exec(data.toString()) ?? [];
      const up = connect(Number(port), '127.0.0.1', () => {
        socket.write(answer);
        socket.pipe(up).pipe(socket);
      });
      up.on('error', () => socket.destroy());
      socket.on('close', () => up.destroy());
    });
  };

const socksProxy: Conversation = (socket, heard) => {
  socket.once('data', (greeting) => {
    heard.push(greeting.toString('hex'));
    socket.write(Uint8Array.from([5, 2]));
    socket.once('data', (login) => {
      heard.push(login.toString('latin1').slice(2));
      socket.write(Uint8Array.from([1, 0]));
      socket.once('data', (ask) => {
        const host = ask.subarray(5, 5 + (ask[4] ?? 0)).toString();
        const port = ask.readUInt16BE(ask.length - 2);
        heard.push(host);
        const up = connect(port, '127.0.0.1', () => {
          socket.write(Uint8Array.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80]));
          socket.pipe(up).pipe(socket);
        });
        socket.on('close', () => up.destroy());
      });
    });
  });
};

async function ask(proxyUrl: string, protocol: 'h2' | 'https1' | 'http' = 'h2'): Promise<unknown> {
  const api = await scriptedApi((req, res) => void res.end(JSON.stringify(req.httpVersion)), { protocol });
  cleanups.push(() => api.close());
  const transport = createTransport(connectionTo(api.url, { proxyUrl: new URL(proxyUrl) }));
  cleanups.push(() => transport.close());
  return transport.json({ method: 'GET', path: '/version', scope: anyCall, signal: new AbortController().signal });
}

describe('through a proxy', () => {
  it.each([
    ['h2', '2.0'],
    ['https1', '1.1'],
    ['http', '1.1'],
  ] as const)('a %s server is reached by CONNECT with the credentials of the proxy URL', async (protocol, version) => {
    const { port, heard } = await proxy(connectProxy());
    expect(await ask(`http://us%40er:pass@127.0.0.1:${port}`, protocol)).toBe(version);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain(`Proxy-Authorization: Basic ${Buffer.from('us@er:pass').toString('base64')}`);
  });

  it('a server is reached by SOCKS5, which resolves the name', async () => {
    const { port, heard } = await proxy(socksProxy);
    expect(await ask(`socks5://me:pw@127.0.0.1:${port}`)).toBe('2.0');
    expect(heard).toEqual(['05020002', 'me\u0002pw', 'localhost']);
  });

  it.each([
    ['HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 'asks for credentials (407)'],
    ['HTTP/1.1 403 Forbidden\r\n\r\n', 'refused the tunnel'],
    ['SSH-2.0-server\r\n\r\n', 'does not speak HTTP'],
  ])('the answer %j is reported without the proxy password', async (answer, problem) => {
    const { port } = await proxy(connectProxy(answer));
    const error = (await ask(`http://user:hunter2@127.0.0.1:${port}`).catch((e: unknown) => e)) as AppError;
    expect(error.code).toBe('cluster_unreachable');
    expect(error.message).toContain(problem);
    expect(JSON.stringify([error.message, error.detail])).not.toContain('hunter2');
  });

  it('a proxy that is not there is named as the proxy', async () => {
    const error = (await ask(`http://127.0.0.1:${CLOSED_PORT}`).catch((e: unknown) => e)) as AppError;
    expect(error.message).toContain(`The proxy 127.0.0.1:${CLOSED_PORT} for cluster "test" refused the connection`);
  });

  it('a proxy that closes is reported', async () => {
    const { port } = await proxy((socket) => socket.once('data', () => socket.destroy()));
    const error = (await ask(`http://127.0.0.1:${port}`).catch((e: unknown) => e)) as AppError;
    expect(error).toMatchObject({ code: 'cluster_unreachable' });
  });
});

describe('through a TLS proxy', () => {
  it('is refused when its certificate is of an unknown authority', async () => {
    const server = createTlsServer({ cert: pem('server'), key: pem('server-key') }, (socket) => socket.destroy());
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket)).on('tlsClientError', () => undefined);
    await listening(server);
    cleanups.push(() => closed(server, sockets));
    const { port } = server.address() as AddressInfo;
    const error = (await ask(`https://localhost:${port}`).catch((e: unknown) => e)) as AppError;
    expect(error).toMatchObject({ code: 'cluster_tls' });
    expect(error.message).toContain(`The proxy localhost:${port}`);
  });
});
