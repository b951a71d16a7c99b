import type { HttpBindings } from '@hono/node-server';
import type { JsonObject, Principal } from '../../kernel/vocabulary.ts';
import type { Gateway } from '../../operations/gateway.ts';

export interface HttpSettings {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Where Streamable HTTP is served, for instance `/mcp`. */
  endpointPath: string;
  /** `all` serves Streamable HTTP and SSE. REST is always served. */
  transport: 'streamable-http' | 'sse' | 'all';
  /** Bearer token that every path but the open ones asks for. */
  authToken?: string;
  /** Host names a request may carry beside loopback and the bound host; `*.example.com` and `*` are understood. */
  allowedHosts: readonly string[];
  /** Origins of web pages that may call, beside our own; `*` is understood. */
  allowedOrigins: readonly string[];
  /** Lets a bind beyond loopback start without a token. */
  allowUnauthenticated: boolean;
  maxBodyBytes?: number;
  tls?: { cert: string; key: string };
  /** Folder that holds swagger-ui.css and swagger-ui-bundle.js; without it /docs says what is missing. */
  assetsDir?: string;
  limits?: Partial<HttpLimits>;
}

/** Milliseconds and counts; the defaults are in server.ts and events.ts. */
export interface HttpLimits {
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  /** How often node looks for requests that took too long. */
  checkIntervalMs: number;
  maxConnections: number;
  maxEventClients: number;
  heartbeatMs: number;
}

/** What the MCP surface is given with a request. */
export interface McpCall {
  principal: Principal;
  kubeconfig?: string;
}

/** The MCP surface as this one mounts it. */
export interface McpPort {
  fetch(request: Request, ctx: McpCall): Promise<Response>;
  sse: {
    open(request: Request, ctx: McpCall): Promise<Response> | Response;
    message(request: Request, ctx: McpCall): Promise<Response> | Response;
  };
  close(): Promise<void> | void;
}

/** One request turned away before any tool saw it. Holds no header values. */
export interface Refusal {
  kind: 'host' | 'origin' | 'unauthenticated';
  reason: string;
  method: string;
  /** Without the query, at most 200 characters. */
  path: string;
  remote: string;
  /** Refusals since the last report that were not reported, because there were too many. */
  suppressed: number;
}

export interface HttpLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface HttpPorts {
  gateway: Gateway;
  mcp: McpPort;
  settings: HttpSettings;
  info: { name: string; version: string };
  /** The whole body of GET /health. Callers without a token get `status`, `version` and `timestamp` of it. */
  health(): Promise<JsonObject>;
  /** The body of GET /tools/status: which CLI tools there are. Never asks a cluster. */
  toolStatus(): Promise<{ tools: object }>;
  /** The bodies of GET /intelligent/status and /intelligent/health. Ask no cluster. */
  intelligent: { status(): JsonObject; health(): JsonObject };
  ready(): Promise<{ ready: boolean; reason?: string }>;
  onRefusal(refusal: Refusal): void;
  log: HttpLog;
}

export interface HttpSurface {
  start(): Promise<{ url: string; port: number }>;
  /** Stops accepting, lets running calls end for up to `graceMs`, then closes every connection. */
  stop(graceMs: number): Promise<void>;
}

/** What middleware leaves for the routes. */
export interface HttpEnv {
  Bindings: HttpBindings;
  Variables: {
    principal: Principal;
    requestId: string;
    /** Whether the caller may see more than that the server is alive: by token where one is set, else by Host and Origin. */
    detailed: boolean;
  };
}
