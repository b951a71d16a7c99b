import { expect, test } from 'vitest';
import { buildApp } from './app.ts';
import { createEventHub } from './events.ts';
import { buildOpenApi } from './openapi.ts';
import { DELETE_TOOL, READ_TOOL } from './testing.ts';
import type { HttpPorts } from './types.ts';

const info = {
  name: 'k8s-mcp',
  version: '1.2.3',
  endpointPath: '/mcp',
  transport: 'all',
  authenticated: true,
} as const;
const document = buildOpenApi([READ_TOOL, DELETE_TOOL], info);

/** Every object in the document, with the path to it. */
function* walk(value: unknown, path: string[] = []): Generator<[string[], Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Record<string, unknown>];
  for (const [key, child] of Object.entries(value)) yield* walk(child, [...path, key]);
}

function at(pointer: string): unknown {
  return pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);
}

test('The document has the members OpenAPI 3.1 requires', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'k8s-mcp', version: '1.2.3' } });
  expect(document['security']).toEqual([{ bearer: [] }]);
  expect(buildOpenApi([], { ...info, authenticated: false })).not.toHaveProperty('security');
});

test('Every reference in the document resolves', () => {
  const references = [...walk(document)].map(([, object]) => object['$ref']).filter((ref) => ref !== undefined);
  expect(references.length).toBeGreaterThan(10);
  for (const reference of references) expect([reference, at(String(reference))]).not.toContain(undefined);
});

test('Operation ids are unique, and every operation has a summary and answers', () => {
  const operations = Object.values(document['paths'] as Record<string, object>).flatMap((item) => Object.values(item));
  const ids = operations.map((operation) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const operation of operations) {
    expect(operation.summary).toEqual(expect.any(String));
    for (const answer of Object.values<Record<string, unknown>>(operation.responses)) {
      expect(answer['description'] ?? answer['$ref']).toEqual(expect.any(String));
    }
  }
});

test('A tool is a path with its input schema, the REST-only kubeconfig and the header', () => {
  expect(at('#/paths')).toHaveProperty(['/tools/delete_resource', 'post', 'responses', '428']);
  expect(at('#/paths')).toHaveProperty(['/tools/get_resource', 'post', 'parameters', '0'], {
    $ref: '#/components/parameters/Kubeconfig',
  });
  expect(at('#/components/schemas/get_resource.input')).toEqual({
    type: 'object',
    properties: {
      kind: { type: 'string' },
      filter: { $ref: '#/components/schemas/get_resource.filter' },
      kubeconfig: { type: 'string', description: expect.stringContaining('base64') },
    },
    required: ['kind'],
    additionalProperties: false,
  });
  expect(at('#/components/schemas/get_resource.filter')).toEqual({
    anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#/components/schemas/get_resource.filter' } }],
  });
});

test('The example of a call has what must be given and nothing else', () => {
  const scale = {
    ...READ_TOOL,
    inputSchema: {
      type: 'object',
      properties: { name: { type: 'string' }, replicas: { type: 'integer', minimum: 0 }, context: { type: 'string' } },
      required: ['name', 'replicas'],
    },
  };
  const content = [
    'paths',
    `/tools/${READ_TOOL.name}`,
    'post',
    'requestBody',
    'content',
    'application/json',
    'example',
  ];
  expect(buildOpenApi([scale], info)).toHaveProperty(content, { name: '<name>', replicas: 0 });
  expect(buildOpenApi([{ ...scale, inputSchema: { type: 'object' } }], info)).toHaveProperty(content, {});
});

test('Every path of the document is a route of the server', () => {
  const settings = {
    host: '127.0.0.1',
    port: 0,
    endpointPath: '/mcp',
    transport: 'all',
    allowedHosts: [],
    allowedOrigins: [],
    allowUnauthenticated: false,
  } as const;
  const gateway = { tools: () => [], call: () => Promise.reject(new Error('not called')) };
  const hub = createEventHub({});
  const app = buildApp({ settings, gateway, info, mcp: { sse: {} } } as unknown as HttpPorts, hub, () => false);
  hub.close();
  const routes = new Set(app.routes.map((route) => `${route.method} ${route.path}`));
  for (const [path, item] of Object.entries(document['paths'] as object)) {
    for (const method of Object.keys(item)) {
      const isTool = path === '/tools/get_resource' || path === '/tools/delete_resource';
      expect(routes).toContain(`${method.toUpperCase()} ${isTool ? '/tools/:name' : path}`);
    }
  }
});
