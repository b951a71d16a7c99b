import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, test } from 'vitest';
import { createScriptedGateway } from '../../../test/support/scripted-gateway.ts';
import type { Principal } from '../../kernel/vocabulary.ts';
import { createMcpHttp } from './http.ts';

const ALICE: Principal = { id: 'alice', transport: 'streamable-http', authenticated: true };
const FACE = {
  info: { name: 'k8s-mcp', title: 'k8s-mcp', version: '1.2.3' },
  instructions: 'Be kind.',
  listToolsTtlMs: 5000,
};

type Person = 'accept' | 'decline' | 'untick' | 'absent';
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

/** A real SDK client on the surface, without sockets. */
async function connect(
  era: 'modern' | 'legacy' | 'sse',
  person: Person = 'absent',
  headers: Record<string, string> = {},
) {
  const gateway = createScriptedGateway();
  const mcp = createMcpHttp({ ...FACE, gateway });
  const asked: string[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    const caller = { principal: ALICE };
    return new URL(request.url).pathname === '/message' ? mcp.sse.message(request, caller) : mcp.fetch(request, caller);
  };
  const url = new URL('http://localhost/mcp');
  const options = { fetch, requestInit: { headers } };
  const transport =
    era === 'sse' ? new SSEClientTransport(url, options) : new StreamableHTTPClientTransport(url, options);
  const client = new Client(
    { name: 'test', version: '1' },
    {
      capabilities: person === 'absent' ? {} : { elicitation: { form: {} } },
      versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' },
    },
  );
  if (person !== 'absent') {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message);
      if (person === 'decline') return { action: 'decline' };
      return { action: 'accept', content: { confirm: person === 'accept' } };
    });
  }
  await client.connect(transport);
  open.push(mcp, client);
  return { client, gateway, asked };
}

describe.each(['modern', 'legacy', 'sse'] as const)('the MCP surface in the %s era', (era) => {
  test('names the server and gives its instructions', async () => {
    const { client } = await connect(era);
    expect(client.getServerVersion()).toEqual({ name: 'k8s-mcp', title: 'k8s-mcp', version: '1.2.3' });
    expect(client.getInstructions()).toBe('Be kind.');
    expect(client.getServerCapabilities()).toEqual({ tools: { listChanged: true } });
  });

  test('lists tools in the order of the gateway, with five fields each', async () => {
    const { client } = await connect(era);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'whoami',
      'fail',
      'structured',
      'steps',
      'command',
      'hang',
      'remove',
    ]);
    expect(tools[0]).toEqual({
      name: 'whoami',
      title: 'whoami',
      description: 'Says who called, over what, and with which kubeconfig, after an optional pause.',
      inputSchema: { type: 'object', properties: {} },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    });
  });

  test('answers a call with text, and with structured content only where the outcome has some', async () => {
    const { client } = await connect(era);
    const plain = await client.callTool({ name: 'steps' });
    expect(plain.content).toEqual([{ type: 'text', text: 'Three steps.' }]);
    expect(plain).not.toHaveProperty('structuredContent');
    expect((await client.callTool({ name: 'structured' })).structuredContent).toEqual({ count: 1 });
  });

  test('passes the principal, the transport and X-Kubeconfig of the request', async () => {
    const { client } = await connect(era, 'absent', { 'x-kubeconfig': 'a2V5' });
    const transport = era === 'sse' ? 'sse' : 'streamable-http';
    const { content } = await client.callTool({ name: 'whoami' });
    expect(content).toEqual([{ type: 'text', text: `alice over ${transport} with a2V5` }]);
  });

  test('a command that ran and failed is an error with the whole answer', async () => {
    const { client } = await connect(era);
    const result = await client.callTool({ name: 'command' });
    expect(result).toMatchObject({ isError: true, content: [{ type: 'text', text: 'exit code 1\nno such pod' }] });
  });

  test('reports a failed call as a result with isError', async () => {
    const { client } = await connect(era);
    const result = await client.callTool({ name: 'fail' });
    expect(result).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'not_found: There is no such thing.' }],
    });
  });

  test('refuses unknown and hidden tools with a protocol error that says why', async () => {
    const { client } = await connect(era);
    await expect(client.callTool({ name: 'nope' })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('unknown_tool: There is no tool nope.'),
    });
    await expect(client.callTool({ name: 'delete_resource' })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('gate_closed: delete_resource is off.'),
    });
  });

  test('sends progress with strictly increasing values to those who ask for it', async () => {
    const { client, gateway } = await connect(era);
    const seen: unknown[] = [];
    await client.callTool({ name: 'steps' }, { onprogress: (progress) => seen.push(progress) });
    expect(seen).toEqual([
      { progress: 1, message: 'first' },
      { progress: 2, message: 'second' },
      { progress: 3, message: 'third' },
    ]);
    await client.callTool({ name: 'steps' });
    expect(gateway.calls[1]?.progress).toBeUndefined();
  });

  test('aborts the signal of the gateway when the client cancels', async () => {
    const { client, gateway } = await connect(era);
    const cancel = new AbortController();
    const call = client.callTool({ name: 'hang' }, { signal: cancel.signal, onprogress: () => cancel.abort('enough') });
    await expect(call).rejects.toThrow();
    await gateway.cancelled;
    expect(gateway.calls[0]?.signal.aborted).toBe(true);
  });

  test('carries a plan out when the person accepts', async () => {
    const { client, gateway, asked } = await connect(era, 'accept');
    const result = await client.callTool({ name: 'remove', arguments: { name: 'web-1' } });
    expect(result.content).toEqual([{ type: 'text', text: 'Removed web-1 (accepted).' }]);
    expect(asked).toEqual(['Remove web-1?\n- It is gone for good.']);
    expect(gateway.calls.map(({ human }) => human)).toEqual(['can-ask', 'accepted']);
    expect(gateway.calls.map((call) => call.arguments)).toEqual([
      { name: 'web-1' },
      { name: 'web-1', confirm: 'token-1' },
    ]);
  });

  test.each(['decline', 'untick'] as const)('changes nothing when the person answers with %s', async (person) => {
    const { client, gateway } = await connect(era, person);
    const result = await client.callTool({ name: 'remove', arguments: { name: 'web-1' } });
    expect(result).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'confirmation_refused: Refused by the user; nothing was changed.' }],
    });
    expect(gateway.calls.map(({ human }) => human)).toEqual(['can-ask', 'declined']);
  });

  test('gives the token in text to a client that cannot ask, and takes it back as an argument', async () => {
    const { client, gateway } = await connect(era);
    const result = await client.callTool({ name: 'remove', arguments: { name: 'web-1' } });
    expect(result).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'confirmation_required: Send confirm: "token-1" to remove web-1.' }],
    });
    const second = await client.callTool({ name: 'remove', arguments: { name: 'web-1', confirm: 'token-1' } });
    expect(second.content).toEqual([{ type: 'text', text: 'Removed web-1 (by token).' }]);
    expect(gateway.calls[0]?.human).toBeUndefined();
  });
});
