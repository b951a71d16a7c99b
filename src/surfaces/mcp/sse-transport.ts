import { randomUUID } from 'node:crypto';
import type { JSONRPCMessage, MessageExtraInfo, Transport } from '@modelcontextprotocol/server';
import type { Clock } from '../../kernel/clock.ts';

const KEEP_ALIVE_MS = 15_000;
/** What a client that does not read may leave unread before its stream is closed. */
const MAX_UNREAD_BYTES = 32 * 1024 * 1024;

/** One SSE connection: what the server sends goes down `stream`, what the client sends comes by POST. */
export class SseTransport implements Transport {
  readonly sessionId = randomUUID();
  readonly stream: ReadableStream<Uint8Array>;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: <T extends JSONRPCMessage>(message: T, extra?: MessageExtraInfo) => void;
  readonly #endpoint: string;
  readonly #clock: Clock;
  readonly #encoder = new TextEncoder();
  readonly #unanswered = new Map<unknown, () => void>();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #stopKeepAlive: (() => void) | undefined;

  constructor(endpoint: string, clock: Clock) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => this.close(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD_BYTES }),
    );
  }

  async start(): Promise<void> {
    this.#write(`event: endpoint\ndata: ${this.#endpoint}?sessionId=${this.sessionId}\n\n`);
    this.#scheduleKeepAlive();
  }

  /** Calls `hold` for a request, and what it returned when the request is answered or cancelled. */
  track(message: JSONRPCMessage, hold: () => () => void): void {
    if (!('method' in message)) return;
    if ('id' in message) this.#unanswered.set(message.id, hold());
    else if (message.method === 'notifications/cancelled') this.#settle(message.params?.['requestId']);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!('method' in message)) this.#settle(message.id);
    this.#write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
  }

  async close(): Promise<void> {
    const controller = this.#controller;
    if (controller === undefined) return;
    this.#controller = undefined;
    this.#stopKeepAlive?.();
    try {
      controller.close();
    } catch {
      // The client has cancelled the stream: it is closed already.
    }
    this.onclose?.();
  }

  #settle(id: unknown): void {
    this.#unanswered.get(id)?.();
    this.#unanswered.delete(id);
  }

  #write(event: string): void {
    this.#controller?.enqueue(this.#encoder.encode(event));
    if ((this.#controller?.desiredSize ?? 1) <= 0) void this.close();
  }

  #scheduleKeepAlive(): void {
    this.#stopKeepAlive = this.#clock.after(KEEP_ALIVE_MS, () => {
      this.#write(': keep-alive\n\n');
      if (this.#controller !== undefined) this.#scheduleKeepAlive();
    });
  }
}
