import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, test } from 'vitest';
import { createScriptedGateway } from '../../../test/support/scripted-gateway.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Principal } from '../../kernel/vocabulary.ts';
import type { Gateway } from '../../operations/gateway.ts';
import { runStdio } from './stdio.ts';

const PRINCIPAL: Principal = { id: 'stdio', transport: 'stdio', authenticated: true };
const MAIN = new URL('../../../test/support/stdio-main.ts', import.meta.url).pathname;
const ENVELOPE = {
  _meta: {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  },
};
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'host', version: '9' } },
};
const INITIALIZED = { jsonrpc: '2.0', method: 'notifications/initialized' };

interface Answer {
  id: unknown;
  result?: { content?: { text: string }[]; tools?: unknown[] };
  error?: { code: number; message: string };
}

/** The surface in this process, on a pair of pipes. */
function start(loadGateway?: () => Promise<Gateway>, drainMs?: number) {
  const gateway = createScriptedGateway();
  const input = new PassThrough();
  const output = new PassThrough();
  const loads: string[] = [];
  const ended = runStdio({
    info: { name: 'k8s-mcp', title: 'k8s-mcp', version: '1' },
    listToolsTtlMs: 0,
    tools: gateway.tools(),
    principal: PRINCIPAL,
    loadGateway: () => {
      loads.push('load');
      return loadGateway?.() ?? Promise.resolve(gateway);
    },
    input,
    output,
    ...(drainMs === undefined ? {} : { drainMs }),
  });
  const lines = createInterface({ input: output })[Symbol.asyncIterator]();
  return {
    gateway,
    input,
    output,
    loads,
    ended,
    say: (message: unknown) => void input.write(typeof message === 'string' ? message : `${JSON.stringify(message)}\n`),
    hear: async (): Promise<Answer> => JSON.parse((await lines.next()).value ?? 'null'),
  };
}

describe.each(['modern', 'legacy'] as const)('a spawned server and a real client, %s', (era) => {
  async function connect(person: 'accept' | 'decline' | 'absent' = 'absent') {
    const client = new Client(
      { name: 'test', version: '1' },
      {
        capabilities: person === 'absent' ? {} : { elicitation: {} },
        versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' },
      },
    );
    if (person !== 'absent') {
      client.setRequestHandler('elicitation/create', () =>
        person === 'accept' ? { action: 'accept', content: { confirm: true } } : { action: 'decline' },
      );
    }
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [MAIN], stderr: 'inherit' }));
    return client;
  }

  test('lists, calls, cancels and refuses', async () => {
    const client = await connect();
    expect(client.getServerVersion()).toEqual({ name: 'k8s-mcp', title: 'k8s-mcp', version: '1' });
    expect((await client.listTools()).tools).toHaveLength(7);
    const who = await client.callTool({ name: 'whoami' });
    expect(who.content).toEqual([{ type: 'text', text: 'local over stdio with none' }]);
    const cancel = new AbortController();
    const hanging = client.callTool(
      { name: 'hang' },
      { signal: cancel.signal, onprogress: () => cancel.abort('enough') },
    );
    await expect(hanging).rejects.toThrow();
    await expect(client.callTool({ name: 'nope' })).rejects.toMatchObject({ code: -32602 });
    expect((await client.callTool({ name: 'remove' })).isError).toBe(true);
    await client.close();
  });

  test('asks a person, who may accept or decline', async () => {
    const accepting = await connect('accept');
    const accepted = await accepting.callTool({ name: 'remove', arguments: { name: 'web-1' } });
    expect(accepted.content).toEqual([{ type: 'text', text: 'Removed web-1 (accepted).' }]);
    await accepting.close();
    const declining = await connect('decline');
    const declined = await declining.callTool({ name: 'remove', arguments: { name: 'web-1' } });
    expect(declined.content).toEqual([
      { type: 'text', text: 'confirmation_refused: Refused by the user; nothing was changed.' },
    ]);
    await declining.close();
  });
});

