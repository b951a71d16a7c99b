/** One MCP server per connection (or per request, on 2026-07-28 HTTP), on top of the gateway. */
import {
  type CallToolRequest,
  type CallToolResult,
  type InputRequiredResult,
  McpServer,
  type McpServerFactory,
  type RequestStateCodec,
  type ServerContext,
  type Tool,
} from '@modelcontextprotocol/server';
import type { Principal } from '../../kernel/vocabulary.ts';
import type { Gateway } from '../../operations/gateway.ts';
import { callTool } from './call-tool.ts';
import { createStateCodec } from './confirmation.ts';
import { listedTool, SERVER_CAPABILITIES, type ServerFace } from './server-face.ts';

export interface McpServerParts extends ServerFace {
  gateway: Gateway;
  /** Who calls where the transport carries no caller: stdio. */
  principal?: Principal;
  /** Signs the state of a pending confirmation; replicas must share it. Default: random per process. */
  stateKey?: Uint8Array;
  extend?: ServerExtension;
}

/** More than the product offers, on the same server and transports: the fixtures of the conformance suite. */
export interface ServerExtension {
  tools: readonly Tool[];
  call(request: CallToolRequest, ctx: ServerContext): Promise<CallToolResult | InputRequiredResult>;
  /** Adds capabilities, prompts and resources to a new server, and may keep the codec to sign request states. */
  attach(server: McpServer, codec: RequestStateCodec): void;
  /** Told once where it can announce a change of the tools. */
  serving?(surface: { notifyToolsChanged(): void }): void;
}

export function createMcpServerFactory(parts: McpServerParts): McpServerFactory & (() => McpServer) {
  const { gateway, info, instructions, listToolsTtlMs, principal, stateKey, extend } = parts;
  const codec = createStateCodec(stateKey, principal);
  // Lists may depend on who asks: never to be shared between callers.
  const cacheHint = { ttlMs: listToolsTtlMs, cacheScope: 'private' as const };
  return () => {
    const server = new McpServer(info, {
      ...(instructions !== undefined && { instructions }),
      cacheHints: { 'tools/list': cacheHint, 'server/discover': cacheHint },
      requestState: { verify: codec.verify },
    });
    server.server.registerCapabilities(SERVER_CAPABILITIES);
    extend?.attach(server, codec);
    // The low-level handlers, because schemas come ready from the manifest and arguments are the pipeline's to judge.
    server.server.setRequestHandler('tools/list', () => ({
      tools: [...gateway.tools().map(listedTool), ...(extend?.tools ?? [])],
    }));
    server.server.setRequestHandler('tools/call', (request, ctx) => {
      const foreign = extend?.tools.some(({ name }) => name === request.params.name);
      if (extend && foreign) return extend.call(request, ctx);
      return callTool(request, ctx, { gateway, codec, server, principal });
    });
    return server;
  };
}
