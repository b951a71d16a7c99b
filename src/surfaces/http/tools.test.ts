import { afterEach, expect, test } from 'vitest';
import { AppError, type ErrorCode } from '../../kernel/errors.ts';
import { DELETE_TOOL, failing, post, type Running, startServer } from './testing.ts';

let server: Running | undefined;
afterEach(() => server?.stop());

test('A tool answers with its typed output as JSON, and with its text when asked for text', async () => {
  server = await startServer();
  const url = `${server.url}/tools/get_resource`;
  const json = await post(url, { kind: 'Pod' });
  expect(json.headers.get('content-type')).toBe('application/json');
  expect(await json.json()).toEqual({ got: { kind: 'Pod' } });
  const text = await post(url, { kind: 'Pod' }, { accept: 'text/plain, */*' });
  expect(text.headers.get('content-type')).toContain('text/plain');
  expect(await text.text()).toBe('text of get_resource');
});

test('An empty body is an empty input', async () => {
  server = await startServer();
  await fetch(`${server.url}/tools/get_resource`, { method: 'POST' });
  expect(server.calls[0]?.arguments).toEqual({});
});

test('A kubeconfig comes from the header or the field, the header wins, and it never stays in the arguments', async () => {
  server = await startServer();
  const url = `${server.url}/tools/get_resource`;
  await post(url, { kind: 'Pod', kubeconfig: 'FIELD' });
  await post(url, { kind: 'Pod', kubeconfig: 'FIELD' }, { 'x-kubeconfig': 'HEADER' });
  await post(url, { kind: 'Pod', kubeconfig: null });
  await post(`${server.url}/tools/call`, { name: 'get_resource', arguments: { kubeconfig: 'INNER' } });
  await post(`${server.url}/tools/call`, { name: 'get_resource', kubeconfig: 'OUTER' });
  expect(server.calls.map((call) => call.kubeconfig)).toEqual(['FIELD', 'HEADER', undefined, 'INNER', 'OUTER']);
  expect(server.calls.map((call) => call.arguments)).toEqual([
    { kind: 'Pod' },
    { kind: 'Pod' },
    { kind: 'Pod' },
    {},
    {},
  ]);
  const wrong = await post(url, { kubeconfig: { apiVersion: 'v1' } });
  expect(wrong.status).toBe(400);
  expect(await wrong.json()).toMatchObject({ problems: [{ field: 'kubeconfig', problem: 'must be a base64 string' }] });
});

test.each([
  ['{"kind": Pod}', 'The body is not JSON.'],
  ['{\n  "a": 1,\n  "b" 2}', 'The body is not JSON: line 3, column 7.'],
  ['{"kubeconfig": "c2VjcmV0', 'The body is not JSON: line 1, column 25.'],
  ['[1]', 'The body must be one JSON object.'],
  ['null', 'The body must be one JSON object.'],
  [`{"a":${'['.repeat(300)}${']'.repeat(300)}}`, 'The body is nested deeper than 200 levels.'],
])('The body %s is refused in words that quote nothing of it', async (body, detail) => {
  server = await startServer();
  const answer = await post(`${server.url}/tools/get_resource`, body);
  expect(answer.status).toBe(400);
  const problem = await answer.json();
  expect(problem).toMatchObject({ detail, code: 'invalid_argument' });
  expect(JSON.stringify(problem)).not.toContain('c2VjcmV0');
  expect(server.calls).toEqual([]);
});

test('A body that is not UTF-8, or compressed, is refused', async () => {
  server = await startServer();
  const url = `${server.url}/tools/get_resource`;
  const bytes = await fetch(url, { method: 'POST', body: new Uint8Array([0x7b, 0xff, 0x7d]) });
  expect(await bytes.json()).toMatchObject({ status: 400, detail: 'The body is not UTF-8.' });
  const zipped = await post(url, '{}', { 'content-encoding': 'gzip' });
  expect(await zipped.json()).toMatchObject({ status: 400, detail: 'Compressed bodies are not accepted.' });
});

