/** Hostile messages over stdio and HTTP: each gets the protocol's error or the right status, and no stack trace. No cluster. */
import { readFileSync } from 'node:fs';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { STACK } from '../support/bad-input.ts';
import { type Served, serve, shell } from '../support/product.ts';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
const call = (id: number, name: string, args: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

describe('stdio', () => {
  /** Each line that the process printed for these lines of input, parsed; fails for one that is no JSON-RPC. */
  async function conversation(
    lines: readonly (string | object)[],
    args: string[] = [],
  ): Promise<Record<string, unknown>[]> {
    const stdin = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)) + '\n').join('');
    const { code, stdout, stderr } = await shell(args, { stdin });
    expect({ code, stack: STACK.exec(stdout + stderr)?.[0] }).toEqual({ code: 0, stack: undefined });
    const answers = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const answer of answers) expect(answer['jsonrpc']).toBe('2.0');
    return answers;
  }

  const malformed: [string, number][] = [
    ['{"jsonrpc":', -32700],
    ['not json at all', -32700],
    ['null', -32600],
    ['42', -32600],
    ['[]', -32600],
    ['{}', -32600],
    ['{"jsonrpc":"1.0","id":3,"method":"ping"}', -32600],
    ['{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}', -32600],
  ];
  test.each(malformed)('%s is answered with %i, and the connection goes on', async (line, code) => {
    const answers = await conversation([line, INITIALIZE]);
    expect(answers.map((answer) => (answer['error'] as { code?: number } | undefined)?.code)).toEqual([
      code,
      undefined,
    ]);
    expect(answers[1]).toMatchObject({ id: 1, result: { serverInfo: { name: 'k8s-mcp' } } });
  });

  test("an unknown method and an unknown tool are the protocol's errors", async () => {
    const [, unknown, tool] = await conversation([
      INITIALIZE,
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 2, method: 'tools/destroy' },
      call(3, 'no-such-tool'),
    ]);
    expect(unknown).toMatchObject({ id: 2, error: { code: -32601 } });
    expect(tool).toMatchObject({ id: 3 });
    expect(JSON.stringify(tool)).toContain('no-such-tool');
  });

  test('stdout carries nothing but JSON-RPC, with the log at its loudest and calls that fail', async () => {
    const answers = await conversation(
      [
        INITIALIZE,
        { jsonrpc: '2.0', method: 'notifications/initialized' },
        { jsonrpc: '2.0', id: 2, method: 'tools/list' },
        '{oops',
        call(3, 'k8s-get-pods'),
        call(4, 'delete_resource'),
      ],
      ['--debug'],
    );
    expect(answers.map((answer) => answer['id']).sort()).toEqual([1, 2, 3, 4, null]);
  });

  test('a message without end is refused and the process ends', async () => {
    const { code, stdout } = await shell([], {
      stdin: `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"${'x'.repeat(11 * 1024 * 1024)}`,
    });
    expect(JSON.parse(stdout)).toMatchObject({ jsonrpc: '2.0', error: { code: -32600 } });
    expect(code).toBe(0);
  });
});

