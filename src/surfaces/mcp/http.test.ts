import { afterEach, describe, expect, test } from 'vitest';
import { createScriptedGateway } from '../../../test/support/scripted-gateway.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/vocabulary.ts';
import { createMcpHttp, type McpHttp, type McpHttpParts } from './http.ts';

const ALICE: Principal = { id: 'alice', transport: 'streamable-http', authenticated: true };
const BOB: Principal = { ...ALICE, id: 'bob' };
const URL_MCP = 'http://localhost/mcp';
const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

let mcp: McpHttp | undefined;
afterEach(() => mcp?.close());

function start(parts: Partial<McpHttpParts> = {}) {
  const info = { name: 'k8s-mcp', title: 'k8s-mcp', version: '1' };
  mcp = createMcpHttp({ info, listToolsTtlMs: 0, gateway: createScriptedGateway(), ...parts });
  return mcp;
}

function post(body: unknown, headers: Record<string, string> = {}, url = URL_MCP): Request {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Request(url, { method: 'POST', headers: { ...HEADERS, ...headers }, body: text });
}

function call(id: number, name: string, args = {}) {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } };
}

function modern(id: number, name: string, args = {}) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const body = { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args, _meta } };
  return [body, { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': name }] as const;
}

async function openSession(surface: McpHttp, principal = ALICE): Promise<string> {
  const response = await surface.fetch(post(INITIALIZE), { principal });
  await response.text();
  expect(response.status).toBe(200);
  return response.headers.get('mcp-session-id') ?? '';
}

/** The messages of an SSE or JSON body. */
async function messages(response: Response): Promise<unknown[]> {
  const text = await response.text();
  if (!response.headers.get('content-type')?.includes('event-stream')) return [JSON.parse(text)];
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!));
}

function fakeClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  const timers = new Set<{ at: number; run(): void }>();
  return {
    now: () => now,
    monotonic: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      now += ms;
      for (const timer of [...timers]) {
        if (timer.at <= now && timers.delete(timer)) timer.run();
      }
    },
  };
}

describe('bad HTTP input', () => {
  test.each([
    ['malformed JSON', post('{"jsonrpc": '), 400, -32700],
    ['an empty body', post(''), 400, -32700],
    ['another content type', post(INITIALIZE, { 'content-type': 'text/plain' }), 415, -32000],
    ['a body over the limit', post({ ...INITIALIZE, filler: 'x'.repeat(2000) }), 413, -32000],
    ['JSON that is no JSON-RPC', post({ hello: 'world' }), 400, expect.any(Number)],
    ['a call before initialize', post(call(7, 'whoami')), 400, -32000],
    ['an unknown session', post(call(7, 'whoami'), { 'mcp-session-id': 'nope' }), 404, -32001],
  ])('%s is answered with the right status and code', async (_case, request, status, code) => {
    const response = await start({ maxBodyBytes: 1000 }).fetch(request, { principal: ALICE });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { code } });
  });

  test('nesting that no stack can hold is refused', async () => {
    const deep = `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`;
    const body = JSON.stringify(INITIALIZE).replace(
      '"capabilities":{}',
      `"capabilities":{"experimental":{"x":${deep}}}`,
    );
    const response = await start().fetch(post(body), { principal: ALICE });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: -32600 } });
  });

  test('methods that no era has are refused', async () => {
    const response = await start().fetch(new Request(URL_MCP, { method: 'PUT', body: '{}' }), { principal: ALICE });
    expect(response.status).toBe(405);
  });

  test('a header that contradicts the body of a 2026 request is refused', async () => {
    const [body, headers] = modern(1, 'whoami');
    const response = await start().fetch(post(body, { ...headers, 'mcp-name': 'remove' }), { principal: ALICE });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: -32020 } });
  });
});

