import type { CallOutcome, CallRequest, Gateway, ManifestTool } from '../../operations/gateway.ts';
import type { CliIo } from './types.ts';

const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

export const LIST_TOOL: ManifestTool = {
  name: 'list_resources',
  title: 'List objects',
  toolset: 'resources',
  description: 'Lists objects of a kind as a table. Ask for less with selectors.',
  effect: 'read',
  annotations,
  inputSchema: {
    type: 'object',
    required: ['kind'],
    properties: {
      namespace: { type: 'string', description: 'all for every namespace' },
      kind: { type: 'string' },
      labelSelector: { type: 'string' },
      columns: { type: 'array', items: { type: 'string' } },
      limit: { type: 'integer', default: 100 },
      ratio: { type: 'number' },
      wide: { type: 'boolean' },
      tail_lines: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      labels: { type: 'object' },
      ports: { type: 'array', items: { type: 'integer' } },
      output: { enum: ['table', 'yaml'] },
    },
  },
};

export const DELETE_TOOL: ManifestTool = {
  name: 'delete_resource',
  title: 'Delete one object',
  toolset: 'resources',
  description: 'Deletes an object.',
  effect: 'destructive',
  gate: 'delete',
  annotations: { ...annotations, readOnlyHint: false, destructiveHint: true },
  inputSchema: {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, confirm: { type: 'string' } },
  },
};

/** A terminal in memory. */
export function memoryIo(options: { interactive?: boolean; input?: string; answer?: string; columns?: number } = {}) {
  const printed = { out: '', err: '' };
  const questions: string[] = [];
  const writer = (name: 'out' | 'err') => ({
    async write(text: string) {
      printed[name] += text;
    },
  });
  const io: CliIo = {
    out: writer('out'),
    err: writer('err'),
    interactive: options.interactive ?? false,
    columns: options.columns,
    readInput: async () => options.input ?? '',
    ask: async (question) => {
      questions.push(question);
      return options.answer ?? '';
    },
  };
  return { io, printed, questions };
}

/** A gateway that answers with `answer` and remembers what it was asked. */
export function memoryGateway(answer: (request: CallRequest) => CallOutcome) {
  const calls: CallRequest[] = [];
  const gateway: Gateway = {
    tools: () => [LIST_TOOL, DELETE_TOOL],
    async call(request) {
      calls.push(request);
      return answer(request);
    },
  };
  return { gateway, calls };
}
