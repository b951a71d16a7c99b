/** Streamable HTTP of the 2025 eras: one server per session, known by its Mcp-Session-Id. */
import { randomUUID } from 'node:crypto';
import {
  isInitializeRequest,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { authInfoOf, type Caller } from './caller.ts';
import { rpcError, tooManySessions, whenSent } from './rpc-response.ts';
import type { SessionTable } from './session-table.ts';

const SESSION_HEADER = 'mcp-session-id';

export interface LegacySessionsParts {
  newServer(): McpServer;
  sessions: SessionTable<WebStandardStreamableHTTPServerTransport>;
  onError(error: unknown): void;
}

/** Answers one request of a 2025 era. `body` is the parsed body of a POST. */
export function createLegacySessions({ newServer, sessions, onError }: LegacySessionsParts) {
  const open = async (request: Request, body: unknown, caller: Caller): Promise<Response> => {
    const server = newServer();
    const transport: WebStandardStreamableHTTPServerTransport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => sessions.add({ id, server, transport }, caller.principal),
    });
    transport.onerror = onError;
    server.server.onclose = () => {
      if (transport.sessionId !== undefined) sessions.forget(transport.sessionId);
    };
    await server.connect(transport);
    const response = await transport.handleRequest(request, { parsedBody: body, authInfo: authInfoOf(caller) });
    if (transport.sessionId === undefined) await server.close();
    return response;
  };

  const openWithinLimits = async (request: Request, body: unknown, caller: Caller): Promise<Response> => {
    const release = sessions.reserve();
    if (release === undefined) return tooManySessions(body);
    try {
      return await open(request, body, caller);
    } finally {
      release();
    }
  };

  return async (request: Request, body: unknown, caller: Caller): Promise<Response> => {
    const id = request.headers.get(SESSION_HEADER);
    if (id === null) {
      if (request.method === 'POST' && isInitializeRequest(body)) return openWithinLimits(request, body, caller);
      if (request.method === 'POST') {
        return rpcError(400, -32000, 'Bad Request: initialize first, or send the Mcp-Session-Id header', body);
      }
      return rpcError(405, -32000, 'Method not allowed', undefined, { allow: 'POST' });
    }
    const session = sessions.find(id, caller.principal);
    if (session === undefined) return rpcError(404, -32001, 'Session not found', body);
    const release = sessions.hold(id, request.method === 'GET' ? 'listening' : 'active');
    const options = { authInfo: authInfoOf(caller), ...(body !== undefined && { parsedBody: body }) };
    return whenSent(await session.transport.handleRequest(request, options), release);
  };
}