describe('sessions of the 2025 eras', () => {
  test('belong to the principal that opened them', async () => {
    const surface = start();
    const headers = { 'mcp-session-id': await openSession(surface) };
    const own = await surface.fetch(post(call(2, 'whoami'), headers), { principal: ALICE });
    expect(own.status).toBe(200);
    const foreign = await surface.fetch(post(call(3, 'whoami'), headers), { principal: BOB });
    expect(foreign.status).toBe(404);
    expect(await foreign.json()).toEqual({
      jsonrpc: '2.0',
      id: 3,
      error: { code: -32001, message: 'Session not found' },
    });
    const takeover = new Request(URL_MCP, { method: 'DELETE', headers });
    expect((await surface.fetch(takeover, { principal: BOB })).status).toBe(404);
  });

  test('end with DELETE', async () => {
    const surface = start();
    const headers = { 'mcp-session-id': await openSession(surface) };
    expect(
      (await surface.fetch(new Request(URL_MCP, { method: 'DELETE', headers }), { principal: ALICE })).status,
    ).toBe(200);
    expect((await surface.fetch(post(call(2, 'whoami'), headers), { principal: ALICE })).status).toBe(404);
  });

  test('end when idle, unless someone listens', async () => {
    const clock = fakeClock();
    const surface = start({ clock, sessions: { max: 9, idleMs: 60_000 } });
    const idle = await openSession(surface);
    const listened = await openSession(surface);
    const stream = await surface.fetch(
      new Request(URL_MCP, { headers: { accept: 'text/event-stream', 'mcp-session-id': listened } }),
      { principal: ALICE },
    );
    clock.advance(60_000);
    const statusOf = async (id: string) =>
      (await surface.fetch(post(call(2, 'whoami'), { 'mcp-session-id': id }), { principal: ALICE })).status;
    expect([await statusOf(idle), await statusOf(listened)]).toEqual([404, 200]);
    await stream.body?.cancel();
    clock.advance(60_000);
    expect(await statusOf(listened)).toBe(404);
  });

  test('make room for a new one when idle for a minute, and are refused before', async () => {
    const clock = fakeClock();
    const surface = start({ clock, sessions: { max: 1, idleMs: 1_800_000 } });
    const first = await openSession(surface);
    const refused = await surface.fetch(post(INITIALIZE), { principal: BOB });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('30');
    clock.advance(60_000);
    await openSession(surface, BOB);
    const gone = await surface.fetch(post(call(2, 'whoami'), { 'mcp-session-id': first }), { principal: ALICE });
    expect(gone.status).toBe(404);
  });
});

