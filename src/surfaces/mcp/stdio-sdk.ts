/** The SDK's side of a stdio connection, loaded when the handshake hands over. */
import { randomUUID } from 'node:crypto';
import { type JSONRPCMessage, parseJSONRPCMessage, type Transport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Replay } from './handshake.ts';
import { createMcpServerFactory, type McpServerParts } from './server.ts';
import { errorResponse, type StdioWire } from './stdio-wire.ts';

export interface SdkConnection {
  receive(value: unknown): void;
}

/** Brings a fresh SDK server to where the handshake stands, then gives it the wire. */
export async function connectSdk(
  parts: McpServerParts,
  wire: StdioWire,
  replay: Replay,
  onError: (error: unknown) => void,
): Promise<SdkConnection> {
  const hidden = new Map<string, () => void>();
  const transport: Transport = {
    start: async () => {},
    close: async () => wire.close(),
    async send(message) {
      const answered = 'id' in message && typeof message.id === 'string' ? hidden.get(message.id) : undefined;
      if (answered === undefined) return wire.send(message);
      answered();
    },
  };
  serveStdio(createMcpServerFactory(parts), { transport, onerror: onError });
  // Aborts the calls in flight.
  void wire.closed.then(() => transport.onclose?.());

  /** Has the SDK handle a request whose answer the client already got. */
  const rehearse = (request: JSONRPCMessage) =>
    new Promise<void>((resolve) => {
      const id = `replay:${randomUUID()}`;
      hidden.set(id, resolve);
      transport.onmessage?.(parseJSONRPCMessage({ ...request, id }));
    });

  if (replay.era === 'modern') await rehearse(replay.request);
  if (replay.era === 'legacy') {
    await rehearse(replay.initialize);
    if (replay.initialized) transport.onmessage?.({ jsonrpc: '2.0', method: 'notifications/initialized' });
  }
  return {
    receive(value) {
      const message = parseMessage(value);
      if (message !== undefined) transport.onmessage?.(message);
      else void wire.send(errorResponse(idOf(value), -32600, 'Invalid Request: not a JSON-RPC 2.0 message.'));
    },
  };
}

function parseMessage(value: unknown): JSONRPCMessage | undefined {
  try {
    return parseJSONRPCMessage(value);
  } catch {
    return undefined;
  }
}

function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value && 'method' in value ? value.id : null;
}
