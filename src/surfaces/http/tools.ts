import type { Context, Hono } from 'hono';
import { AppError } from '../../kernel/errors.ts';
import type { CallOutcome, ManifestTool } from '../../operations/gateway.ts';
import { readJsonObject } from './body.ts';
import type { EventHub } from './events.ts';
import { prefersText } from './negotiate.ts';
import { problem } from './problem.ts';
import { callEnvelope } from './tools-call.ts';
import type { HttpEnv, HttpPorts } from './types.ts';

/** GET /tools, GET /tools/status, POST /tools/call, POST /tools/refresh and POST /tools/<name>. */
export function addToolRoutes(app: Hono<HttpEnv>, ports: HttpPorts, hub: EventHub): void {
  const { gateway } = ports;
  let refreshedAt = new Date().toISOString();
  let shown = names(gateway.tools());

  app.get('/tools', (c) => {
    const tools = gateway.tools().map(describeTool);
    return c.json({ tools, total_count: tools.length, last_updated: refreshedAt });
  });

  app.get('/tools/status', async (c) => c.json(await ports.toolStatus()));

  app.post('/tools/call', async (c) => {
    const { status, body } = await callEnvelope(await readJsonObject(c.req.raw), {
      principal: c.get('principal'),
      clientId: c.req.header('x-client-id'),
      call: (tool, args, progress) => run(c, ports, tool, args, progress === undefined ? {} : { progress }),
      hub,
    });
    return Response.json(body, { status });
  });

  app.post('/tools/refresh', (c) => {
    const tools = gateway.tools();
    const list = tools.map((tool) => tool.name);
    refreshedAt = new Date().toISOString();
    const event = { tools: list, total_count: list.length, updated_at: refreshedAt };
    if (names(tools) !== shown) hub.broadcast('tools_updated', event);
    else hub.send(c.req.header('x-client-id'), c.get('principal'), 'tools_updated', event);
    shown = names(tools);
    const message = `${list.length} tools are available.`;
    return c.json({ success: true, message, tools_count: list.length, tools: list, refreshed_at: refreshedAt });
  });

  app.post('/tools/:name', async (c) => {
    const textOnly = prefersText(c.req.header('accept'));
    const outcome = await run(c, ports, c.req.param('name'), await readJsonObject(c.req.raw), { textOnly });
    if (!outcome.ok) {
      const extra = { requestId: c.get('requestId'), ...(outcome.plan === undefined ? {} : { plan: outcome.plan }) };
      return problem(outcome.error, extra);
    }
    return textOnly ? c.text(outcome.text) : Response.json(outcome.output ?? null);
  });
}

/** A tool as GET /tools and the event `tools_list` show it. */
export function describeTool(tool: ManifestTool) {
  const { name, title, toolset, description, effect, gate, annotations, inputSchema } = tool;
  return {
    name,
    title,
    description,
    category: 'kubernetes',
    toolset,
    effect,
    ...(gate === undefined ? {} : { gate }),
    annotations,
    input_schema: inputSchema,
  };
}

/** The header beats the field; the field never reaches the tool's own arguments. */
function run(
  c: Context<HttpEnv>,
  { gateway }: HttpPorts,
  tool: string,
  input: Record<string, unknown>,
  { progress, textOnly = false }: { progress?: (message: string) => void; textOnly?: boolean } = {},
): Promise<CallOutcome> {
  const { kubeconfig: field, ...args } = input;
  if (field !== undefined && field !== null && typeof field !== 'string') {
    throw new AppError('invalid_argument', 'The field "kubeconfig" must be a string.', {
      problems: [{ field: 'kubeconfig', problem: 'must be a base64 string' }],
    });
  }
  const kubeconfig = c.req.header('x-kubeconfig') ?? field ?? undefined;
  return gateway.call({
    tool,
    arguments: args,
    principal: c.get('principal'),
    signal: c.req.raw.signal,
    ...(progress === undefined ? {} : { progress }),
    ...(textOnly ? { textOnly } : {}),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  });
}

function names(tools: readonly ManifestTool[]): string {
  return tools.map((tool) => tool.name).join('\n');
}
