/** One HTTP/2 session: its streams, its health checks, its end. */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { Clock } from '../../kernel/clock.ts';
import { DeadConnection, joinedHeaders, type WireRequest, type WireResponse } from './wire.ts';

export interface H2Timings {
  /** Between PINGs while streams are open. */
  pingIntervalMs: number;
  pingTimeoutMs: number;
  /** A session without streams closes after this long. */
  sessionIdleMs: number;
  /** For TCP, proxy and TLS together, and again for the server's first SETTINGS. */
  connectTimeoutMs: number;
}

export interface H2Session {
  /** Takes one of the streams that the server allows, for the `exchange` that follows at once. False when none is left. */
  reserve(): boolean;
  isOpen(): boolean;
  exchange(request: WireRequest): Promise<WireResponse>;
  retire(): void;
  destroy(): void;
}

/**
 * Bytes. Node's 64 KiB would make a large LIST wait for round trips; a page of 500 pods, zipped, is about as long. What waits unread
 * is garbage that has grown old once it is read: with 1 MiB a process that reads many lists at once ends some 10 MB larger.
 */
const STREAM_WINDOW = 256 * 1024;
const SESSION_WINDOW = 16 * 1024 * 1024;
/** MB that Node lets one session hold before it refuses streams; unread watches hold up to a stream window each. */
const SESSION_MEMORY = 512;
/** Never more on one session, whatever the server allows: one lost connection should not end everything. */
const MAX_STREAMS = 250;

/** Speaks HTTP/2 on a connected socket. `onRoom` is called whenever a stream or the session ended. */
export async function openSession(
  origin: URL,
  socket: Socket,
  options: { clock: Clock; timings: H2Timings; onRoom: () => void },
): Promise<H2Session> {
  const session = connect(origin.origin, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
    maxSessionMemory: SESSION_MEMORY,
  });
  // Its streams report the cause; without a listener the event would end the process.
  session.on('error', () => undefined);
  const cancelTimeout = options.clock.after(options.timings.connectTimeoutMs, () => session.destroy(timedOut()));
  await settled(session).finally(cancelTimeout);
  session.setLocalWindowSize(SESSION_WINDOW);
  session.unref();
  return superviseSession(session, options);
}

/** The server's settings tell how many streams it takes: before them no stream is opened. */
function settled(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    session.once('remoteSettings', () => resolve());
    session.once('error', reject);
    session.once('close', () => reject(Object.assign(new Error('closed before SETTINGS'), { code: 'ECONNRESET' })));
  });
}

function superviseSession(
  session: ClientHttp2Session,
  { clock, timings, onRoom }: { clock: Clock; timings: H2Timings; onRoom: () => void },
): H2Session {
  let streams = 0;
  let cancelTimer = clock.after(timings.sessionIdleMs, () => session.close());
  const isOpen = () => !session.closed && !session.destroyed;
  const rearm = () => {
    cancelTimer();
    if (!isOpen() && streams === 0) return;
    cancelTimer =
      streams === 0
        ? clock.after(timings.sessionIdleMs, () => session.close())
        : clock.after(timings.pingIntervalMs, () => ping(session, { clock, timings, onAlive: rearm }));
  };
  const onStreamClosed = () => {
    streams--;
    if (streams === 0) {
      session.unref();
      rearm();
    }
    onRoom();
  };
  session.once('goaway', () => onRoom());
  session.once('close', () => {
    cancelTimer();
    onRoom();
  });
  return {
    reserve() {
      const limit = Math.min(session.remoteSettings.maxConcurrentStreams ?? MAX_STREAMS, MAX_STREAMS);
      if (!isOpen() || streams >= limit) return false;
      streams++;
      if (streams === 1) {
        session.ref();
        rearm();
      }
      return true;
    },
    isOpen,
    async exchange(request) {
      try {
        const stream = openStream(session, request);
        stream.once('close', onStreamClosed);
        return await answerOn(stream, request);
      } catch (thrown) {
        if (thrown instanceof UnopenedStream) onStreamClosed();
        throw thrown;
      }
    },
    retire: () => session.close(),
    destroy: () => session.destroy(),
  };
}

/** A connection that is silent past the time-out is dead: its streams end, and their owners go on elsewhere. */
function ping(
  session: ClientHttp2Session,
  { clock, timings, onAlive }: { clock: Clock; timings: H2Timings; onAlive: () => void },
): void {
  if (session.destroyed) return;
  const cancel = clock.after(timings.pingTimeoutMs, () => session.destroy(timedOut()));
  session.ping((error) => {
    cancel();
    if (error === null) onAlive();
  });
}

function timedOut(): Error {
  return Object.assign(new Error('the connection is silent'), { code: 'ETIMEDOUT' });
}

/** The session closed between choosing it and using it: nothing was sent. */
class UnopenedStream extends DeadConnection {}

function openStream(session: ClientHttp2Session, { method, path, headers, body }: WireRequest): ClientHttp2Stream {
  try {
    const stream = session.request({ ...headers, ':method': method, ':path': path }, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    return stream;
  } catch (thrown) {
    throw new UnopenedStream(true, thrown);
  }
}

function answerOn(stream: ClientHttp2Stream, request: WireRequest): Promise<WireResponse> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    let failure: unknown;
    const complete = watchEnd(stream);
    const onAbort = () => {
      reject(signal.reason);
      stream.close(constants.NGHTTP2_CANCEL);
      stream.destroy(signal.reason);
    };
    stream.on('error', (thrown) => {
      failure = thrown;
    });
    stream.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      reject(new DeadConnection(stream.rstCode === constants.NGHTTP2_REFUSED_STREAM || isUnsent(failure), failure));
    });
    stream.once('response', (headers: IncomingHttpHeaders & IncomingHttpStatusHeader) => {
      resolve({
        status: headers[':status'] ?? 0,
        headers: joinedHeaders(plainHeaders(headers)),
        body: stream,
        truncated: () => !complete(),
      });
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else request.onSent();
  });
}

/** Node reports a session that closed under a new stream by these codes, thrown or emitted. */
function isUnsent(failure: unknown): boolean {
  const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
  return code === 'ERR_HTTP2_GOAWAY_SESSION' || code === 'ERR_HTTP2_INVALID_SESSION';
}

/**
 * Whether END_STREAM arrived. Node ends the readable side in the same way for it and for RST_STREAM(NO_ERROR) in mid-answer, which only
 * differs in the order: there the stream is closed first.
 */
function watchEnd(stream: ClientHttp2Stream): () => boolean {
  let ended = false;
  const push = stream.push.bind(stream);
  stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk === null && !stream.closed) ended = true;
    return push(chunk, encoding);
  };
  return () => ended;
}

/** Without `:status`, the only one that is a number. */
function plainHeaders({
  ':status': _status,
  ...headers
}: IncomingHttpHeaders & IncomingHttpStatusHeader): Record<string, string | string[] | undefined> {
  return headers;
}
