/** The client of bench/sandbox.ts, a process of its own: reads lists and watches as fast as they come, and looks into nothing. */

import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { setTimeout as pause } from 'node:timers/promises';
import type { Access } from './sandbox-server.ts';

export type ClientTask =
  /** A paged list of pods, `pages` of them at most; with `paths`, those instead. */
  | { kind: 'list'; accept: string; pages: number; paths?: readonly string[] }
  /** Watches of `resources`, each `copies` times, over `sessions` connections. */
  | { kind: 'watch'; resources: readonly string[]; copies: number; sessions: number; seconds: number };

export interface Listed {
  bytes: number;
  pages: number;
  seconds: number;
}

export interface Watched {
  deliveries: number;
  bytes: number;
  /** Writes of the server meanwhile. */
  writes: number;
  seconds: number;
}

/** Large enough never to wait for an acknowledgement on loopback. */
const WINDOW = 16 * 1024 * 1024;
const JSON_TYPE = 'application/json';
const NEWLINE = 0x0a;
const WARM_UP_MS = 1_000;

const { access, task } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  access: Access;
  task: ClientTask;
};

function session(): ClientHttp2Session {
  const { url, ca, cert, key } = access;
  const made = connect(url, { ca, cert, key, settings: { initialWindowSize: WINDOW, enablePush: false } });
  made.once('connect', () => made.setLocalWindowSize(WINDOW));
  return made;
}

/** The head of the body, and how long it is. */
function get(from: ClientHttp2Session, path: string, accept: string): Promise<{ head: string; bytes: number }> {
  return new Promise((resolve, reject) => {
    const stream = from.request({ ':path': path, accept });
    let head = '';
    let bytes = 0;
    let status = 0;
    stream.on('response', (headers) => {
      status = headers[':status'] ?? 0;
    });
    stream.on('data', (chunk: Buffer) => {
      if (bytes === 0) head = chunk.subarray(0, 2_000).toString('latin1');
      bytes += chunk.length;
    });
    stream.on('error', reject);
    stream.on('end', () => {
      if (status === 200) resolve({ head, bytes });
      else reject(new Error(`${path} answers ${status}: ${head.slice(0, 300)}`));
    });
  });
}

async function list({ accept, pages, paths }: Extract<ClientTask, { kind: 'list' }>): Promise<Listed> {
  const from = session();
  // The connection is not what is measured.
  await get(from, '/version', JSON_TYPE);
  const started = performance.now();
  let bytes = 0;
  let read = 0;
  for (let path: string | undefined = paths?.[0] ?? '/api/v1/pods?limit=500'; path !== undefined && read < pages; ) {
    const page = await get(from, path, accept);
    bytes += page.bytes;
    read++;
    // JSON of a token in base64url begins so, in whichever form the list is.
    const [token] = /eyJ[\w-]{20,}/.exec(page.head) ?? [];
    path = paths === undefined ? token && `/api/v1/pods?limit=500&continue=${token}` : paths[read % paths.length];
  }
  const seconds = (performance.now() - started) / 1000;
  from.close();
  return { bytes, pages: read, seconds };
}

async function revision(from: ClientHttp2Session): Promise<number> {
  const { head } = await get(from, '/api/v1/namespaces?limit=1', JSON_TYPE);
  return Number(/"resourceVersion":"(\d+)"/.exec(head)?.[1]);
}

async function watch(task: Extract<ClientTask, { kind: 'watch' }>): Promise<Watched> {
  const { resources, copies, sessions, seconds } = task;
  const connections = Array.from({ length: sessions }, session);
  const [first] = connections;
  if (first === undefined) throw new Error('a client has a session');
  let deliveries = 0;
  let bytes = 0;
  const from = await revision(first);
  for (let index = 0; index < resources.length * copies; index++) {
    const path = `/${resources[index % resources.length]}?watch=1&resourceVersion=${from}`;
    const stream = connections[index % sessions]?.request({ ':path': path, accept: JSON_TYPE });
    stream?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) deliveries++;
    });
    stream?.on('end', () => {
      if (!done) process.stderr.write(`bench: the sandbox ended a watch of ${path}\n`);
    });
  }
  let done = false;
  await pause(WARM_UP_MS);
  const before = { deliveries, bytes, revision: await revision(first), at: performance.now() };
  await pause(seconds * 1000);
  const after = await revision(first);
  done = true;
  for (const connection of connections) connection.destroy();
  return {
    deliveries: deliveries - before.deliveries,
    bytes: bytes - before.bytes,
    writes: after - before.revision,
    seconds: (performance.now() - before.at) / 1000,
  };
}

const result = task.kind === 'list' ? await list(task) : await watch(task);
process.stdout.write(JSON.stringify(result));
