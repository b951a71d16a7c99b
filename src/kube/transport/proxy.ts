/** Tunnels through a proxy: HTTP CONNECT (RFC 9110 §9.3.6) and SOCKS5 (RFC 1928, 1929). */
import type { Socket } from 'node:net';
import { AppError } from '../../kernel/errors.ts';

/** Bytes. A proxy's answer is a status line and a few headers. */
const MAX_ANSWER = 16 * 1024;

interface Target {
  host: string;
  port: number;
}

/** Asks an HTTP proxy for a tunnel; afterwards the socket is connected to `target`. */
export async function httpTunnel(socket: Socket, proxy: URL, target: Target): Promise<void> {
  const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  const { user, password } = login(proxy);
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  const authorization = user === '' ? '' : `Proxy-Authorization: Basic ${basic}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  const head = await received(socket, (bytes) => {
    const end = bytes.indexOf('\r\n\r\n');
    return end < 0 ? undefined : end + 4;
  });
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head.toString('latin1'))?.[1];
  if (status === undefined) throw proxyError(proxy, 'does not speak HTTP', 'Check the scheme and port of proxy-url.');
  if (status === '407') throw proxyError(proxy, 'asks for credentials (407)', 'Put user and password into proxy-url.');
  if (!status.startsWith('2')) {
    throw proxyError(
      proxy,
      `refused the tunnel to ${authority} (HTTP ${status})`,
      'Ask for this host and port to be allowed, or list the host in NO_PROXY.',
    );
  }
}

const NO_AUTHENTICATION = 0;
const USER_PASSWORD = 2;

/** Asks a SOCKS5 proxy for a tunnel. The proxy resolves the name, as kubectl lets it. */
export async function socksTunnel(socket: Socket, proxy: URL, target: Target): Promise<void> {
  const { user, password } = login(proxy);
  const methods = user === '' ? [NO_AUTHENTICATION] : [NO_AUTHENTICATION, USER_PASSWORD];
  socket.write(Uint8Array.from([5, methods.length, ...methods]));
  const [version, method] = await received(socket, exactly(2));
  if (version !== 5) throw proxyError(proxy, 'does not speak SOCKS5', 'Check the scheme and port of proxy-url.');
  if (method === USER_PASSWORD) {
    socket.write(Buffer.concat([Uint8Array.from([1]), counted(proxy, user), counted(proxy, password)]));
    const [, status] = await received(socket, exactly(2));
    if (status !== 0)
      throw proxyError(proxy, 'refused its user or password', 'Correct user and password in proxy-url.');
  } else if (method !== NO_AUTHENTICATION) {
    throw proxyError(proxy, 'asks for credentials', 'Put user and password into proxy-url.');
  }
  const port = Uint8Array.from([target.port >> 8, target.port & 255]);
  socket.write(Buffer.concat([Uint8Array.from([5, 1, 0, 3]), counted(proxy, target.host), port]));
  const answer = await received(socket, socksAnswerLength);
  if (answer[1] !== 0) {
    throw proxyError(
      proxy,
      `could not reach ${target.host}:${target.port} (SOCKS reply ${answer[1]})`,
      'Check the server address and what the proxy allows.',
    );
  }
}

/** Version, reply, reserved, then the bound address by its type, and a port. */
function socksAnswerLength(bytes: Buffer): number | undefined {
  const [, , , type, first] = bytes;
  if (type === undefined || first === undefined) return undefined;
  const address = type === 1 ? 4 : type === 4 ? 16 : first + 1;
  return bytes.length >= address + 6 ? address + 6 : undefined;
}

function exactly(length: number) {
  return (bytes: Buffer) => (bytes.length >= length ? length : undefined);
}

function counted(proxy: URL, text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) throw proxyError(proxy, 'cannot be sent a name of more than 255 bytes', 'Shorten the name.');
  return Buffer.concat([Uint8Array.from([bytes.length]), bytes]);
}

function login(proxy: URL): { user: string; password: string } {
  try {
    return { user: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) };
  } catch {
    throw proxyError(
      proxy,
      'has credentials that are not percent-encoded well',
      'Percent-encode user and password in proxy-url.',
    );
  }
}

function proxyError(proxy: URL, problem: string, remedy: string): AppError {
  return new AppError('cluster_unreachable', `The proxy ${proxy.host} ${problem}.`, { remedy });
}

/** The first complete message, whose length `measure` tells; what follows it stays in the socket. */
function received(socket: Socket, measure: (bytes: Buffer) => number | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const settle = (end: () => void) => {
      socket.off('readable', read).off('error', fail).off('close', fail).off('end', fail);
      end();
    };
    const fail = (thrown?: unknown) =>
      settle(() =>
        reject(thrown instanceof Error ? thrown : Object.assign(new Error('proxy closed'), { code: 'ECONNRESET' })),
      );
    const read = () => {
      for (let chunk: unknown = socket.read(); Buffer.isBuffer(chunk); chunk = socket.read()) {
        bytes = Buffer.concat([bytes, chunk]);
      }
      const length = measure(bytes);
      if (length !== undefined) {
        if (bytes.length > length) socket.unshift(bytes.subarray(length));
        settle(() => resolve(bytes.subarray(0, length)));
      } else if (bytes.length > MAX_ANSWER) fail();
    };
    socket.on('readable', read).on('error', fail).on('close', fail).on('end', fail);
    read();
  });
}