describe('HTTP', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve({});
  });

  interface Answer {
    status: number;
    type: string;
    body: string;
  }

  async function send(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(new URL(path, served.url), init);
    const body = await response.text();
    expect(STACK.exec(body)?.[0]).toBeUndefined();
    return { status: response.status, type: response.headers.get('content-type') ?? '', body };
  }
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    send(path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    });

  test.each(['/tools/k8s-get-pods', '/tools/call', '/mcp', '/message?sessionId=x'])(
    '%s: a body of 5 MB is a 413',
    async (path) => {
      const { status, body } = await post(path, `{"x":"${'x'.repeat(5 * 1024 * 1024)}"}`);
      expect(status).toBe(413);
      expect(body).toMatch(/larger than|too large/i);
    },
  );

  const rest: [string, string, number, string][] = [
    ['/tools/list_resources', '{"kind":', 400, 'invalid_argument'],
    ['/tools/list_resources', '[1]', 400, 'invalid_argument'],
    ['/tools/list_resources', '{"kind":"pods","limt":3}', 400, 'did you mean limit'],
    ['/tools/list_resources', `${'['.repeat(5000)}`, 400, 'invalid_argument'],
    ['/tools/list_resource', '{}', 404, 'list_resources'],
    ['/tools/delete_resource', '{"kind":"pods","name":"x"}', 403, 'gate_closed'],
    ['/tools/k8s-get-pods', '{}', 503, 'no_cluster'],
    ['/toools', '{}', 404, '/tools'],
  ];
  test.each(rest)('POST %s %s is a %i problem', async (path, body, status, says) => {
    const answer = await post(path, body);
    expect(answer).toMatchObject({ status, type: expect.stringMatching(/^application\/problem\+json/) });
    expect(answer.body).toContain(says);
  });

  test('a wrong method is a 405 that names the right ones', async () => {
    const { status, body } = await send('/tools/call', { method: 'DELETE' });
    expect({ status, body }).toEqual({ status: 405, body: expect.stringContaining('POST') });
  });

  const rpc: [string, number, number][] = [
    ['{"jsonrpc":', 400, -32700],
    ['', 400, -32700],
    ['null', 400, -32600],
    ['{"jsonrpc":"2.0"}', 400, -32600],
    [
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}}`,
      400,
      -32000,
    ],
  ];
  test.each(rpc)("POST /mcp %# is the protocol's error", async (body, status, code) => {
    const answer = await post('/mcp', body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ jsonrpc: '2.0', error: { code } });
  });

  test('a message to no SSE session is refused', async () => {
    const { status } = await post('/message?sessionId=nobody', JSON.stringify(INITIALIZE));
    expect(status).toBe(404);
  });

  test('bytes that are no HTTP get a 400 and the server lives on', async () => {
    const answer = await raw('\x16\x03\x01 hello\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await send('/healthz')).status).toBe(200);
  });

  function raw(text: string): Promise<string> {
    const { hostname, port } = new URL(served.url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.on('close', () => resolve(answer)).on('error', reject);
    });
  }

  /** fetch does not let a caller choose Host. */
  function withHeaders(path: string, headers: RequestOptions['headers'], method = 'GET'): Promise<number> {
    return new Promise((resolve, reject) => {
      httpRequest(new URL(path, served.url), { method, headers: headers ?? {} }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end(method === 'POST' ? '{}' : undefined);
    });
  }

  const paths: [string, string][] = [
    ['POST', '/mcp'],
    ['GET', '/sse'],
    ['POST', '/message?sessionId=x'],
    ['POST', '/tools/k8s-get-pods'],
    ['POST', '/tools/call'],
    ['GET', '/tools'],
    ['GET', '/events'],
    ['GET', '/openapi.json'],
  ];
  test.each(paths)('%s %s: another Host or Origin is a 403', async (method, path) => {
    const { port } = new URL(served.url);
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      `localhost.evil.example:${port}`,
      '169.254.169.254',
      'localhost@evil.example',
    ]) {
      expect({ host, status: await withHeaders(path, { host }, method) }).toEqual({
        host,
        status: expect.toBeOneOf([400, 403]),
      });
    }
    for (const origin of [
      'http://evil.example',
      'null',
      `http://evil.example:${port}`,
      `http://localhost.evil.example:${port}`,
      'file://',
    ]) {
      expect({ origin, status: await withHeaders(path, { origin }, method) }).toEqual({ origin, status: 403 });
    }
  });

  test('refusals of Host and Origin are in the audit log', async () => {
    expect(await withHeaders('/tools', { origin: 'http://evil.example' })).toBe(403);
    await expect.poll(() => readFileSync(join(served.logDir, 'audit.log'), 'utf8')).toContain('origin');
  });
});
