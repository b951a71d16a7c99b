import { connect } from 'node:net';
import type { AppError } from '../../kernel/errors.ts';
import type { CallOutcome, CallRequest, Gateway, ManifestTool } from '../../operations/gateway.ts';
import { createHttpSurface } from './server.ts';
import type { HttpPorts, HttpSettings, McpCall, Refusal } from './types.ts';

export const READ_TOOL: ManifestTool = {
  name: 'get_resource',
  title: 'Get one object',
  toolset: 'resources',
  description: 'One object as trimmed YAML.',
  effect: 'read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  inputSchema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { kind: { type: 'string' }, filter: { $ref: '#/$defs/filter' } },
    required: ['kind'],
    additionalProperties: false,
    $defs: { filter: { anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#/$defs/filter' } }] } },
  },
};

export const DELETE_TOOL: ManifestTool = {
  name: 'delete_resource',
  title: 'Delete one object',
  toolset: 'resources',
  description: 'Deletes an object.',
  effect: 'destructive',
  gate: 'delete',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  inputSchema: {
    type: 'object',
    properties: { name: { type: 'string' }, confirm: { type: 'string' } },
    required: ['name'],
  },
};

type Answer = (request: CallRequest) => Promise<CallOutcome> | CallOutcome;

export interface Running {
  url: string;
  port: number;
  /** What reached the gateway. */
  calls: CallRequest[];
  mcpCalls: (McpCall & { route: string; body: string })[];
  refusals: Refusal[];
  stop(graceMs?: number): Promise<void>;
}

interface Options {
  settings?: Partial<HttpSettings>;
  answer?: Answer;
  ports?: Partial<HttpPorts>;
}

const echo: Answer = (request) => ({ ok: true, text: `text of ${request.tool}`, output: { got: request.arguments } });

/** A started server on a free loopback port, its gateway answering as `answer` says. */
export async function startServer({ settings, answer = echo, ports }: Options = {}): Promise<Running> {
  const calls: CallRequest[] = [];
  const mcpCalls: Running['mcpCalls'] = [];
  const refusals: Refusal[] = [];
  const gateway: Gateway = {
    tools: () => [READ_TOOL, DELETE_TOOL],
    async call(request) {
      calls.push(request);
      return answer(request);
    },
  };
  const mcp = (route: string) => async (request: Request, ctx: McpCall) => {
    mcpCalls.push({ route, body: await request.text(), ...ctx });
    return Response.json({ route });
  };
  const surface = createHttpSurface({
    gateway,
    mcp: { fetch: mcp('fetch'), sse: { open: mcp('open'), message: mcp('message') }, close() {} },
    settings: {
      host: '127.0.0.1',
      port: 0,
      endpointPath: '/mcp',
      transport: 'all',
      allowedHosts: [],
      allowedOrigins: [],
      allowUnauthenticated: false,
      ...settings,
    },
    info: { name: 'k8s-mcp', version: '1.2.3' },
    health: async () => ({ status: 'healthy', version: '1.2.3', timestamp: 'T', clients: 0, k8s_connected: true }),
    ready: async () => ({ ready: true }),
    intelligent: {
      status: () => ({ intelligent_mode_enabled: true, sync_status: null }),
      health: () => ({ intelligent_mode: true }),
    },
    toolStatus: async () => ({ tools: { kubectl: { available: true, description: 'kubectl', version: 'v1.36.3' } } }),
    onRefusal: (refusal) => refusals.push(refusal),
    log: { info() {}, warn() {}, error() {} },
    ...ports,
  });
  const { url, port } = await surface.start();
  return { url, port, calls, mcpCalls, refusals, stop: (graceMs = 0) => surface.stop(graceMs) };
}

/** Sends bytes as they are and returns everything the server says until it closes. */
export function raw(port: number, ...parts: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part);
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    // A reset after the answer is the server closing on bytes it will not read.
    socket.on('error', (error) => (chunks.length > 0 ? resolve(Buffer.concat(chunks).toString()) : reject(error)));
  });
}

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export function failing(error: AppError, plan?: { title: string; effects: string[]; token: string }): Answer {
  return () => ({ ok: false, text: `${error.code}: ${error.message}`, error, ...(plan === undefined ? {} : { plan }) });
}
