/** Requests to an API server as bytes: what arrives, without anything being made of it. */
import { type ClientHttp2Session, connect } from 'node:http2';
import type { Access } from './sandbox-server.ts';

/** Large enough never to wait for an acknowledgement on loopback. */
const WINDOW = 16 * 1024 * 1024;
const PAGE = 500;

export function sessionTo({ url, ca, cert, key }: Access): ClientHttp2Session {
  const made = connect(url, { ca, cert, key, settings: { initialWindowSize: WINDOW, enablePush: false } });
  made.once('connect', () => made.setLocalWindowSize(WINDOW));
  return made;
}

/** The chunks of one answer. */
export function chunksOf(from: ClientHttp2Session, path: string, accept: string): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const stream = from.request({ ':path': path, accept });
    const chunks: Buffer[] = [];
    let status = 0;
    stream.on('response', (headers) => {
      status = headers[':status'] ?? 0;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => {
      if (status === 200) resolve(chunks);
      else reject(new Error(`${path} answers ${status}`));
    });
  });
}

/** Answered 201, or it throws. */
export function post(to: ClientHttp2Session, path: string, body: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = to.request({ ':method': 'POST', ':path': path, 'content-type': 'application/json' });
    let status = 0;
    stream.on('response', (headers) => {
      status = headers[':status'] ?? 0;
    });
    stream.on('error', reject);
    stream.on('end', () => (status === 201 ? resolve() : reject(new Error(`POST ${path} answers ${status}`))));
    stream.resume();
    stream.end(JSON.stringify(body));
  });
}

/** Pages of a list, at most `pages` of them, each as its chunks. */
export async function listBytes(access: Access, path: string, accept: string, pages: number): Promise<Buffer[][]> {
  const session = sessionTo(access);
  const result: Buffer[][] = [];
  for (let next: string | undefined = `${path}?limit=${PAGE}`; next !== undefined && result.length < pages; ) {
    const chunks = await chunksOf(session, next, accept);
    result.push(chunks);
    const token = continueOf(chunks);
    next = token && `${path}?limit=${PAGE}&continue=${token}`;
  }
  session.close();
  return result;
}

/** JSON of a token in base64url begins so, in whichever form the list is; metadata stands before the items. */
export function continueOf(chunks: readonly Buffer[]): string | undefined {
  // The first chunk may end within the token.
  const head = Buffer.concat(chunks.slice(0, 3)).subarray(0, 2_000);
  return /eyJ[\w-]{20,}/.exec(head.toString('latin1'))?.[0];
}
