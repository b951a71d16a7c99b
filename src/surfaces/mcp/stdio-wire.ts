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

/** `onMessage` gets parsed JSON, not yet known to be JSON-RPC. */
export function openStdioWire(input: Readable, output: Writable, onMessage: (value: unknown) => void): StdioWire {
  let open = true;
  const { promise: closed, resolve: settle } = Promise.withResolvers<void>();

  const close = () => {
    if (!open) return;
    open = false;
    input.off('data', onData);
    input.pause();
    settle();
  };

  const send = (message: unknown): Promise<void> => {
    if (!open) return Promise.resolve();
    const roomLeft = output.write(`${JSON.stringify(message)}\n`);
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
    onMessage(value);
  });

  const onData = (chunk: Buffer) => {
    if (lines.push(chunk)) return;
    // What follows cannot be told from the rest of the message, so the connection ends, as with the SDK.
    void send(errorResponse(null, -32600, `A message is larger than ${MAX_MESSAGE_BYTES} bytes.`));
    close();
  };

  input.on('data', onData);
  for (const event of ['end', 'close', 'error']) input.once(event, close);
  // Stays for good: a broken pipe may report once more after the close.
  output.on('error', close);
  return { send, close, closed };
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
