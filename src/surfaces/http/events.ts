import { randomUUID } from 'node:crypto';
import { AppError } from '../../kernel/errors.ts';
import type { Principal } from '../../kernel/vocabulary.ts';

/** What may wait for a client that reads slowly, bytes. Beyond it the stream is closed: it reconnects and loses only events. */
const MAX_QUEUED = 512 * 1024;
/** A larger event goes out without its payload, bytes; the answer to the call itself has it. */
const MAX_EVENT = 256 * 1024;
const MAX_CLIENTS = 100;
/** surface.md §4.3: a heartbeat every 30 s. */
const HEARTBEAT_MS = 30_000;

interface Client {
  principal: string;
  push(chunk: string): void;
  close(): void;
}

export interface EventHub {
  /** A stream that begins with `connected` (with the id that calls name) and `tools_list`. */
  open(principal: Principal, first: { server: string; tools: unknown[] }): Response;
  /** True for an open stream of this very principal. */
  knows(clientId: string, principal: Principal): boolean;
  /** To one stream of this very principal; nothing happens where there is none. */
  send(clientId: string | undefined, principal: Principal, event: string, data: object): void;
  broadcast(event: string, data: object): void;
  close(): void;
}

/** The streams of GET /events. Ids are random and belong to one principal, so that nobody receives another's results. */
export function createEventHub(limits: {
  maxClients?: number | undefined;
  heartbeatMs?: number | undefined;
}): EventHub {
  const { maxClients = MAX_CLIENTS, heartbeatMs = HEARTBEAT_MS } = limits;
  const clients = new Map<string, Client>();
  const broadcast = (event: string, data: object) => {
    const text = encode(event, data);
    for (const client of clients.values()) client.push(text);
  };
  const heartbeat = setInterval(() => broadcast('heartbeat', { timestamp: new Date().toISOString() }), heartbeatMs);
  heartbeat.unref();
  const own = (clientId: string | undefined, principal: Principal) => {
    const client = clientId === undefined ? undefined : clients.get(clientId);
    return client?.principal === principal.id ? client : undefined;
  };

  return {
    open(principal, { server, tools }) {
      if (clients.size >= maxClients) {
        throw new AppError('too_many_requests', `${maxClients} event streams are open.`, {
          remedy: 'Close streams that are no longer read, then retry.',
          retryAfterSeconds: 30,
        });
      }
      const id = randomUUID();
      const { client, body } = createClient(principal.id, () => clients.delete(id));
      clients.set(id, client);
      client.push(encode('connected', { client_id: id, timestamp: new Date().toISOString(), server }));
      client.push(encode('tools_list', { tools }));
      return new Response(body, {
        headers: {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          // Proxies that buffer would hold events back.
          'x-accel-buffering': 'no',
        },
      });
    },
    knows: (clientId, principal) => own(clientId, principal) !== undefined,
    send(clientId, principal, event, data) {
      own(clientId, principal)?.push(encode(event, data));
    },
    broadcast,
    close() {
      clearInterval(heartbeat);
      for (const client of [...clients.values()]) client.close();
    },
  };
}

function createClient(principal: string, onClose: () => void): { client: Client; body: ReadableStream<Uint8Array> } {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      start(started) {
        controller = started;
      },
      cancel() {
        controller = undefined;
        onClose();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_QUEUED }),
  );
  const close = () => {
    controller?.close();
    controller = undefined;
    onClose();
  };
  const push = (text: string) => {
    if (controller === undefined) return;
    if ((controller.desiredSize ?? 0) <= 0) close();
    else controller.enqueue(encoder.encode(text));
  };
  return { client: { principal, push, close }, body };
}

function encode(event: string, data: object): string {
  const text = JSON.stringify(data);
  if (text.length <= MAX_EVENT || event === 'tools_list') return `event: ${event}\ndata: ${text}\n\n`;
  const small = Object.entries(data).filter(([, value]) => typeof value !== 'object' && String(value).length < 1000);
  const omitted = `${text.length} characters: the answer to the call has them`;
  return `event: ${event}\ndata: ${JSON.stringify({ ...Object.fromEntries(small), omitted })}\n\n`;
}