describe('HTTP+SSE of 2024-11-05', () => {
  async function openStream(surface: McpHttp, principal = ALICE) {
    const response = await surface.fetch(new Request(URL_MCP, { headers: { accept: 'text/event-stream' } }), {
      principal,
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader.read();
    return { response, reader, endpoint: /^event: endpoint\ndata: (.*)\n\n$/.exec(first.value ?? '')?.[1] ?? '' };
  }

  test('opens on the MCP endpoint too and points to /message', async () => {
    const { response, endpoint } = await openStream(start());
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(endpoint).toMatch(/^\/message\?sessionId=[0-9a-f-]{36}$/);
  });

  test('accepts messages of its principal only, and answers on the stream', async () => {
    const surface = start();
    const { endpoint, reader } = await openStream(surface);
    const url = `http://localhost${endpoint}`;
    expect((await surface.sse.message(post(INITIALIZE, {}, url), { principal: BOB })).status).toBe(404);
    expect((await surface.sse.message(post(INITIALIZE, {}, url), { principal: ALICE })).status).toBe(202);
    const { value } = await reader.read();
    expect(JSON.parse(/^event: message\ndata: (.*)\n\n$/.exec(value ?? '')![1]!)).toMatchObject({
      id: 1,
      result: { protocolVersion: '2025-06-18' },
    });
  });

  test.each([
    ['malformed JSON', '{', {}, 400, -32700],
    ['JSON that is no JSON-RPC', '{}', {}, 400, -32600],
    ['another content type', '{}', { 'content-type': 'text/plain' }, 415, -32000],
    ['a body over the limit', JSON.stringify('x'.repeat(2000)), {}, 413, -32000],
  ])('%s is refused with the right status and code', async (_case, body, headers, status, code) => {
    const surface = start({ maxBodyBytes: 1000 });
    const { endpoint } = await openStream(surface);
    const response = await surface.sse.message(post(body, headers, `http://localhost${endpoint}`), {
      principal: ALICE,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  test('a session ends with its stream', async () => {
    const surface = start();
    const { endpoint, reader } = await openStream(surface);
    await reader.cancel();
    const response = await surface.sse.message(post(INITIALIZE, {}, `http://localhost${endpoint}`), {
      principal: ALICE,
    });
    expect(response.status).toBe(404);
  });
});

test('calls that overlap, in one session and across callers and eras, each keep their own caller', async () => {
  const surface = start();
  const session = await openSession(surface);
  const callers = Array.from({ length: 30 }, (_, i) => ({ id: i + 10, kubeconfig: `config-${i}` }));
  const answers = await Promise.all(
    callers.map(async ({ id, kubeconfig }, i) => {
      // The first to come is the last to be answered.
      const args = { pauseMs: (callers.length - i) % 7 };
      const inSession = i % 2 === 0;
      const [body, headers] = inSession
        ? ([call(id, 'whoami', args), { 'mcp-session-id': session }] as const)
        : modern(id, 'whoami', args);
      const principal = inSession ? ALICE : { ...BOB, id: `bob-${i}` };
      return messages(await surface.fetch(post(body, { ...headers, 'x-kubeconfig': kubeconfig }), { principal }));
    }),
  );
  expect(answers).toEqual(
    callers.map(({ id, kubeconfig }, i) => {
      const who = i % 2 === 0 ? 'alice' : `bob-${i}`;
      const content = [{ type: 'text', text: `${who} over streamable-http with ${kubeconfig}` }];
      return [expect.objectContaining({ id, result: expect.objectContaining({ content }) })];
    }),
  );
});

test('a yes is worth nothing for other arguments or another principal', async () => {
  const gateway = createScriptedGateway();
  const surface = start({ gateway });
  const round = async (principal: Principal, args: object, extra: object = {}) => {
    const [body, headers] = modern(1, 'remove', args);
    Object.assign(body.params, extra);
    Object.assign(body.params._meta, { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } });
    const [message] = await messages(await surface.fetch(post(body, headers), { principal }));
    return message as { result: { requestState: string; resultType: string }; error: { code: number } };
  };
  const inputResponses = { confirm: { action: 'accept', content: { confirm: true } } };
  const { requestState } = (await round(ALICE, { name: 'web-1' })).result;

  const stolen = await round(BOB, { name: 'web-1' }, { requestState, inputResponses });
  expect(stolen.error.code).toBe(-32602);
  const swapped = await round(ALICE, { name: 'web-2' }, { requestState, inputResponses });
  expect(swapped.result.resultType).toBe('input_required');
  const forged = await round(ALICE, { name: 'web-1' }, { requestState: `${requestState}x`, inputResponses });
  expect(forged.error.code).toBe(-32602);
  expect(gateway.calls.every(({ human }) => human === 'can-ask')).toBe(true);
});

test('a change of the tools reaches listeners of both eras', async () => {
  const surface = start();
  const session = await openSession(surface);
  const legacy = await surface.fetch(
    new Request(URL_MCP, { headers: { accept: 'text/event-stream', 'mcp-session-id': session } }),
    { principal: ALICE },
  );
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const listen = {
    jsonrpc: '2.0',
    id: 5,
    method: 'subscriptions/listen',
    params: { notifications: { toolsListChanged: true }, _meta },
  };
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' };
  const modernStream = await surface.fetch(post(listen, headers), { principal: ALICE });
  surface.notifyToolsChanged();
  for (const stream of [legacy, modernStream]) {
    let seen = '';
    for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
      seen += chunk;
      if (seen.includes('notifications/tools/list_changed')) break;
    }
    expect(seen).toContain('notifications/tools/list_changed');
  }
});
