/** MCP over HTTP, all eras on one endpoint, plus the HTTP+SSE transport of 2024-11-05 beside it. */
import {
  createMcpHandler,
  isLegacyRequest,
  type WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { Principal, Transport } from '../../kernel/vocabulary.ts';
import { authInfoOf, Caller } from './caller.ts';
import { createLegacySessions } from './legacy-sessions.ts';
import { parseBody, rpcError } from './rpc-response.ts';
import { createMcpServerFactory, type McpServerParts } from './server.ts';
import { createSessionTable, type SessionLimits } from './session-table.ts';
import { createSse } from './sse.ts';
import type { SseTransport } from './sse-transport.ts';

export interface McpHttpParts extends Omit<McpServerParts, 'principal'> {
  /** Each for the sessions of the 2025 eras and for the streams of 2024-11-05. */
  sessions?: SessionLimits;
  maxBodyBytes?: number;
  /** Where SSE clients post, as they see it. */
  messagePath?: string;
  /** Faults of the protocol, for the log. */
  onError?(error: unknown): void;
  clock?: Clock;
}

/** What the HTTP layer knows of one request's sender. Without `kubeconfig`, the header X-Kubeconfig is read. */
export interface RequestCaller {
  principal: Principal;
  kubeconfig?: string;
}

export interface McpHttp {
  /** Everything on the MCP endpoint. */
  fetch(request: Request, caller: RequestCaller): Promise<Response>;
  sse: {
    open(request: Request, caller: RequestCaller): Promise<Response>;
    message(request: Request, caller: RequestCaller): Promise<Response>;
  };
  notifyToolsChanged(): void;
  close(): Promise<void>;
}

const DEFAULT_SESSIONS: SessionLimits = { max: 200, idleMs: 30 * 60_000 };
const DEFAULT_MAX_BODY_BYTES = 4 * 1024 * 1024;

export function createMcpHttp(parts: McpHttpParts): McpHttp {
  const {
    sessions: limits = DEFAULT_SESSIONS,
    maxBodyBytes = DEFAULT_MAX_BODY_BYTES,
    messagePath = '/message',
  } = parts;
  const { clock = systemClock, onError = () => {} } = parts;
  const newServer = createMcpServerFactory(parts);
  const modern = createMcpHandler(newServer, { legacy: 'reject', onerror: onError, maxRequestBodySize: maxBodyBytes });
  const sessions = createSessionTable<WebStandardStreamableHTTPServerTransport>(limits, clock);
  const streams = createSessionTable<SseTransport>(limits, clock);
  const legacy = createLegacySessions({ newServer, sessions, onError });
  const sse = createSse({ newServer, sessions: streams, messagePath, maxBodyBytes, clock });

  const route = async (request: Request, context: RequestCaller): Promise<Response> => {
    if (opensSse(request)) return sse.open(callerFrom(request, context, 'sse'));
    const caller = callerFrom(request, context, 'streamable-http');
    const parsed = request.method === 'POST' ? await parseBody(request, maxBodyBytes) : undefined;
    if (parsed?.ok === false) return parsed.response;
    const body = parsed?.body;
    if (await isLegacyRequest(request, body)) return legacy(request, body, caller);
    return modern.fetch(request, { authInfo: authInfoOf(caller), ...(parsed && { parsedBody: body }) });
  };

  /** The SDK's schemas recurse over what a client sent, so hostile nesting ends here and not as a crash. */
  const answered = async (work: () => Promise<Response>): Promise<Response> => {
    try {
      return await work();
    } catch (error) {
      onError(error);
      if (error instanceof RangeError) return rpcError(400, -32600, 'Invalid Request: nested too deeply');
      return rpcError(500, -32603, 'Internal error');
    }
  };

  const surface: McpHttp = {
    fetch: (request, context) => answered(() => route(request, context)),
    sse: {
      open: (request, context) => answered(() => sse.open(callerFrom(request, context, 'sse'))),
      message: (request, context) => answered(() => sse.message(request, callerFrom(request, context, 'sse'))),
    },
    notifyToolsChanged() {
      modern.notify.toolsChanged();
      for (const { server } of [...sessions.all(), ...streams.all()]) {
        server.server.sendToolListChanged().catch(onError);
      }
    },
    async close() {
      await Promise.all([modern.close(), sessions.close(), streams.close()]);
    },
  };
  parts.extend?.serving?.(surface);
  return surface;
}

/** A 2024-11-05 client that was given the MCP endpoint: later eras always send a session id or a protocol version. */
function opensSse({ method, headers }: Request): boolean {
  const wantsStream = headers.get('accept')?.includes('text/event-stream') === true;
  return method === 'GET' && wantsStream && !headers.has('mcp-session-id') && !headers.has('mcp-protocol-version');
}

function callerFrom(request: Request, { principal, kubeconfig }: RequestCaller, transport: Transport): Caller {
  return new Caller({ ...principal, transport }, kubeconfig ?? request.headers.get('x-kubeconfig') ?? undefined);
}
