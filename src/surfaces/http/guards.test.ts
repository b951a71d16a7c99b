import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { assertBindAllowed } from './guards.ts';
import { post, type Running, raw, startServer } from './testing.ts';
import type { HttpSettings } from './types.ts';

let server: Running | undefined;
afterEach(() => server?.stop());

const start = async (settings: Partial<HttpSettings> = {}) => {
  server = await startServer({ settings });
  return server;
};
const get = (port: number, path: string, headers: string) =>
  raw(port, `GET ${path} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);

test('A Host that names another site is refused with a problem, and the refusal is reported', async () => {
  const { port, refusals } = await start();
  const answer = await get(port, '/tools?secret=1', 'Host: evil.example');
  expect(answer).toContain('HTTP/1.1 403');
  expect(answer).toContain('application/problem+json');
  expect(answer).toContain('"code":"unsupported_request"');
  expect(refusals).toEqual([
    {
      kind: 'host',
      reason: 'The Host header names no host of this server.',
      method: 'GET',
      path: '/tools',
      remote: '127.0.0.1',
      suppressed: 0,
    },
  ]);
});

test('Two Host headers are refused, whichever comes first', async () => {
  const { port } = await start();
  for (const pair of [
    ['localhost', 'evil.example'],
    ['evil.example', 'localhost'],
    ['localhost', 'localhost'],
  ]) {
    const answer = await get(port, '/tools', pair.map((host) => `Host: ${host}`).join('\r\n'));
    expect(answer).toMatch(/^HTTP\/1.1 40[03] /);
  }
});

test('A flood of refusals is reported 20 times, not more', async () => {
  const { port, refusals } = await start();
  for (let i = 0; i < 25; i++) await get(port, '/tools', 'Host: evil.example');
  expect(refusals).toHaveLength(20);
});

test.each(['localhost', 'LOCALHOST:1', '127.0.0.1', '127.9.9.9:80', '[::1]:8080', 'localhost.'])(
  'The loopback Host %s is accepted',
  async (host) => {
    const { port } = await start();
    expect(await get(port, '/tools', `Host: ${host}`)).toContain('HTTP/1.1 200');
  },
);

test.each([
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil.example:80',
  '10.0.0.1',
  'a b',
  'x@localhost',
  '[::2]',
])('The Host %s is not accepted on a loopback server', async (host) => {
  const { port, calls } = await start();
  const answer = await get(port, '/tools', `Host: ${host}`);
  expect(answer).toMatch(/^HTTP\/1.1 (403|400) /);
  expect(calls).toEqual([]);
});

test('An absolute request URL to another site is refused though the Host header is ours', async () => {
  const { port } = await start();
  expect(await get(port, 'http://evil.example/tools', 'Host: localhost')).toContain('HTTP/1.1 403');
});

test('Allowed hosts work as names and as suffixes', async () => {
  const { port } = await start({ allowedHosts: ['mcp.example', '*.svc.cluster.local'] });
  expect(await get(port, '/tools', 'Host: mcp.example:443')).toContain('HTTP/1.1 200');
  expect(await get(port, '/tools', 'Host: k8s-mcp.ops.svc.cluster.local')).toContain('HTTP/1.1 200');
  expect(await get(port, '/tools', 'Host: evilsvc.cluster.local')).toContain('HTTP/1.1 403');
});

test('A server reachable from outside answers to address literals, which cannot be rebound', async () => {
  const { port } = await start({ host: '0.0.0.0', authToken: 'secret' });
  expect(await get(port, '/tools', 'Host: 10.1.2.3:8766\r\nAuthorization: Bearer secret')).toContain('HTTP/1.1 200');
  expect(await get(port, '/tools', 'Host: evil.example\r\nAuthorization: Bearer secret')).toContain('HTTP/1.1 403');
});

test('Probes answer whatever Host and Origin they are asked with', async () => {
  const { port } = await start();
  for (const path of ['/healthz', '/readyz', '/health']) {
    expect(await get(port, path, 'Host: 10.0.0.7:8766\r\nOrigin: https://evil.example')).toContain('HTTP/1.1 200');
  }
});

test('A page that was rebound to this server learns from health only that it is alive', async () => {
  const { port, url } = await start();
  expect(await (await fetch(`${url}/health`)).json()).toHaveProperty('k8s_connected');
  expect(await get(port, '/health', 'Host: evil.example')).not.toContain('k8s_connected');
  expect(await get(port, '/health', 'Host: localhost\r\nOrigin: https://evil.example')).not.toContain('k8s_connected');
});

test('A page of another origin is refused, also with Origin null', async () => {
  const { url, port, refusals } = await start();
  for (const origin of [
    'https://evil.example',
    'null',
    `http://localhost:${port + 1}`,
    `http://localhost.evil:${port}`,
  ]) {
    const answer = await post(`${url}/tools/get_resource`, {}, { origin });
    expect([origin, answer.status]).toEqual([origin, 403]);
  }
  expect(refusals.map((refusal) => refusal.kind)).toEqual(['origin', 'origin', 'origin', 'origin']);
});

