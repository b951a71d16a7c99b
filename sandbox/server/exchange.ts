/** One request and its answer, the same over HTTP/2 and HTTP/1.1: bounded reading, and writing with back-pressure. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { ApiFailure } from '../api/failure.ts';
import type { Wish } from './negotiate.ts';
import { createWarnings } from './warnings.ts';

type ServerRequest = IncomingMessage | Http2ServerRequest;
type ServerReply = ServerResponse | Http2ServerResponse;

/** `MaxRequestBodyBytes` of the real server. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;
/** What is read and thrown away of a body that is too large, so that its sender gets to read the answer. */
const MAX_DISCARDED_BYTES = 16 * 1024 * 1024;
/** A body must arrive within this time, as a request must at the real server. */
const BODY_TIMEOUT_MS = 60_000;

export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** An answer that is being written. */
export interface Outlet {
  /** False when the receiver is behind. `gone` runs when the chunk is no longer needed; not at all when it could not be sent. */
  write(chunk: Buffer | string, gone?: () => void): boolean;
  /** Resolves when it caught up, or went away. */
  drained(): Promise<void>;
  /** `done` runs when it caught up; not at all when it went away. */
  onDrain(done: () => void): void;
  end(): void;
  /** Ends without an end: the receiver sees that it was cut. */
  abort(): void;
}

export interface Exchange {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly wish: Wish;
  /** Over HTTP/2. */
  readonly multiplexed: boolean;
  readonly started: boolean;
  readonly closed: boolean;
  /** Adds a `Warning: 299` header to the answer, which has not begun. */
  warn(text: string): void;
  header(name: string): string | undefined;
  /** All headers whose lower-case name starts with `prefix`; values that were sent more than once apart. */
  headers(prefix: string): readonly (readonly [string, readonly string[]])[];
  /** Rejects with the 413 of the real server. */
  readBody(): Promise<Buffer>;
  /** The whole answer at once. */
  answer(code: number, headers: Headers, body: Buffer | string): void;
  open(code: number, headers: Headers): Outlet;
  /** Runs once when the answer is over, however it ended. */
  onClose(callback: () => void): void;
}

export function createExchange(request: ServerRequest, reply: ServerReply): Exchange {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const warnings = createWarnings();
  const header = (name: string) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(',') : value;
  };
  const callbacks = new Set<() => void>();
  let closed = false;
  reply.on('close', () => {
    closed = true;
    for (const callback of callbacks) callback();
    callbacks.clear();
  });
  // A connection that breaks is told by `close`; its error has no one else to hear it.
  reply.on('error', () => undefined);
  request.on('error', () => undefined);

  function head(code: number, headers: Headers): void {
    reply.statusCode = code;
    reply.setHeader('audit-id', randomUUID());
    reply.setHeader('cache-control', 'no-cache, private');
    const warned = warnings.texts();
    if (warned.length > 0) reply.setHeader('warning', warned.map(warningHeader));
    for (const [name, value] of Object.entries(headers)) {
      reply.setHeader(name, typeof value === 'string' ? value : [...value]);
    }
  }

  const write = (chunk: Buffer | string, gone?: () => void): boolean => {
    if (closed) return false;
    // Both kinds of replies take the same arguments; their overloads do not unite.
    if (gone === undefined) return (reply as ServerResponse).write(chunk);
    return (reply as ServerResponse).write(chunk, (error) => {
      if (error == null) gone();
    });
  };

  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query,
    wish: { accept: header('accept'), userAgent: header('user-agent'), query },
    multiplexed: request.httpVersionMajor === 2,
    warn: warnings.add,
    get started() {
      return reply.headersSent;
    },
    get closed() {
      return closed;
    },
    header,
    headers: (prefix) => headersOf(request, prefix),
    readBody: () => readBody(request, reply),
    answer(code, headers, body) {
      if (closed) return;
      head(code, headers);
      reply.setHeader('content-length', String(Buffer.byteLength(body)));
      // To a HEAD there is no body to write.
      if (request.method === 'HEAD') reply.end();
      else (reply as ServerResponse).end(body);
    },
    open(code, headers) {
      if (!closed) {
        head(code, headers);
        (reply as ServerResponse).flushHeaders();
      }
      return {
        write,
        drained: () =>
          new Promise((resolve) => {
            if (closed) return resolve();
            const done = () => {
              reply.off('drain', done);
              callbacks.delete(done);
              resolve();
            };
            reply.on('drain', done);
            callbacks.add(done);
          }),
        onDrain: (done) => void reply.once('drain', done),
        end: () => void (closed || (reply as ServerResponse).end()),
        abort() {
          if ('stream' in reply) reply.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
          else reply.destroy();
        },
      };
    },
    onClose(callback) {
      if (closed) callback();
      else callbacks.add(callback);
    },
  };
}

function readBody(request: ServerRequest, reply: ServerReply): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let settled = false;
    const timer = setTimeout(() => request.destroy(), BODY_TIMEOUT_MS);
    const tooLarge = () => {
      settled = true;
      chunks.length = 0;
      if (!('stream' in reply)) reply.setHeader('connection', 'close');
      const message = `Request entity too large: limit is ${MAX_BODY_BYTES}`;
      reject(new ApiFailure(413, 'RequestEntityTooLarge', message));
    };
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) {
        if (!settled) tooLarge();
        if (bytes > MAX_DISCARDED_BYTES) request.destroy();
      } else chunks.push(chunk);
    });
    request.on('end', () => {
      clearTimeout(timer);
      settled = true;
      resolve(Buffer.concat(chunks, bytes > MAX_BODY_BYTES ? 0 : bytes));
    });
    request.on('close', () => {
      clearTimeout(timer);
      if (!settled) reject(new ApiFailure(400, 'BadRequest', 'unexpected EOF'));
    });
  });
}

/** Repeated values stay apart over HTTP/1.1 in `rawHeaders`; HTTP/2 joins them, and the real names keep commas out. */
function headersOf(request: ServerRequest, prefix: string): readonly (readonly [string, readonly string[]])[] {
  const found = new Map<string, string[]>();
  const raw = request.rawHeaders;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? '';
    if (!name.startsWith(prefix)) continue;
    const values = found.get(name) ?? [];
    values.push(raw[at + 1] ?? '');
    found.set(name, values);
  }
  return [...found];
}

/** RFC 7234 §5.5 as `net.NewWarningHeader` writes it: code 299, no agent, quoted text. */
function warningHeader(text: string): string {
  const safe = text.replace(/[^\x20-\x7e]/g, (character) => (/\s/.test(character) ? ' ' : '?'));
  return `299 - "${safe.replace(/["\\]/g, '\\$&')}"`;
}
