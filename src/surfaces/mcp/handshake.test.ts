import { SUPPORTED_PROTOCOL_VERSIONS, type Transport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { describe, expect, test } from 'vitest';
import { createScriptedGateway } from '../../../test/support/scripted-gateway.ts';
import type { Principal } from '../../kernel/vocabulary.ts';
import { createHandshake, LEGACY_VERSIONS, MODERN_VERSION } from './handshake.ts';
import { createMcpServerFactory } from './server.ts';

const FACE = {
  info: { name: 'k8s-mcp', title: 'Kubernetes', version: '1.2.3' },
  instructions: 'Be kind.',
  listToolsTtlMs: 300_000,
};
const PRINCIPAL: Principal = { id: 'stdio', transport: 'stdio', authenticated: true };
const CLIENT = { name: 'host', version: '9' };

const initialize = (params: object = {}) => ({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: CLIENT, ...params },
});
const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' };
const request = (id: string | number, method: string, params?: object) => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params && { params }),
});
const envelope = (meta: object = {}, version = MODERN_VERSION) => ({
  _meta: {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': {},
    ...meta,
  },
});

/** What the SDK says to each message, asked one after the other; undefined where it says nothing. */
async function sdkAnswers(
  conversation: readonly object[],
  face: typeof FACE | Omit<typeof FACE, 'instructions'> = FACE,
) {
  let answer: (message: unknown) => void = () => {};
  const transport: Transport = {
    start: async () => {},
    close: async () => {},
    send: async (message) => answer(message),
  };
  serveStdio(createMcpServerFactory({ ...face, gateway: createScriptedGateway(), principal: PRINCIPAL }), {
    transport,
  });
  const answers: unknown[] = [];
  for (const message of conversation) {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    answer = resolve;
    transport.onmessage?.(message as Parameters<NonNullable<Transport['onmessage']>>[0]);
    answers.push('id' in message ? await promise : undefined);
  }
  // As on the wire, where fields that are undefined do not exist.
  return JSON.parse(JSON.stringify(answers.map((one) => one ?? null)));
}

function handshakeAnswers(
  conversation: readonly object[],
  face: typeof FACE | Omit<typeof FACE, 'instructions'> = FACE,
) {
  const handshake = createHandshake(face, createScriptedGateway().tools());
  return conversation.map((message) => {
    const step = handshake.answer(message);
    if (step.kind === 'handover') return 'handover';
    return step.kind === 'reply' ? JSON.parse(JSON.stringify(step.message)) : null;
  });
}

test('the handshake knows exactly the versions of the SDK', () => {
  expect([...LEGACY_VERSIONS]).toEqual(SUPPORTED_PROTOCOL_VERSIONS);
});

const CONVERSATIONS: [string, object[]][] = [
  ...[...SUPPORTED_PROTOCOL_VERSIONS, '1999-01-01', MODERN_VERSION, ''].map((protocolVersion): [string, object[]] => [
    `2025 opening, version "${protocolVersion}"`,
    [initialize({ protocolVersion }), initialized, request(1, 'tools/list'), request('two', 'ping')],
  ]),
  [
    'capabilities of a full client',
    [
      initialize({
        capabilities: {
          roots: { listChanged: true },
          sampling: { tools: {} },
          elicitation: { form: { applyDefaults: true }, url: {} },
          experimental: { thing: { on: true } },
          extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html'] } },
          unknown: 5,
        },
      }),
      initialized,
      request(1, 'tools/list'),
    ],
  ],
  ['a bare elicitation capability', [initialize({ capabilities: { elicitation: {} } }), initialized]],
  [
    'a client with title, site and description',
    [
      initialize({
        clientInfo: { ...CLIENT, title: 'Host', websiteUrl: 'https://example.com', description: 'A host' },
      }),
    ],
  ],
  [
    'a list before notifications/initialized',
    [initialize(), request(1, 'tools/list'), initialized, request(2, 'ping')],
  ],
  [
    'a cursor',
    [initialize(), initialized, request(1, 'tools/list', { cursor: 'abc' }), request(2, 'tools/list', { cursor: '' })],
  ],
  [
    'progress tokens and foreign metadata',
    [
      initialize({ _meta: { progressToken: 1 } }),
      initialized,
      request(1, 'tools/list', { _meta: { progressToken: 'p', traceparent: '00-1-2-03' } }),
      request(2, 'ping', { _meta: {} }),
    ],
  ],
  ['2026 opening with discover', [request(1, 'server/discover', envelope()), request(2, 'tools/list', envelope())]],
  [
    '2026 opening with a list',
    [
      request('a', 'tools/list', envelope()),
      request('b', 'server/discover', envelope()),
      request('c', 'tools/list', { cursor: 'x', ...envelope() }),
    ],
  ],
  [
    '2026 client info and capabilities',
    [
      request(
        1,
        'tools/list',
        envelope({
          'io.modelcontextprotocol/clientInfo': CLIENT,
          'io.modelcontextprotocol/clientCapabilities': { elicitation: { url: {} } },
          progressToken: 4,
        }),
      ),
    ],
  ],
  [
    'a look at discover, then a 2025 opening',
    [request(1, 'server/discover', envelope()), initialize(), initialized, request(2, 'tools/list')],
  ],
];