test('Our own origin and allowed ones may call, and are told so by CORS headers', async () => {
  const { url, port } = await start({ allowedOrigins: ['https://ui.example'] });
  for (const origin of [url, `http://localhost:${port}`, 'https://ui.example']) {
    const answer = await post(`${url}/tools/get_resource`, { kind: 'Pod' }, { origin });
    expect([origin, answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([origin, 200, origin]);
    expect(answer.headers.get('vary')).toBe('Origin');
  }
  const preflight = await fetch(`${url}/mcp`, { method: 'OPTIONS', headers: { origin: 'https://ui.example' } });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('Mcp-Session-Id');
  const refused = await fetch(`${url}/mcp`, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
  expect(refused.status).toBe(403);
});

test('With a token set, calls without it or with a wrong one get 401 and never reach a tool', async () => {
  const { url, calls, mcpCalls, refusals } = await start({ authToken: 'correct horse'.replace(' ', '-') });
  const without = await post(`${url}/tools/get_resource`, {});
  expect(without.status).toBe(401);
  expect(without.headers.get('www-authenticate')).toBe('Bearer realm="k8s-mcp"');
  expect(await without.json()).toMatchObject({ code: 'unauthenticated', status: 401 });
  for (const authorization of [
    'Bearer wrong',
    'Bearer correct-hors',
    'Basic correct-horse',
    'Bearer',
    'correct-horse',
  ]) {
    const wrong = await post(`${url}/mcp`, {}, { authorization });
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get('www-authenticate')).toContain('invalid_token');
  }
  for (const path of ['/tools', '/events', '/sse', '/nowhere']) expect((await fetch(url + path)).status).toBe(401);
  expect(calls).toEqual([]);
  expect(mcpCalls).toEqual([]);
  expect(JSON.stringify(refusals)).not.toContain('correct-hors');
});

test('The holder of the token is named by a hash, on REST and on MCP', async () => {
  const { url, calls, mcpCalls } = await start({ authToken: 'correct-horse' });
  const headers = { authorization: 'bearer correct-horse' };
  const id = `token:${createHash('sha256').update('correct-horse').digest('hex').slice(0, 12)}`;
  expect((await post(`${url}/tools/get_resource`, {}, headers)).status).toBe(200);
  await post(`${url}/mcp`, {}, headers);
  await post(`${url}/message`, {}, headers);
  expect(calls[0]?.principal).toEqual({ id, transport: 'rest', authenticated: true });
  expect(mcpCalls.map((call) => call.principal)).toEqual([
    { id, transport: 'streamable-http', authenticated: true },
    { id, transport: 'sse', authenticated: true },
  ]);
});

test('Without a token the start page, the docs and the probes stay open, and health says less', async () => {
  const { url } = await start({ authToken: 'secret' });
  for (const path of ['/', '/docs', '/openapi.json', '/healthz', '/readyz']) {
    expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
  }
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'healthy', version: '1.2.3', timestamp: 'T' });
  const full = await fetch(`${url}/health`, { headers: { authorization: 'Bearer secret' } });
  expect(await full.json()).toMatchObject({ k8s_connected: true, clients: 0 });
});

test('Without a token set everyone is anonymous', async () => {
  const { url, calls } = await start();
  await post(`${url}/tools/get_resource`, {}, { authorization: 'Bearer anything' });
  expect(calls[0]?.principal).toEqual({ id: 'anonymous', transport: 'rest', authenticated: false });
});

test('A bind beyond loopback needs a token or an explicit yes', async () => {
  const settings: HttpSettings = {
    host: '0.0.0.0',
    port: 0,
    endpointPath: '/mcp',
    transport: 'all',
    allowedHosts: [],
    allowedOrigins: [],
    allowUnauthenticated: false,
  };
  await expect(startServer({ settings })).rejects.toThrow('Binding 0.0.0.0 lets other machines call this server');
  for (const host of ['::', '192.168.1.4', 'example.com', '', '128.0.0.1', '127.0.0.1.example']) {
    expect(() => assertBindAllowed({ ...settings, host })).toThrow('no token is set');
  }
  for (const host of ['localhost', '127.0.0.1', '::1', '127.1.2.3']) assertBindAllowed({ ...settings, host });
  assertBindAllowed({ ...settings, authToken: 'x' });
  assertBindAllowed({ ...settings, allowUnauthenticated: true });
});
