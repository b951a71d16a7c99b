import type { Hono } from 'hono';
import { AppError } from '../../kernel/errors.ts';
import { buildOpenApi } from './openapi.ts';
import { problem } from './problem.ts';
import type { HttpEnv, HttpPorts } from './types.ts';

/** GET /, /health, /healthz, /readyz, /intelligent/* and /openapi.json. */
export function addPages(app: Hono<HttpEnv>, ports: HttpPorts, isDraining: () => boolean): void {
  const { info, settings, gateway } = ports;

  app.get('/', (c) => c.json(root(ports, isDraining())));

  app.get('/healthz', (c) => c.text('ok'));

  app.get('/health', async (c) => {
    const health = await ports.health();
    if (c.get('detailed')) return c.json(health);
    const { status = 'healthy', version = info.version, timestamp = new Date().toISOString() } = health;
    return c.json({ status, version, timestamp });
  });

  app.get('/readyz', async (c) => {
    const { ready, reason } = isDraining() ? { ready: false, reason: 'The server is stopping.' } : await ports.ready();
    if (ready) return c.text('ok');
    const error = new AppError('no_cluster', (c.get('detailed') ? reason : undefined) ?? 'The server is not ready.');
    return problem(error, { requestId: c.get('requestId') });
  });

  app.get('/intelligent/status', (c) => c.json(ports.intelligent.status()));

  app.get('/intelligent/health', (c) => c.json(ports.intelligent.health()));

  app.get('/openapi.json', (c) => {
    const paths = { endpointPath: settings.endpointPath, transport: settings.transport };
    return c.json(
      buildOpenApi(gateway.tools(), { ...info, ...paths, authenticated: settings.authToken !== undefined }),
    );
  });
}

function root({ info, settings, gateway }: HttpPorts, draining: boolean) {
  const { transport, endpointPath } = settings;
  return {
    name: info.name,
    version: info.version,
    protocol: transport === 'streamable-http' ? 'Streamable HTTP' : 'SSE',
    status: draining ? 'stopped' : 'running',
    tools_count: gateway.tools().length,
    links: {
      ...(transport === 'sse' ? {} : { mcp: endpointPath }),
      ...(transport === 'streamable-http' ? {} : { sse: '/sse' }),
      tools: '/tools',
      events: '/events',
      health: '/health',
      intelligent: '/intelligent/status',
      openapi: '/openapi.json',
      docs: '/docs',
    },
  };
}