describe('the handshake answers as the SDK does', () => {
  test.each(CONVERSATIONS)('%s', async (_case, conversation) => {
    expect(handshakeAnswers(conversation)).toEqual(await sdkAnswers(conversation));
  });

  test('without instructions', async () => {
    const { instructions: _, ...face } = FACE;
    const legacy = [initialize(), initialized];
    expect(handshakeAnswers(legacy, face)).toEqual(await sdkAnswers(legacy, face));
    const modern = [request(1, 'server/discover', envelope())];
    expect(handshakeAnswers(modern, face)).toEqual(await sdkAnswers(modern, face));
  });
});

describe('the handshake leaves to the SDK what it is not sure of', () => {
  const opened = [initialize(), initialized];
  test.each<[string, object[]]>([
    ['a tool call', [...opened, request(1, 'tools/call', { name: 'x' })]],
    ['a method it does not know', [...opened, request(1, 'prompts/list')]],
    ['a second initialize', [...opened, initialize()]],
    ['a list before any opening', [request(1, 'tools/list')]],
    ['a ping before any opening', [request(1, 'ping')]],
    ['an initialize without client info', [initialize({ clientInfo: undefined })]],
    ['an initialize with bad capabilities', [initialize({ capabilities: { roots: { listChanged: 'yes' } } })]],
    ['an initialize with capabilities for tasks', [initialize({ capabilities: { tasks: { list: {} } } })]],
    ['an initialize that claims to be a 2026 request', [initialize(envelope())]],
    ['a cursor that is no string', [...opened, request(1, 'tools/list', { cursor: 5 })]],
    ['metadata that is no object', [...opened, request(1, 'ping', { _meta: 5 })]],
    ['a field that JSON-RPC does not have', [...opened, { ...request(1, 'ping'), extra: 1 }]],
    ['an id that is no string or integer', [...opened, { ...request(1, 'ping'), id: 1.5 }]],
    ['a 2026 version it does not know', [request(1, 'server/discover', envelope({}, '2027-01-01'))]],
    [
      'a 2026 request without capabilities',
      [request(1, 'server/discover', envelope({ 'io.modelcontextprotocol/clientCapabilities': undefined }))],
    ],
    [
      'a 2026 request with a log level',
      [request(1, 'tools/list', envelope({ 'io.modelcontextprotocol/logLevel': 'loud' }))],
    ],
    ['a 2026 ping', [request(1, 'ping', envelope())]],
    ['a 2026 request in a 2025 connection', [...opened, request(1, 'tools/list', envelope())]],
    ['a 2025 request in a 2026 connection', [request(1, 'tools/list', envelope()), request(2, 'ping')]],
    ['a notification before the opening', [initialized]],
    ['a cancellation', [...opened, { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }]],
    ['a batch', [[request(1, 'ping')]]],
    ['something that is no message', [{ hello: 'world' }]],
  ])('%s', (_case, conversation) => {
    expect(handshakeAnswers(conversation).at(-1)).toBe('handover');
  });
});
