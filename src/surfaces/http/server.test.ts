import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import type { CallOutcome } from '../../operations/gateway.ts';
import { post, type Running, raw, startServer } from './testing.ts';

let server: Running | undefined;
afterEach(() => server?.stop());

test('Bytes that are no HTTP get a 400 problem and a closed connection', async () => {
  server = await startServer();
  const answer = await raw(server.port, 'this is not HTTP\r\n\r\n');
  expect(answer).toContain('HTTP/1.1 400 Bad Request');
  expect(answer).toContain('"code":"invalid_argument"');
});

test('A request without Host gets 400', async () => {
  server = await startServer();
  expect(await raw(server.port, 'GET /tools HTTP/1.0\r\n\r\n')).toContain(' 400 ');
});

test('Conflicting lengths, the seed of request smuggling, get 400', async () => {
  server = await startServer();
  const answer = await raw(
    server.port,
    'POST /tools/get_resource HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
  );
  expect(answer).toContain('HTTP/1.1 400');
  expect(server.calls).toEqual([]);
});

test('An X-Kubeconfig of 700 kB arrives whole; headers beyond 1 MiB get 431', async () => {
  server = await startServer();
  const kubeconfig = 'a'.repeat(700_000);
  const fits = await post(`${server.url}/tools/get_resource`, {}, { 'x-kubeconfig': kubeconfig });
  expect(fits.status).toBe(200);
  expect(server.calls[0]?.kubeconfig).toBe(kubeconfig);
  const answer = await raw(
    server.port,
    `GET / HTTP/1.1\r\nHost: localhost\r\nX-Kubeconfig: ${'a'.repeat(1_100_000)}\r\n\r\n`,
  );
  expect(answer).toContain('HTTP/1.1 431');
  expect(answer).toContain('"code":"too_large"');
});

test('A client that writes its whole body before it reads gets the 413, not a reset', async () => {
  server = await startServer();
  const body = 'x'.repeat(16 * 1024 * 1024);
  const socket = connect(server.port, '127.0.0.1');
  socket.pause();
  const head = `POST /tools/get_resource HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`;
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(head + body, () => resolve());
  });
  const [answer] = await once(socket.resume(), 'data');
  socket.destroy();
  expect(String(answer)).toContain('HTTP/1.1 413');
});

test('A body over the limit gets 413, announced or not, and no tool runs', async () => {
  server = await startServer({ settings: { maxBodyBytes: 1000 } });
  const big = JSON.stringify({ kind: 'x'.repeat(2000) });
  const announced = await post(`${server.url}/tools/get_resource`, big);
  expect(announced.status).toBe(413);
  expect(await announced.json()).toMatchObject({ code: 'too_large', detail: 'The body is larger than 1000 bytes.' });
  const chunked = await raw(
    server.port,
    'POST /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n',
    `${big.length.toString(16)}\r\n${big}\r\n0\r\n\r\n`,
  );
  expect(chunked).toContain('HTTP/1.1 413');
  expect(server.calls).toEqual([]);
  expect(server.mcpCalls).toEqual([]);
});