describe('the fast start', () => {
  test('answers the opening without loading the gateway', async () => {
    const { say, hear, loads } = start();
    say(INITIALIZE);
    expect((await hear()).id).toBe(0);
    say(INITIALIZED);
    say({ jsonrpc: '2.0', id: 1, method: 'ping' });
    expect(await hear()).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    expect(loads).toEqual([]);
  });

  test('loads the gateway once, after a list or with the first call, whatever comes in the meantime', async () => {
    const { say, hear, loads } = start();
    for (const message of [INITIALIZE, INITIALIZED, { jsonrpc: '2.0', id: 1, method: 'tools/list' }]) say(message);
    const call = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'whoami' } });
    for (let id = 2; id < 8; id++) say(call(id));
    const ids: unknown[] = [];
    for (let i = 0; i < 8; i++) ids.push((await hear()).id);
    expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(loads).toEqual(['load']);
  });

  test('hands a 2026 connection over as one: a 2025 opening after it is refused', async () => {
    const { say, hear } = start();
    say({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: ENVELOPE });
    expect((await hear()).result?.tools).toHaveLength(7);
    say(INITIALIZE);
    expect(await hear()).toMatchObject({ id: 0, error: { code: -32022 } });
    say({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'whoami', ...ENVELOPE } });
    expect((await hear()).result?.content?.[0]?.text).toBe('stdio over stdio with none');
  });

  test('sends progress before the answer, in order', async () => {
    const { say, hear } = start();
    const _meta = { ...ENVELOPE._meta, progressToken: 'p' };
    say({ jsonrpc: '2.0', id: 5, method: 'tools/call', params: { name: 'steps', _meta } });
    for (const [i, message] of ['first', 'second', 'third'].entries()) {
      expect(await hear()).toMatchObject({ params: { progressToken: 'p', progress: i + 1, message } });
    }
    expect((await hear()).id).toBe(5);
  });

  test('hands over a client that asked for nothing first', async () => {
    const { say, hear } = start();
    say({ jsonrpc: '2.0', id: 5, method: 'tools/call', params: { name: 'whoami', ...ENVELOPE } });
    expect((await hear()).id).toBe(5);
  });

  test('answers calls with the reason when the gateway cannot load, and tries again', async () => {
    let attempts = 0;
    const { say, hear } = start(async () => {
      if (++attempts === 1)
        throw new AppError('kubeconfig_invalid', 'The kubeconfig is broken.', { remedy: 'Mend it.' });
      return createScriptedGateway();
    });
    for (const message of [INITIALIZE, INITIALIZED]) say(message);
    await hear();
    const call = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'whoami' } });
    say(call(1));
    expect(await hear()).toMatchObject({
      id: 1,
      error: { code: -32603, message: 'kubeconfig_invalid: The kubeconfig is broken.\nNext: Mend it.' },
    });
    say(call(2));
    expect((await hear()).result?.content?.[0]?.text).toBe('stdio over stdio with none');
  });
});

describe('bad input', () => {
  const call = { jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'whoami' } };

  test.each(['before', 'after'])('malformed and invalid messages are answered %s the handover', async (when) => {
    const { say, hear } = start();
    say(INITIALIZE);
    await hear();
    if (when === 'after') {
      say(call);
      await hear();
    }
    say('{"jsonrpc": \n\n');
    expect(await hear()).toMatchObject({ id: null, error: { code: -32700 } });
    say({ id: 9, method: 'ping' });
    expect(await hear()).toMatchObject({ id: 9, error: { code: -32600 } });
    say([call]);
    expect(await hear()).toMatchObject({ id: null, error: { code: -32600 } });
    say({ jsonrpc: '2.0', id: 10, method: 'ping' });
    expect(await hear()).toEqual({ jsonrpc: '2.0', id: 10, result: {} });
  });

  test('a message over 10 MB ends the connection with an error', async () => {
    const { input, hear, ended } = start();
    const piece = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 11; i++) input.write(piece);
    expect(await hear()).toMatchObject({ id: null, error: { code: -32600 } });
    await ended;
  });

  test('messages in any cut of the bytes are the same messages', async () => {
    const { input, hear } = start();
    const bytes = Buffer.from(`${JSON.stringify({ ...INITIALIZE, id: 'ü' })}\r\n${JSON.stringify(INITIALIZED)}\n`);
    for (const byte of bytes) input.write(Buffer.of(byte));
    expect((await hear()).id).toBe('ü');
  });
});

describe('the end', () => {
  test('what was asked before the end of the input is answered', async () => {
    const { say, hear, input, ended } = start();
    say(INITIALIZE);
    say(INITIALIZED);
    say({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami', arguments: { pauseMs: 20 } } });
    say({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'fail' } });
    input.end();
    const answers = [await hear(), await hear(), await hear()];
    // Which of two calls is answered first is not promised.
    expect(answers.map((answer) => Number(answer.id)).sort()).toEqual([0, 1, 2]);
    await ended;
  });

  test('a cancelled call is not waited for', async () => {
    const { say, hear, input, ended } = start(undefined, 1_000_000);
    say(INITIALIZE);
    await hear();
    say({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'hang', _meta: { progressToken: 1 } } });
    await hear();
    say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    input.end();
    await ended;
  });

  test('the end of the input ends the connection and aborts what runs too long', async () => {
    const { say, hear, input, ended, gateway } = start(undefined, 1);
    say(INITIALIZE);
    await hear();
    say({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'hang', _meta: { progressToken: 1 } } });
    await hear();
    input.end();
    await ended;
    await gateway.cancelled;
  });

  test('a client that is gone ends the connection', async () => {
    const { say, output, ended } = start();
    say(INITIALIZE);
    output.destroy(new Error('EPIPE'));
    await ended;
  });
});