test('Brackets within strings do not count as nesting', async () => {
  server = await startServer();
  const value = `\\"${'['.repeat(500)}`;
  expect((await post(`${server.url}/tools/get_resource`, { value })).status).toBe(200);
  expect(server.calls[0]?.arguments).toEqual({ value });
});

test('A failure is a problem with the status of the error table, its remedy and the time to wait', async () => {
  server = await startServer({
    answer: failing(new AppError('too_many_requests', 'Busy.', { remedy: 'Wait.', retryAfterSeconds: 1.2 })),
  });
  const answer = await post(`${server.url}/tools/get_resource`, {}, { 'x-request-id': 'r1' });
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('2');
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await answer.json()).toEqual({
    type: 'urn:k8s-mcp:error:too_many_requests',
    title: 'Too many requests',
    status: 429,
    detail: 'Busy.',
    code: 'too_many_requests',
    reason: 'too_many_requests',
    retryable: true,
    remedy: 'Wait.',
    request_id: 'r1',
  });
});

test('A change that waits for a yes answers 428 with the plan', async () => {
  const plan = { title: 'delete Pod a', effects: ['Pod a goes'], token: 'T' };
  server = await startServer({ answer: failing(new AppError('confirmation_required', 'Confirm.'), plan) });
  const answer = await post(`${server.url}/tools/delete_resource`, { name: 'a' });
  expect(answer.status).toBe(428);
  expect(await answer.json()).toMatchObject({ code: 'confirmation_required', plan });
  const envelope = await post(`${server.url}/tools/call`, {
    id: '1',
    name: 'delete_resource',
    arguments: { name: 'a' },
  });
  expect(envelope.status).toBe(428);
  expect(await envelope.json()).toMatchObject({
    success: false,
    error: { code: 'CONFIRMATION_REQUIRED', details: { plan } },
  });
});

test('GET /tools lists the visible tools in the shape of the seed', async () => {
  server = await startServer();
  const answer = await (await fetch(`${server.url}/tools`)).json();
  expect(answer).toMatchObject({ total_count: 2, last_updated: expect.stringMatching(/^\d{4}-/) });
  expect(answer).toHaveProperty('tools.1', {
    name: 'delete_resource',
    title: 'Delete one object',
    description: 'Deletes an object.',
    category: 'kubernetes',
    toolset: 'resources',
    effect: 'destructive',
    gate: 'delete',
    annotations: DELETE_TOOL.annotations,
    input_schema: DELETE_TOOL.inputSchema,
  });
});

test('GET /tools/status names the CLI tools in the shape of the seed', async () => {
  server = await startServer();
  const answer = await fetch(`${server.url}/tools/status`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    tools: { kubectl: { available: true, description: 'kubectl', version: 'v1.36.3' } },
  });
});

test('A command that ran and failed is 200 with success false; refused before, it is a problem with its reason', async () => {
  const ran = { success: false, output: '', error: 'Error from server (NotFound)\n', exit_code: 1 };
  server = await startServer({ answer: () => ({ ok: true, text: 'exit code 1', output: ran, failed: true }) });
  const failed = await post(`${server.url}/tools/get_resource`, { command: 'get pod x' });
  expect([failed.status, await failed.json()]).toEqual([200, ran]);
  const envelope = await post(`${server.url}/tools/call`, { id: 7, name: 'get_resource', arguments: {} });
  expect(await envelope.json()).toMatchObject({ id: 7, success: false, result: ran });
  await server.stop();
  server = await startServer({ answer: failing(new AppError('command_refused', 'kubectl edit is interactive.')) });
  const refused = await post(`${server.url}/tools/get_resource`, { command: 'edit pod x' });
  expect([refused.status, await refused.json()]).toMatchObject([
    403,
    { reason: 'command_refused', detail: 'kubectl edit is interactive.' },
  ]);
});

