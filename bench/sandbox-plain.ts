/** What node:http2 alone can send: pages as they are, from memory, over TLS. */
import { fork } from 'node:child_process';
import { connect, createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createTrust } from '../sandbox/server/trust.ts';
import type { Access } from './sandbox-server.ts';

export interface PlainServer {
  access: Access;
  paths: readonly string[];
  stop(): void;
}

interface Order {
  access: Access;
  accept: string;
  pages: number;
}

/** One write, as the sandbox makes them. */
const CHUNK = 256 * 1024;

/** A process that serves the first `pages` pages of a sandbox's pods. */
export async function startPlain(order: Order): Promise<PlainServer> {
  const child = fork(import.meta.filename, ['serve'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.send(order);
  const { url, ca } = await new Promise<{ url: string; ca: string }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { url: string; ca: string }));
    child.once('exit', () => reject(new Error('the plain server ended')));
  });
  const { cert, key } = order.access;
  return {
    access: { url, ca, cert, key },
    paths: Array.from({ length: order.pages }, (_, index) => `/${index}`),
    stop: () => void child.kill(),
  };
}

async function fetchPages({ access, accept, pages }: Order): Promise<Buffer[]> {
  const session = connect(access.url, { ...access });
  const bodies: Buffer[] = [];
  let token = '';
  while (bodies.length < pages) {
    const stream = session.request({ ':path': `/api/v1/pods?limit=500&continue=${token}`, accept });
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    bodies.push(body);
    token = /eyJ[\w-]{20,}/.exec(body.subarray(0, 2_000).toString('latin1'))?.[0] ?? '';
  }
  session.close();
  return bodies;
}

async function serve(order: Order): Promise<void> {
  const pages = await fetchPages(order);
  const trust = createTrust(Date.now());
  const { cert, key } = trust.server;
  const server = createSecureServer({ cert, key });
  server.on('stream', (stream, headers) => {
    stream.respond({ ':status': 200 });
    const page = pages[Number(headers[':path']?.slice(1))] ?? Buffer.alloc(0);
    let at = 0;
    const send = () => {
      while (at < page.length) {
        const chunk = page.subarray(at, at + CHUNK);
        at += chunk.length;
        if (!stream.write(chunk)) {
          stream.once('drain', send);
          return;
        }
      }
      stream.end();
    };
    send();
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.send?.({ url: `https://127.0.0.1:${port}`, ca: trust.authority.cert });
  });
}

if (process.argv[2] === 'serve') process.once('message', (order) => void serve(order as Order));
