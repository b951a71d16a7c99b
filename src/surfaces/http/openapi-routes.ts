import type { JsonObject } from '../../kernel/vocabulary.ts';

const PROBLEM = { $ref: '#/components/responses/Problem' };
const OBJECT = { type: 'object' };
const STRING = { type: 'string' };
const KUBECONFIG = { $ref: '#/components/parameters/Kubeconfig' };

const json = (description: string, schema: JsonObject = OBJECT) => ({
  description,
  content: { 'application/json': { schema } },
});
const text = (description: string) => ({ description, content: { 'text/plain': { schema: STRING } } });
/** Paths that need no token say so, against the document's default. */
const open = { security: [] };

/** The HTTP paths beside the tools' own, as OpenAPI path items. */
export const ROUTES: JsonObject = {
  '/tools': {
    get: {
      operationId: 'list-tools',
      summary: 'The visible tools with their schemas',
      tags: ['tools'],
      responses: {
        '200': json('tools, total_count, last_updated', {
          type: 'object',
          properties: {
            tools: { type: 'array', items: OBJECT },
            total_count: { type: 'integer' },
            last_updated: STRING,
          },
        }),
        default: PROBLEM,
      },
    },
  },
  '/tools/status': {
    get: {
      operationId: 'tools-status',
      summary: 'Which CLI tools there are, and their client versions',
      tags: ['tools'],
      responses: {
        '200': json('tools: by name available, description, version or error', {
          type: 'object',
          properties: { tools: { type: 'object', additionalProperties: OBJECT } },
        }),
        default: PROBLEM,
      },
    },
  },
  '/tools/call': {
    post: {
      operationId: 'call-tool',
      summary: 'Call any tool by name',
      tags: ['tools'],
      parameters: [
        KUBECONFIG,
        { name: 'X-Client-Id', in: 'header', description: 'client_id of an open /events stream', schema: STRING },
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['name'],
              properties: { id: STRING, name: STRING, arguments: OBJECT, client_id: STRING },
            },
          },
        },
      },
      responses: {
        '200': json('id, success true, result, text'),
        default: json('id, success false, error with code, message, details and timestamp'),
      },
    },
  },
  '/tools/refresh': {
    post: {
      operationId: 'refresh-tools',
      summary: 'Read the list of tools again',
      tags: ['tools'],
      responses: { '200': json('success, message, tools_count, tools, refreshed_at'), default: PROBLEM },
    },
  },
  '/events': {
    get: {
      operationId: 'events',
      summary: 'Server-sent events: connected, tools_list, and the progress of this client’s own calls',
      tags: ['tools'],
      responses: {
        '200': { description: 'an event stream', content: { 'text/event-stream': { schema: STRING } } },
        default: PROBLEM,
      },
    },
  },
  '/': {
    get: {
      operationId: 'root',
      summary: 'Name, version and links',
      tags: ['server'],
      ...open,
      responses: { '200': json('links') },
    },
  },
  '/health': {
    get: {
      operationId: 'health',
      summary: 'State of the server; reduced without a token',
      tags: ['server'],
      ...open,
      responses: { '200': json('the server is alive') },
    },
  },
  '/intelligent/status': {
    get: {
      operationId: 'intelligent-status',
      summary: 'The live graph of the default cluster: size, and how its kinds are synced',
      tags: ['server'],
      responses: { '200': json('graph_nodes_count, graph_edges_count, sync_status and more'), default: PROBLEM },
    },
  },
  '/intelligent/health': {
    get: {
      operationId: 'intelligent-health',
      summary: 'Health of the graph, its sync and the summaries',
      tags: ['server'],
      responses: { '200': json('components, timestamp'), default: PROBLEM },
    },
  },
  '/healthz': {
    get: {
      operationId: 'live',
      summary: 'Liveness probe',
      tags: ['server'],
      ...open,
      responses: { '200': text('ok') },
    },
  },
  '/readyz': {
    get: {
      operationId: 'ready',
      summary: 'Readiness probe',
      tags: ['server'],
      ...open,
      responses: { '200': text('ok'), '503': PROBLEM },
    },
  },
};