test('POST /tools/refresh says what there is', async () => {
  server = await startServer();
  const answer = await fetch(`${server.url}/tools/refresh`, { method: 'POST' });
  expect(await answer.json()).toMatchObject({
    success: true,
    tools_count: 2,
    tools: ['get_resource', 'delete_resource'],
  });
});

test('POST /tools/call answers with id, result and text', async () => {
  server = await startServer();
  const answer = await post(`${server.url}/tools/call`, {
    id: 'c-1',
    name: 'get_resource',
    arguments: { kind: 'Pod' },
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    id: 'c-1',
    success: true,
    result: { got: { kind: 'Pod' } },
    text: 'text of get_resource',
  });
});

test.each<[ErrorCode, number, string]>([
  ['unknown_tool', 404, 'TOOL_NOT_FOUND'],
  ['invalid_argument', 400, 'INVALID_PARAMETERS'],
  ['gate_closed', 403, 'PERMISSION_DENIED'],
  ['cluster_forbidden', 403, 'PERMISSION_DENIED'],
  ['deadline_exceeded', 408, 'TIMEOUT'],
  ['no_cluster', 503, 'SERVICE_UNAVAILABLE'],
  ['internal', 500, 'TOOL_EXECUTION_ERROR'],
  ['not_found', 500, 'TOOL_EXECUTION_ERROR'],
])('POST /tools/call turns %s into %i %s', async (code, status, name) => {
  server = await startServer({ answer: failing(new AppError(code, 'Why.', { remedy: 'Do.' })) });
  const answer = await post(`${server.url}/tools/call`, { id: 7, name: 'get_resource' });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({
    id: 7,
    success: false,
    error: { code: name, message: 'Why.', details: { code, remedy: 'Do.' }, timestamp: expect.any(String) },
  });
});

test('POST /tools/call names every fault of the call at once', async () => {
  server = await startServer();
  const answer = await post(`${server.url}/tools/call`, { id: 'x', arguments: [], client_id: 'nobody' });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    id: 'x',
    error: {
      code: 'INVALID_PARAMETERS',
      details: {
        problems: [
          { field: 'name', problem: 'must be the name of a tool' },
          { field: 'arguments', problem: 'must be an object' },
          { field: 'client_id', problem: 'names no open /events stream of this caller' },
        ],
      },
    },
  });
  expect(server.calls).toEqual([]);
});

test('An unknown path is a 404 that names the nearest routes, a wrong method a 405 with Allow', async () => {
  server = await startServer();
  const near = await fetch(`${server.url}/helth`);
  expect(near.status).toBe(404);
  expect(await near.json()).toMatchObject({ code: 'not_found', candidates: expect.arrayContaining(['/health']) });
  const method = await fetch(`${server.url}/tools/get_resource`);
  expect([method.status, method.headers.get('allow')]).toEqual([405, 'POST']);
  expect((await fetch(`${server.url}/${'x'.repeat(5000)}`)).status).toBe(404);
});

test('A thrown fault inside becomes a problem without its text', async () => {
  server = await startServer({
    ports: {
      health: async () => {
        throw new Error('password=hunter2');
      },
    },
  });
  const answer = await fetch(`${server.url}/health`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('hunter2');
});

test('Readiness follows the port and says why not', async () => {
  server = await startServer({
    ports: { ready: async () => ({ ready: false, reason: 'Discovery has not finished.' }) },
  });
  const answer = await fetch(`${server.url}/readyz`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ detail: 'Discovery has not finished.' });
});

test('The start page names the entry points', async () => {
  server = await startServer({ settings: { endpointPath: '/rpc' } });
  expect(await (await fetch(server.url)).json()).toMatchObject({
    name: 'k8s-mcp',
    version: '1.2.3',
    protocol: 'SSE',
    status: 'running',
    links: { mcp: '/rpc', sse: '/sse', docs: '/docs' },
  });
});
