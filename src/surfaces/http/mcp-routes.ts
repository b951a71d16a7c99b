import type { Context, Hono } from 'hono';
import type { HttpEnv, HttpPorts, McpCall } from './types.ts';

/** Mounts MCP: the endpoint (2026 and 2025 eras, and its own SSE rule), /sse and /message. */
export function addMcpRoutes(app: Hono<HttpEnv>, { mcp, settings }: HttpPorts): void {
  const { transport, endpointPath } = settings;
  if (transport !== 'sse') {
    app.on(['GET', 'POST', 'DELETE'], endpointPath, (c) => mcp.fetch(c.req.raw, callOf(c, 'streamable-http')));
  }
  if (transport !== 'streamable-http') {
    app.get('/sse', (c) => mcp.sse.open(c.req.raw, callOf(c, 'sse')));
  }
  // Always there: a GET on the endpoint may have opened an SSE session, whose messages come here.
  app.post('/message', (c) => mcp.sse.message(c.req.raw, callOf(c, 'sse')));
}

/** X-Kubeconfig belongs to the request that carries it, never to a session. */
function callOf(c: Context<HttpEnv>, transport: 'streamable-http' | 'sse'): McpCall {
  const kubeconfig = c.req.header('x-kubeconfig');
  return {
    principal: { ...c.get('principal'), transport },
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
}
