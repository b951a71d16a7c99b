/** The HTTP+SSE transport of 2024-11-05: a stream that names the address to post messages to. */
import { type JSONRPCMessage, type McpServer, parseJSONRPCMessage } from '@modelcontextprotocol/server';
import type { Clock } from '../../kernel/clock.ts';
import { authInfoOf, type Caller } from './caller.ts';
import { parseBody, rpcError, tooManySessions } from './rpc-response.ts';
import type { SessionTable } from './session-table.ts';
import { SseTransport } from './sse-transport.ts';

export interface SseParts {
  newServer(): McpServer;
  sessions: SessionTable<SseTransport>;
  /** Where clients post: told to each in its `endpoint` event. */
  messagePath: string;
  maxBodyBytes: number;
  clock: Clock;
}

export interface SseSurface {
  open(caller: Caller): Promise<Response>;
  message(request: Request, caller: Caller): Promise<Response>;
}

export function createSse({ newServer, sessions, messagePath, maxBodyBytes, clock }: SseParts): SseSurface {
  return {
    async open(caller) {
      const release = sessions.reserve();
      if (release === undefined) return tooManySessions();
      const server = newServer();
      const transport = new SseTransport(messagePath, clock);
      const id = transport.sessionId;
      server.server.onclose = () => sessions.forget(id);
      sessions.add({ id, server, transport }, caller.principal);
      release();
      sessions.hold(id, 'listening');
      await server.connect(transport);
      const headers = {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
      };
      return new Response(transport.stream, { headers });
    },
    async message(request, caller) {
      const id = new URL(request.url).searchParams.get('sessionId') ?? '';
      const session = sessions.find(id, caller.principal);
      if (session === undefined) return rpcError(404, -32001, 'Session not found');
      const parsed = await parseBody(request, maxBodyBytes);
      if (!parsed.ok) return parsed.response;
      const message = parseMessage(parsed.body);
      if (message === undefined)
        return rpcError(400, -32600, 'Invalid Request: not a JSON-RPC 2.0 message', parsed.body);
      session.transport.track(message, () => sessions.hold(id, 'active'));
      session.transport.onmessage?.(message, { request, authInfo: authInfoOf(caller) });
      return new Response('Accepted', { status: 202 });
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