test('A chunked body within the limit is read whole, on REST and on MCP', async () => {
  server = await startServer();
  for (const path of ['/tools/get_resource', '/mcp']) {
    const answer = await raw(
      server.port,
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`,
      '7\r\n{"kind"\r\n',
      '7\r\n:"Pod"}\r\n0\r\n\r\n',
    );
    expect(answer).toContain('HTTP/1.1 200');
  }
  expect(server.calls[0]?.arguments).toEqual({ kind: 'Pod' });
  expect(server.mcpCalls[0]?.body).toBe('{"kind":"Pod"}');
});

test('Headers and bodies that arrive too slowly get 408', async () => {
  const limits = { headersTimeoutMs: 60, requestTimeoutMs: 120, checkIntervalMs: 20 };
  server = await startServer({ settings: { limits } });
  expect(await raw(server.port, 'GET / HTTP/1.1\r\nHost: loc')).toContain('HTTP/1.1 408');
  const body = await raw(
    server.port,
    'POST /tools/get_resource HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{',
  );
  expect(body).toContain('HTTP/1.1 408');
  expect(server.calls).toEqual([]);
});

test('A client that goes away aborts its call', async () => {
  const aborted = Promise.withResolvers<void>();
  server = await startServer({
    answer: ({ signal }) =>
      new Promise<CallOutcome>((resolve) => {
        signal.addEventListener('abort', () => {
          aborted.resolve();
          resolve({ ok: false, text: '', error: new AppError('cancelled', 'gone') });
        });
      }),
  });
  const client = new AbortController();
  const request = fetch(`${server.url}/tools/get_resource`, { method: 'POST', body: '{}', signal: client.signal });
  while (server.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  client.abort();
  await expect(request).rejects.toThrow();
  await aborted.promise;
});

test('Stopping lets a running call end, ends event streams, and refuses new connections', async () => {
  const gate = Promise.withResolvers<void>();
  server = await startServer({
    answer: async () => {
      await gate.promise;
      return { ok: true, text: 'late', output: 'late' };
    },
  });
  const { url } = server;
  const events = await fetch(`${url}/events`);
  const call = post(`${url}/tools/get_resource`, {});
  while (server.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const stopped = server.stop(60_000);
  expect(await events.text()).toContain('event: connected');
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  gate.resolve();
  const answer = await call;
  expect(await answer.json()).toBe('late');
  await stopped;
  server = undefined;
});

test('Stopping with the grace used up closes calls that hang', async () => {
  server = await startServer({ answer: () => new Promise<CallOutcome>(() => {}) });
  const call = post(`${server.url}/tools/get_resource`, {});
  while (server.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const refused = expect(call).rejects.toThrow();
  await server.stop(10);
  await refused;
  server = undefined;
});

test('A port in use is an error that says so', async () => {
  server = await startServer();
  await expect(startServer({ settings: { port: server.port } })).rejects.toMatchObject({
    code: 'invalid_argument',
    message: `Port ${server.port} on 127.0.0.1 is in use.`,
  });
});

test('Every answer carries a request id and its duration; a plain id of the caller is kept', async () => {
  server = await startServer();
  const kept = await fetch(`${server.url}/tools`, { headers: { 'x-request-id': 'abc-1' } });
  expect(kept.headers.get('x-request-id')).toBe('abc-1');
  expect(kept.headers.get('x-response-time')).toMatch(/^\d+\.\d{3}s$/);
  expect(kept.headers.get('x-content-type-options')).toBe('nosniff');
  const replaced = await fetch(`${server.url}/nowhere`, { headers: { 'x-request-id': 'a b<script>' } });
  expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('MCP is mounted as the transport says, with X-Kubeconfig of each request', async () => {
  server = await startServer({ settings: { transport: 'sse', endpointPath: '/rpc' } });
  const { url, mcpCalls } = server;
  expect((await post(`${url}/rpc`, {})).status).toBe(404);
  expect(await (await fetch(`${url}/sse`)).json()).toEqual({ route: 'open' });
  expect(await (await post(`${url}/message?x=1`, '{"a":1}', { 'x-kubeconfig': 'S1' })).json()).toEqual({
    route: 'message',
  });
  expect(mcpCalls[0]).not.toHaveProperty('kubeconfig');
  expect(mcpCalls[1]).toMatchObject({ body: '{"a":1}', kubeconfig: 'S1', principal: { transport: 'sse' } });
  await server.stop();

  server = await startServer({ settings: { transport: 'streamable-http', endpointPath: '/rpc' } });
  expect((await fetch(`${server.url}/sse`)).status).toBe(404);
  for (const method of ['GET', 'POST', 'DELETE']) {
    expect((await fetch(`${server.url}/rpc`, { method, headers: { 'x-kubeconfig': 'K' } })).status).toBe(200);
  }
  expect(server.mcpCalls.map((call) => call.kubeconfig)).toEqual(['K', 'K', 'K']);
  const put = await fetch(`${server.url}/rpc`, { method: 'PUT' });
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'DELETE, GET, POST']);
  expect((await fetch(`${server.url}/rpc`, { method: 'HEAD' })).status).toBe(405);
});
