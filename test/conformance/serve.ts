/** The MCP surface on a loopback port, for the conformance suite: with its fixtures, or with the product's tools only. */
import { serve } from '@hono/node-server';
import {
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import type { Principal } from '../../src/kernel/vocabulary.ts';
import { createMcpHttp } from '../../src/surfaces/mcp/http.ts';
import { createScriptedGateway } from '../support/scripted-gateway.ts';
import { extend } from './fixtures.ts';

const CALLER: { principal: Principal } = {
  principal: { id: 'conformance', transport: 'streamable-http', authenticated: false },
};

export interface ConformanceServer {
  url: string;
  close(): Promise<void>;
}

export async function startConformanceServer({ fixtures }: { fixtures: boolean }): Promise<ConformanceServer> {
  const mcp = createMcpHttp({
    info: { name: 'k8s-mcp', title: 'k8s-mcp', version: '0.0.0' },
    listToolsTtlMs: 60_000,
    gateway: createScriptedGateway(),
    ...(fixtures && { extend }),
  });
  const answer = (request: Request): Response | Promise<Response> =>
    hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
    originValidationResponse(request, localhostAllowedOrigins()) ??
    (new URL(request.url).pathname === '/message' ? mcp.sse.message(request, CALLER) : mcp.fetch(request, CALLER));
  const { promise: port, resolve } = Promise.withResolvers<number>();
  const server = serve({ fetch: answer, hostname: '127.0.0.1', port: 0 }, (info) => resolve(info.port));
  return {
    url: `http://127.0.0.1:${await port}/mcp`,
    async close() {
      await mcp.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
