/** A client that hides nothing: what came, in which chunks, and how it ended. One connection. */
import { type ClientHttp2Session, connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { Agent, request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';

export interface RawAnswer {
  /** Resolves with undefined when the answer ended without. */
  readonly head: Promise<{ status: number; headers: IncomingHttpHeaders } | undefined>;
  readonly chunks: Buffer[];
  /** The next line, without its end; undefined when there is none any more. */
  line(): Promise<string | undefined>;
  /** `clean`, `rst-stream <code>`, or the code of the connection's error; `cut` where it has none. */
  readonly end: Promise<string>;
  cancel(): void;
}

export interface Whole {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
  end: string;
}

export interface RawOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RawClient {
  /** `h2`, `http/1.1`, or false when the server agreed to none. */
  readonly alpn: string | false | null;
  /** The codes of GOAWAY frames so far. */
  readonly goaways: number[];
  /** What the server grants; Infinity before it said so, or over HTTP/1.1. */
  readonly maxStreams: number;
  open(path: string, options?: RawOptions): RawAnswer;
  ask(path: string, options?: RawOptions): Promise<Whole>;
  close(): Promise<void>;
}

interface Where {
  readonly url: string;
  readonly ca: string;
  /** What to offer; both unless given. */
  readonly alpn?: readonly string[];
}

/** Rejects with the error of the connection. */
export async function createRawClient({ url, ca, alpn = ['h2', 'http/1.1'] }: Where): Promise<RawClient> {
  const { port } = new URL(url);
  const socket = connectTls({ host: '127.0.0.1', port: Number(port), ca, ALPNProtocols: [...alpn] });
  let socketError: NodeJS.ErrnoException | undefined;
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.on('error', (error) => {
      socketError = error;
      reject(error);
    });
    socket.once('close', () => reject(new Error('closed before TLS stood')));
  });
  const why = () => socketError?.code ?? 'cut';
  const made = socket.alpnProtocol === 'h2' ? overHttp2(url, socket, why) : overHttp1(socket, why);
  return {
    ...made,
    get maxStreams() {
      return made.maxStreams;
    },
    alpn: socket.alpnProtocol,
    async ask(path, options) {
      const answer = made.open(path, options);
      const end = await answer.end;
      const head = await answer.head;
      return { status: head?.status, headers: head?.headers ?? {}, body: Buffer.concat(answer.chunks), end };
    },
    close: () =>
      new Promise((resolve) => {
        if (socket.destroyed) return resolve();
        socket.once('close', () => resolve());
        socket.destroy();
      }),
  };
}

type Opened = Pick<RawClient, 'open' | 'goaways' | 'maxStreams'>;

function overHttp2(url: string, socket: TLSSocket, why: () => string): Opened {
  const session: ClientHttp2Session = connectHttp2(url, {
    createConnection: () => socket,
    settings: { initialWindowSize: 256 * 1024 },
  });
  const goaways: number[] = [];
  session.on('error', () => undefined);
  session.on('goaway', (code) => goaways.push(code));
  return {
    goaways,
    get maxStreams() {
      return session.destroyed ? 0 : (session.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY);
    },
    open(path, { method = 'GET', headers = {}, body } = {}) {
      const stream = session.request(
        { ':method': method, ':path': path, ...headers },
        { endStream: body === undefined },
      );
      if (body !== undefined) stream.end(body);
      const head = new Promise<{ status: number; headers: IncomingHttpHeaders } | undefined>((resolve) => {
        stream.on('response', (got) => resolve({ status: Number(got[':status']), headers: got }));
        stream.on('close', () => resolve(undefined));
      });
      let code: string | undefined;
      stream.on('error', (error: NodeJS.ErrnoException) => {
        code = error.code === 'ERR_HTTP2_STREAM_ERROR' ? `rst-stream ${stream.rstCode}` : error.code;
      });
      return {
        ...collect(stream, () => {
          // For CANCEL there is no error.
          if (code !== undefined || stream.rstCode === 0) return code;
          return session.destroyed ? why() : `rst-stream ${stream.rstCode}`;
        }),
        head,
        cancel: () => stream.close(8),
      };
    },
  };
}

function overHttp1(socket: TLSSocket, why: () => string): Opened {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = () => socket;
  return {
    goaways: [],
    maxStreams: Number.POSITIVE_INFINITY,
    open(path, { method = 'GET', headers = {}, body } = {}) {
      const request = requestHttps({ host: '127.0.0.1', path, method, headers, agent });
      let answer: RawAnswer | undefined;
      const chunks: Buffer[] = [];
      let tellEnd = (_end: string): void => undefined;
      const end = new Promise<string>((resolve) => {
        tellEnd = resolve;
      });
      const head = new Promise<{ status: number; headers: IncomingHttpHeaders } | undefined>((resolve) => {
        request.on('response', (got) => {
          let code: string | undefined;
          got.on('error', (error: NodeJS.ErrnoException) => {
            code = socket.destroyed || error.code === 'ECONNRESET' ? why() : error.code;
          });
          answer = { ...collect(got, () => code, chunks), head, cancel: () => void request.destroy() };
          void answer.end.then(tellEnd);
          resolve({ status: got.statusCode ?? 0, headers: got.headers });
        });
        request.on('error', (error: NodeJS.ErrnoException) => {
          if (answer === undefined) tellEnd(why() === 'cut' ? (error.code ?? 'cut') : why());
          resolve(undefined);
        });
      });
      request.end(body);
      return {
        head,
        chunks,
        end,
        async line() {
          await head;
          return answer?.line();
        },
        cancel: () => void request.destroy(),
      };
    },
  };
}

function collect(
  stream: Readable,
  problem: () => string | undefined,
  chunks: Buffer[] = [],
): Pick<RawAnswer, 'chunks' | 'line' | 'end'> {
  const lines: string[] = [];
  const waiting: ((line: string | undefined) => void)[] = [];
  /** Of the line that is not whole yet. */
  let parts: Buffer[] = [];
  let ended = false;
  let whole = false;
  const end = new Promise<string>((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      let rest = chunk;
      for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n')) {
        const line = Buffer.concat([...parts, rest.subarray(0, at)]).toString();
        parts = [];
        rest = rest.subarray(at + 1);
        const next = waiting.shift();
        if (next === undefined) lines.push(line);
        else next(line);
      }
      parts.push(rest);
    });
    stream.on('end', () => {
      whole = true;
    });
    stream.on('close', () => {
      ended = true;
      for (const next of waiting.splice(0)) next(undefined);
      resolve(problem() ?? (whole ? 'clean' : 'cut'));
    });
  });
  return {
    chunks,
    end,
    line() {
      const line = lines.shift();
      if (line !== undefined || ended) return Promise.resolve(line);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}
