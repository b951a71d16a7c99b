import { randomUUID } from 'node:crypto';
import { Hono, type MiddlewareHandler } from 'hono';
import { toAppError } from '../../kernel/errors.ts';
import { limitBody } from './body.ts';
import { addDocs } from './docs.ts';
import type { EventHub } from './events.ts';
import { createGuards } from './guards.ts';
import { addMcpRoutes } from './mcp-routes.ts';
import { addPages } from './pages.ts';
import { problem } from './problem.ts';
import { addToolRoutes, describeTool } from './tools.ts';
import type { HttpEnv, HttpPorts } from './types.ts';
import { unknownRoute } from './unknown-route.ts';

/** A kubeconfig in the body and a manifest fit; a Kubernetes object is at most about 3 MB. */
const MAX_BODY = 4 * 1024 * 1024;

/** Every route behind the guards, without a socket. */
export function buildApp(ports: HttpPorts, hub: EventHub, isDraining: () => boolean): Hono<HttpEnv> {
  const { settings, info, gateway, log } = ports;
  const app = new Hono<HttpEnv>();
  app.use(stamp(new Set(['/events', '/sse', settings.endpointPath]), isDraining));
  for (const guard of createGuards(ports)) app.use(guard);
  app.use(limitBody(settings.maxBodyBytes ?? MAX_BODY));

  addPages(app, ports, isDraining);
  addDocs(app, settings.assetsDir);
  addToolRoutes(app, ports, hub);
  app.get('/events', (c) => {
    const tools = gateway.tools().map(describeTool);
    return hub.open(c.get('principal'), { server: `${info.name}/${info.version}`, tools });
  });
  addMcpRoutes(app, ports);

  app.notFound((c) => unknownRoute(app, c));
  app.onError((thrown, c) => {
    const error = toAppError(thrown);
    const requestId = c.get('requestId');
    if (error.code === 'internal') log.error({ err: thrown, requestId, path: c.req.path }, 'a request failed');
    return problem(error, { requestId });
  });
  return app;
}

/** Puts X-Request-ID and X-Response-Time on every answer; a caller's own id is kept where it is plain. */
function stamp(streams: ReadonlySet<string>, isDraining: () => boolean): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id');
    const requestId = given !== undefined && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
    c.set('requestId', requestId);
    const started = performance.now();
    // hono answers HEAD by running GET and dropping the body: a stream would stay open for ever.
    if (c.req.raw.method === 'HEAD' && streams.has(c.req.path)) {
      c.res = new Response(null, { status: 405, headers: { allow: 'GET' } });
    } else await next();
    // Not with c.header, which makes the whole answer anew for each.
    const { headers } = c.res;
    headers.set('x-request-id', requestId);
    headers.set('x-response-time', `${((performance.now() - started) / 1000).toFixed(3)}s`);
    headers.set('x-content-type-options', 'nosniff');
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
    if (isDraining()) headers.set('connection', 'close');
  };
}
