import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { AppError } from '../../kernel/errors.ts';
import { hostname, hostRule, isLoopback, originRule } from './hosts.ts';
import { problem } from './problem.ts';
import { createRefusals } from './refusals.ts';
import type { HttpEnv, HttpPorts, HttpSettings, Refusal } from './types.ts';

const PROBES = new Set(['/health', '/healthz', '/readyz']);
/** Without a token: a browser cannot attach one to a page load, and these hold nothing but names and schemas. */
const OPEN = new Set([...PROBES, '/', '/docs', '/openapi.json']);

const EXPOSED = 'Mcp-Session-Id, X-Request-ID, X-Response-Time, Retry-After, WWW-Authenticate';
const ACCEPTED =
  'Authorization, Content-Type, Accept, Last-Event-ID, X-Kubeconfig, X-Client-Id, X-Request-ID, Mcp-Session-Id, Mcp-Protocol-Version, Mcp-Method, Mcp-Name';

/** Refuses to serve other machines without a token. */
export function assertBindAllowed(settings: HttpSettings): void {
  if (isLoopback(settings.host) || settings.authToken !== undefined || settings.allowUnauthenticated) return;
  throw new AppError(
    'invalid_argument',
    `Binding ${settings.host} lets other machines call this server, and no token is set.`,
    { remedy: 'Set --auth-token-file, or bind 127.0.0.1, or accept the risk with --allow-unauthenticated.' },
  );
}

/** Host, Origin and bearer token, in this order. Leaves the principal in the context. */
export function createGuards(ports: HttpPorts): MiddlewareHandler<HttpEnv>[] {
  const { settings } = ports;
  const report = createRefusals(ports.onRefusal);
  const refuse = (
    c: Context<HttpEnv>,
    kind: Refusal['kind'],
    error: AppError,
    headers: Record<string, string> = {},
  ) => {
    const remote = c.env.incoming.socket.remoteAddress ?? 'unknown';
    report({ kind, reason: error.message, method: c.req.method, path: c.req.path, remote });
    return problem(error, { headers, requestId: c.get('requestId') });
  };
  return [hostGuard(settings, refuse), originGuard(settings, refuse), tokenGuard(settings, refuse)];
}

type Refuse = (
  c: Context<HttpEnv>,
  kind: Refusal['kind'],
  error: AppError,
  headers?: Record<string, string>,
) => Response;

/** A page whose DNS name was re-pointed at this machine still sends its own name in Host. */
function hostGuard(settings: HttpSettings, refuse: Refuse): MiddlewareHandler<HttpEnv> {
  const allowed = hostRule(settings.host, settings.allowedHosts);
  return async (c, next) => {
    // A request line may carry an absolute URL beside the Host header: both must be ours.
    const hosts = [c.env.incoming.headers.host ?? '', new URL(c.req.url).host].map(hostname);
    // Of two Host headers a proxy may have looked at the other one.
    const single = c.env.incoming.headersDistinct['host']?.length === 1;
    const ours = single && hosts.every((name) => name !== undefined && allowed(name));
    c.set('detailed', ours);
    if (ours || isProbe(c.req.path)) return next();
    const error = new AppError('unsupported_request', 'The Host header names no host of this server.', {
      remedy: 'Use the address the server is bound to, or let the operator add the name to --allowed-hosts.',
    });
    return refuse(c, 'host', error);
  };
}

function originGuard(settings: HttpSettings, refuse: Refuse): MiddlewareHandler<HttpEnv> {
  const allowed = originRule(settings.allowedOrigins);
  return async (c, next) => {
    const origin = c.req.header('origin');
    if (origin === undefined) return next();
    if (!allowed(origin, new URL(c.req.url).host, c.env.incoming.socket.localPort ?? 0)) {
      c.set('detailed', false);
      if (isProbe(c.req.path)) return next();
      const error = new AppError('unsupported_request', 'Pages of this Origin may not call this server.', {
        remedy: 'Let the operator add the origin to --allowed-origins.',
      });
      return refuse(c, 'origin', error);
    }
    if (c.req.method === 'OPTIONS') {
      c.res = new Response(null, {
        status: 204,
        headers: {
          'access-control-allow-methods': 'GET, POST, DELETE',
          'access-control-allow-headers': ACCEPTED,
          'access-control-max-age': '600',
        },
      });
    } else await next();
    c.header('access-control-allow-origin', origin);
    c.header('access-control-expose-headers', EXPOSED);
    c.header('vary', 'Origin', { append: true });
    return;
  };
}

function tokenGuard(settings: HttpSettings, refuse: Refuse): MiddlewareHandler<HttpEnv> {
  const { authToken } = settings;
  const anonymous = { id: 'anonymous', transport: 'rest', authenticated: false } as const;
  if (authToken === undefined) {
    return (c, next) => {
      c.set('principal', anonymous);
      return next();
    };
  }
  const expected = digest(authToken);
  const holder = {
    id: `token:${expected.toString('hex').slice(0, 12)}`,
    transport: 'rest',
    authenticated: true,
  } as const;
  return async (c, next) => {
    const header = c.req.header('authorization');
    const given = header === undefined ? undefined : /^bearer +([^\s]+)$/i.exec(header)?.[1];
    // Digests have one length, so that the comparison tells nothing of the token's.
    if (given !== undefined && timingSafeEqual(digest(given), expected)) {
      c.set('principal', holder);
      c.set('detailed', true);
      return next();
    }
    c.set('detailed', false);
    if (isOpen(c.req.path)) {
      c.set('principal', anonymous);
      return next();
    }
    const wrong = header !== undefined;
    const error = new AppError(
      'unauthenticated',
      wrong ? 'The bearer token is wrong.' : 'This path needs a bearer token.',
      {
        remedy: 'Send the header "Authorization: Bearer <token>" with the token of this server.',
      },
    );
    return refuse(c, 'unauthenticated', error, {
      'www-authenticate': wrong ? 'Bearer realm="k8s-mcp", error="invalid_token"' : 'Bearer realm="k8s-mcp"',
    });
  };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function isProbe(path: string): boolean {
  return PROBES.has(path) || path === '/metrics' || path.startsWith('/metrics/');
}

function isOpen(path: string): boolean {
  return OPEN.has(path) || path.startsWith('/docs/');
}
