/** Answers to a child, no faster than it reads them. */
import { type Failure, statusAnswer } from './status.ts';
import type { GuardResponse } from './types.ts';

/** What HTTP/1.1 and HTTP/2 responses of Node have in common. */
export interface Reply {
  readonly headersSent: boolean;
  writeHead(status: number, headers: Record<string, string>): unknown;
  flushHeaders(): void;
  write(chunk: Uint8Array): boolean;
  end(chunk?: Uint8Array): unknown;
  destroy(error?: Error): unknown;
  once(event: 'drain' | 'close', listener: () => void): unknown;
  off(event: 'drain' | 'close', listener: () => void): unknown;
}

/** Of this connection, or ours to say; bodies arrive decoded. */
const DROPPED =
  /^(?:connection|keep-alive|te|trailer|transfer-encoding|upgrade|content-length|content-encoding|set-cookie|alt-svc|strict-transport-security|www-authenticate|location|proxy-.*)$/;
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const BAD_VALUE = /[^\t\u0020-\u007e\u0080-\u00ff]/;
const WITHOUT_BODY = new Set([204, 304]);

/** Headers of an answer, without those that would mislead. */
export function answerHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => NAME.test(name) && !DROPPED.test(name) && !BAD_VALUE.test(value)),
  );
}

/** Writes a whole answer. `signal` ends it in the middle: the child sees a broken connection, never an answer that looks complete. */
export async function sendResponse(
  reply: Reply,
  response: GuardResponse,
  signal: AbortSignal,
  head: boolean,
): Promise<void> {
  const { status } = response;
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new Error('an answer without a status');
  const chunks = response.body[Symbol.asyncIterator]();
  const aborted = Promise.withResolvers<never>();
  // Nobody may be waiting when it rejects.
  aborted.promise.catch(() => undefined);
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    reply.writeHead(status, answerHeaders(response.headers));
    if (!head && !WITHOUT_BODY.has(status)) {
      // A watch says nothing for a while, and its reader waits for the headers.
      reply.flushHeaders();
      for (;;) {
        const next = await Promise.race([chunks.next(), aborted.promise]);
        if (next.done === true) break;
        if (next.value.length > 0 && !reply.write(next.value)) await Promise.race([drained(reply), aborted.promise]);
      }
    }
    reply.end();
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: a generator that waits for its source returns only when that gives in.
    chunks.return?.().catch(() => undefined);
  }
}

/** A Status where nothing has been sent yet; otherwise the answer breaks off. */
export function sendFailure(reply: Reply, failure: Failure, { close = false } = {}): void {
  if (reply.headersSent) {
    // Without an error HTTP/2 would end the stream as if nothing were wrong.
    reply.destroy(new Error('the answer broke off'));
    return;
  }
  const { headers, body } = statusAnswer(failure);
  reply.writeHead(failure.code, close ? { ...headers, connection: 'close' } : headers);
  reply.end(body);
}

function drained(reply: Reply): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      reply.off('drain', done);
      reply.off('close', done);
      resolve();
    };
    reply.once('drain', done);
    reply.once('close', done);
  });
}
