import type { JsonObject } from '../../kernel/vocabulary.ts';
import type { ManifestTool } from '../../operations/gateway.ts';
import { ROUTES } from './openapi-routes.ts';

interface OpenApiInfo {
  name: string;
  version: string;
  endpointPath: string;
  transport: 'streamable-http' | 'sse' | 'all';
  /** Whether the server asks for a bearer token. */
  authenticated: boolean;
}

const KUBECONFIG =
  'base64 of a kubeconfig (kubectl config view --minify --flatten --raw | base64): the cluster of this call. Programs, file paths and proxies in it are refused';
const PROBLEM = { $ref: '#/components/responses/Problem' };

/** The OpenAPI 3.1 document: a path per visible tool, and the routes around them. */
export function buildOpenApi(tools: readonly ManifestTool[], info: OpenApiInfo): JsonObject {
  const schemas: JsonObject = {};
  const paths: JsonObject = {};
  for (const tool of tools) paths[`/tools/${tool.name}`] = { post: toolOperation(tool, schemas) };
  return {
    openapi: '3.1.0',
    info: {
      title: info.name,
      version: info.version,
      description:
        'Reads Kubernetes clusters, and changes them through gates. Every tool here is also an MCP tool ' +
        `(${info.transport === 'sse' ? '/sse' : info.endpointPath}). Errors are problem details (RFC 9457).`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    ...(info.authenticated ? { security: [{ bearer: [] }] } : {}),
    tags: [...new Set(tools.map((tool) => tool.toolset)), 'tools', 'server'].map((name) => ({ name })),
    paths: { ...paths, ...ROUTES },
    components: {
      schemas: { ...schemas, Problem: PROBLEM_SCHEMA, CommandResponse: COMMAND_RESPONSE },
      responses: {
        Problem: {
          description: 'What went wrong, and what to do next',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      parameters: {
        Kubeconfig: {
          name: 'X-Kubeconfig',
          in: 'header',
          description: `${KUBECONFIG}. Beats the field.`,
          schema: { type: 'string' },
        },
      },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function toolOperation(tool: ManifestTool, schemas: JsonObject): JsonObject {
  const input = `${tool.name}.input`;
  schemas[input] = inputSchema(tool, schemas);
  const required = tool.inputSchema['required'];
  return {
    operationId: tool.name,
    summary: tool.title,
    description: tool.gate === undefined ? tool.description : `${tool.description}\n\nNeeds the gate ${tool.gate}.`,
    tags: [tool.toolset],
    parameters: [{ $ref: '#/components/parameters/Kubeconfig' }],
    requestBody: {
      required: Array.isArray(required) && required.length > 0,
      content: {
        'application/json': { schema: { $ref: `#/components/schemas/${input}` }, example: example(tool) },
      },
    },
    responses: {
      '200': {
        description: 'The answer: typed as JSON, or the text a model reads with Accept: text/plain',
        content: { 'application/json': { schema: answerSchema(tool) }, 'text/plain': { schema: { type: 'string' } } },
      },
      ...(tool.effect === 'destructive'
        ? {
            '428': {
              ...CONFIRM,
              content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
            },
          }
        : {}),
      default: PROBLEM,
    },
  };
}

/** Only the CLI tools promise a shape; the others' answers follow from what they were asked. */
function answerSchema({ toolset }: ManifestTool): JsonObject {
  return toolset === 'cli' ? { $ref: '#/components/schemas/CommandResponse' } : {};
}

/** What "Try it out" sends unless it is changed. Without it the page makes up a value for each field, `kubeconfig` and `context` too. */
function example({ inputSchema }: ManifestTool): JsonObject {
  const { properties, required } = inputSchema;
  const names = Array.isArray(required) ? required.map(String) : [];
  return Object.fromEntries(
    names.map((name) => {
      const { type, minimum } = asObject(asObject(properties)[name]);
      return [name, type === 'integer' || type === 'number' ? (minimum ?? 1) : `<${name}>`];
    }),
  );
}

const CONFIRM = { description: 'A plan waits for a yes: send the same call with its token as `confirm`' };

/** The tool's schema with the REST-only field `kubeconfig`, its $defs moved to where this document's references reach them. */
function inputSchema(tool: ManifestTool, schemas: JsonObject): JsonObject {
  const { $schema: _, $defs, properties, ...rest } = tool.inputSchema;
  const place = (name: string) => `${tool.name}.${name}`;
  for (const [name, definition] of Object.entries(asObject($defs))) schemas[place(name)] = moveRefs(definition, place);
  return {
    ...asObject(moveRefs(rest, place)),
    properties: { ...asObject(moveRefs(properties, place)), kubeconfig: { type: 'string', description: KUBECONFIG } },
  };
}

function moveRefs(value: JsonObject[string] | undefined, place: (name: string) => string): JsonObject[string] {
  if (value === undefined || value === null || typeof value !== 'object') return value ?? null;
  if (Array.isArray(value)) return value.map((item) => moveRefs(item, place));
  const entries = Object.entries(value).map(([key, item]): [string, JsonObject[string]] => {
    if (key !== '$ref' || typeof item !== 'string') return [key, moveRefs(item, place)];
    return [key, item.replace(/^#\/\$defs\/(.+)$/, (_match, name: string) => `#/components/schemas/${place(name)}`)];
  });
  return Object.fromEntries(entries);
}

function asObject(value: JsonObject[string] | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

const STRING = { type: 'string' };
const COMMAND_RESPONSE: JsonObject = {
  type: 'object',
  description: 'a command that was run; one that is refused before is a Problem',
  required: ['success', 'output', 'error', 'exit_code', 'duration_ms'],
  properties: {
    success: { type: 'boolean', description: 'exit code 0' },
    output: STRING,
    error: { type: ['string', 'null'], description: 'stderr' },
    exit_code: { type: 'integer' },
    duration_ms: { type: 'number' },
    truncated: { type: 'boolean' },
    changed: { type: 'array', items: STRING, description: 'what was done to the output: redacted, cleaned, cut' },
    reason: { ...STRING, description: 'why the API refused a part of it' },
    hint: { ...STRING, description: 'what to do next' },
  },
};
const PROBLEM_SCHEMA: JsonObject = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: STRING,
    title: STRING,
    status: { type: 'integer' },
    detail: STRING,
    code: { ...STRING, description: 'stable name of the error' },
    reason: { ...STRING, description: 'the same as code' },
    retryable: { type: 'boolean' },
    remedy: { ...STRING, description: 'what to do next' },
    problems: {
      type: 'array',
      items: { type: 'object', properties: { field: STRING, problem: STRING } },
    },
    candidates: { type: 'array', items: STRING },
    facts: { type: 'object' },
    plan: {
      type: 'object',
      description: 'with status 428',
      properties: { title: STRING, effects: { type: 'array', items: STRING }, token: STRING },
    },
    request_id: STRING,
  },
};
