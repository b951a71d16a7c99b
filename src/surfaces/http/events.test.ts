import { afterEach, expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import type { CallOutcome } from '../../operations/gateway.ts';
import { createEventHub } from './events.ts';
import { failing, post, type Running, startServer } from './testing.ts';

let server: Running | undefined;
afterEach(() => server?.stop());

interface Event {
  event: string;
  data: Record<string, unknown>;
}

/** Reads one event after the other from a stream. */
function reader(response: Response) {
  const chunks = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = '';
  return {
    async next(): Promise<Event | undefined> {
      while (!buffered.includes('\n\n')) {
        const { done, value } = await chunks.read();
        if (done) return undefined;
        buffered += value;
      }
      const end = buffered.indexOf('\n\n');
      const match = /^event: (.+)\ndata: (.+)$/.exec(buffered.slice(0, end));
      buffered = buffered.slice(end + 2);
      return { event: match![1]!, data: JSON.parse(match![2]!) };
    },
    cancel: () => chunks.cancel(),
  };
}

async function subscribe(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/events`, { headers });
  const events = reader(response);
  const connected = await events.next();
  const list = await events.next();
  return { response, events, connected, list, id: String(connected?.data['client_id']) };
}

test('A stream begins with the client id and the tools', async () => {
  server = await startServer();
  const { response, connected, list, events } = await subscribe(server.url);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(connected).toMatchObject({
    event: 'connected',
    data: { client_id: expect.stringMatching(/^[0-9a-f-]{36}$/), server: 'k8s-mcp/1.2.3' },
  });
  expect(list?.event).toBe('tools_list');
  expect(list?.data).toHaveProperty('tools.0.name', 'get_resource');
  await events.cancel();
});

test('Only the caller whose id a call names sees its start, progress and result', async () => {
  server = await startServer({
    answer: (request) => {
      request.progress?.('half way');
      return { ok: true, text: 't', output: { answer: 42 } };
    },
  });
  const caller = await subscribe(server.url);
  const other = await subscribe(server.url);
  const call = { id: 'c1', name: 'get_resource', arguments: { kind: 'Pod', kubeconfig: 'c2VjcmV0' } };
  await post(`${server.url}/tools/call`, call, { 'x-client-id': caller.id });
  await post(`${server.url}/tools/call`, { ...call, id: 'c2' });
  await post(`${server.url}/tools/call`, { ...call, id: 'c3', client_id: other.id });
  expect(await caller.events.next()).toMatchObject({
    event: 'tool_start',
    data: { id: 'c1', tool: 'get_resource', arguments: { kind: 'Pod' }, timestamp: expect.any(String) },
  });
  expect(await caller.events.next()).toMatchObject({ event: 'tool_progress', data: { id: 'c1', message: 'half way' } });
  const complete = await caller.events.next();
  expect(complete).toMatchObject({
    event: 'tool_complete',
    data: { id: 'c1', result: { answer: 42 }, success: true, execution_time: expect.any(Number), result_size: 13 },
  });
  const seen = await other.events.next();
  expect(seen?.data['id']).toBe('c3');
  expect(JSON.stringify(seen)).not.toContain('c2VjcmV0');
  await caller.events.cancel();
  await other.events.cancel();
});

test('A failure is an event with the text of the error', async () => {
  server = await startServer({ answer: failing(new AppError('not_found', 'No such Pod.')) });
  const { events, id } = await subscribe(server.url);
  await post(`${server.url}/tools/call`, { id: 'c1', name: 'get_resource', client_id: id });
  expect((await events.next())?.event).toBe('tool_start');
  expect(await events.next()).toMatchObject({
    event: 'tool_error',
    data: { id: 'c1', success: false, error: 'not_found: No such Pod.' },
  });
  await events.cancel();
});

test('The id of a stream is worth nothing to another principal', () => {
  const hub = createEventHub({});
  const owner = { id: 'token:a', transport: 'rest', authenticated: true } as const;
  let id = '';
  const response = hub.open(owner, { server: 's', tools: [] });
  return response
    .body!.getReader()
    .read()
    .then(({ value }) => {
      id = /"client_id":"([^"]+)"/.exec(new TextDecoder().decode(value))![1]!;
      expect(hub.knows(id, owner)).toBe(true);
      expect(hub.knows(id, { ...owner, id: 'token:b' })).toBe(false);
      hub.close();
      expect(hub.knows(id, owner)).toBe(false);
    });
});

test('A stream that was closed is no longer known', async () => {
  server = await startServer();
  const { events, id } = await subscribe(server.url);
  await events.cancel();
  let status = 200;
  while (status === 200) {
    status = (await post(`${server.url}/tools/call`, { name: 'get_resource', client_id: id })).status;
  }
  expect(status).toBe(400);
});

test('A client that does not read is cut off and the others go on', async () => {
  const hub = createEventHub({});
  const principal = { id: 'anonymous', transport: 'rest', authenticated: false } as const;
  const slow = hub.open(principal, { server: 's', tools: [] });
  const fast = reader(hub.open(principal, { server: 's', tools: [] }));
  await fast.next();
  await fast.next();
  const filler = 'x'.repeat(100_000);
  for (let i = 0; i < 20; i++) {
    hub.broadcast('tools_updated', { filler, i });
    expect((await fast.next())?.data['i']).toBe(i);
  }
  const kept = await slow.text();
  expect(kept.length).toBeLessThan(800_000);
  hub.close();
  expect(await fast.next()).toBeUndefined();
});

test('A result too large for an event is left to the answer of the call', async () => {
  const output = { text: 'y'.repeat(300_000) };
  server = await startServer({ answer: (): CallOutcome => ({ ok: true, text: 't', output }) });
  const { events, id } = await subscribe(server.url);
  const answer = await post(`${server.url}/tools/call`, { id: 'c1', name: 'get_resource', client_id: id });
  expect(await answer.json()).toMatchObject({ result: output });
  await events.next();
  const complete = await events.next();
  expect(complete?.data).toMatchObject({ id: 'c1', success: true, result_size: 300_011 });
  expect(complete?.data['result']).toBeUndefined();
  expect(complete?.data['omitted']).toContain('the answer to the call has them');
  await events.cancel();
});

test('Streams have a heartbeat and a limit', async () => {
  server = await startServer({ settings: { limits: { heartbeatMs: 20, maxEventClients: 1 } } });
  const { events } = await subscribe(server.url);
  expect((await events.next())?.event).toBe('heartbeat');
  const second = await fetch(`${server.url}/events`);
  expect(second.status).toBe(429);
  expect(second.headers.get('retry-after')).toBe('30');
  await events.cancel();
});

test('A HEAD request opens no stream', async () => {
  server = await startServer({ settings: { limits: { maxEventClients: 1 } } });
  expect((await fetch(`${server.url}/events`, { method: 'HEAD' })).status).toBe(405);
  const { events } = await subscribe(server.url);
  await events.cancel();
});

test('A refresh tells the caller’s own stream', async () => {
  server = await startServer();
  const { events, id } = await subscribe(server.url);
  await fetch(`${server.url}/tools/refresh`, { method: 'POST', headers: { 'x-client-id': id } });
  expect(await events.next()).toMatchObject({ event: 'tools_updated', data: { total_count: 2 } });
  await events.cancel();
});
