/** JSON-RPC over two streams, a message a line. Serves the whole life of a stdio connection, so nothing is lost in a handover. */
import type { Readable, Writable } from 'node:stream';

/** The SDK's own limit for one message on stdio. */
const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
const NEWLINE = 0x0a;

export interface StdioWire {
  send(message: unknown): Promise<void>;
  close(): void;
  /** Settles when the input has ended, the output has failed, or `close` was called. */
  readonly closed: Promise<void>;
}

export interface StdioWireOptions {
  /** After the end of the input, what was asked before it may still be answered for this long, ms. */
  drainMs?: number;
}

/** Enough for `echo '{...}' | k8s-mcp`; hosts that close the input to end a server kill it sooner than this. */
const DRAIN_MS = 5000;

/** `onMessage` gets parsed JSON, not yet known to be JSON-RPC. */
export function openStdioWire(
  input: Readable,
  output: Writable,
  onMessage: (value: unknown) => void,
  { drainMs = DRAIN_MS }: StdioWireOptions = {},
): StdioWire {
  let open = true;
  let draining: NodeJS.Timeout | undefined;
  const unanswered = new Set<unknown>();
  const { promise: closed, resolve: settle } = Promise.withResolvers<void>();

  const close = () => {
    if (!open) return;
    open = false;
    clearTimeout(draining);
    input.off('data', onData);
    input.pause();
    settle();
  };

  /** A pipe that ends reports an end and then a close; only the end lets answers through that are on their way. */
  const drain = () => {
    if (unanswered.size === 0) close();
    else draining ??= setTimeout(close, drainMs);
  };

  const send = (message: unknown): Promise<void> => {
    if (!open) return Promise.resolve();
    const roomLeft = output.write(`${JSON.stringify(message)}\n`);
    unanswered.delete(answeredId(message));
    if (draining !== undefined && unanswered.size === 0) close();
    if (roomLeft) return Promise.resolve();
    return new Promise((resolve) => {
      output.once('drain', resolve);
      closed.then(resolve);
    });
  };

  const lines = createLineSplitter((line) => {
    if (!open || line.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      void send(errorResponse(null, -32700, 'Parse error: the line is not valid JSON.'));
      return;
    }
    track(value, unanswered);
    onMessage(value);
  });

  const onData = (chunk: Buffer) => {
    if (lines.push(chunk)) return;
    // What follows cannot be told from the rest of the message, so the connection ends, as with the SDK.
    void send(errorResponse(null, -32600, `A message is larger than ${MAX_MESSAGE_BYTES} bytes.`));
    close();
  };

  input.on('data', onData);
  input.once('end', drain);
  input.once('close', drain);
  input.once('error', close);
  // Stays for good: a broken pipe may report once more after the close.
  output.on('error', close);
  return { send, close, closed };
}

/** Notes a request as not yet answered, and a cancelled one as never to be. */
function track(message: unknown, unanswered: Set<unknown>): void {
  if (typeof message !== 'object' || message === null || !('method' in message)) return;
  if ('id' in message) unanswered.add(message.id);
  if (message.method !== 'notifications/cancelled' || !('params' in message)) return;
  const { params } = message;
  if (typeof params === 'object' && params !== null && 'requestId' in params) unanswered.delete(params.requestId);
}

function answeredId(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'id' in message && !('method' in message)
    ? message.id
    : undefined;
}

/** The response that reports `code`; `id` is null where the request's is not known. */
export function errorResponse(id: unknown, code: number, message: string) {
  const known = typeof id === 'string' || Number.isSafeInteger(id);
  return { jsonrpc: '2.0', id: known ? id : null, error: { code, message } };
}

function createLineSplitter(onLine: (line: string) => void) {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  return {
    /** False when a line outgrows the limit. */
    push(chunk: Buffer): boolean {
      let rest = chunk;
      for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
        if (pendingBytes + at > MAX_MESSAGE_BYTES) return false;
        const line = Buffer.concat([...pending, rest.subarray(0, at)]).toString('utf8');
        pending = [];
        pendingBytes = 0;
        rest = rest.subarray(at + 1);
        onLine(line);
      }
      if (rest.length > 0) pending.push(rest);
      pendingBytes += rest.length;
      return pendingBytes <= MAX_MESSAGE_BYTES;
    },
  };
}
