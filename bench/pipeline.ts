import { z } from 'zod';
import { createLimiter } from '../src/kernel/async.ts';
import type { JsonObject } from '../src/kernel/vocabulary.ts';
import type { ClusterView } from '../src/kube/types.ts';
import { defineOperation } from '../src/operations/define.ts';
import { createGateway } from '../src/operations/pipeline.ts';
import { createPlanTokens } from '../src/operations/plan-token.ts';
import { createRedactor } from '../src/policy/redaction/redactor.ts';
import { NO_COMMAND_PORTS, NO_COMMANDS } from '../test/support/without-commands.ts';
import { GRAPH_DEFAULTS, NO_GRAPH } from '../test/support/without-graph.ts';
import type { Sample } from './table.ts';

const TOOLS = 60;
const CALLS = 5000;

/** What the pipeline itself costs: 60 tools that ask the cluster nothing, against calling the tool's function alone. */
export async function measurePipeline(): Promise<Sample[]> {
  const key = new Uint8Array(32);
  const operations = Array.from({ length: TOOLS }, (_, at) => operation(`tool_${at}`));
  const rules = {
    gates: { list: true, create: false, update: false, delete: false, exec: false, escalation: false },
    allowedNamespaces: undefined,
    forbiddenNamespaces: new Set<string>(),
    deniedKinds: new Set<string>(),
    contexts: undefined,
    writeContexts: undefined,
    defaultContext: 'bench',
    maxResources: undefined,
  };
  // The tools of this measure never touch the cluster, so its view is never used.
  const view = { context: 'bench', defaultNamespace: 'default' } as ClusterView;
  const gateway = createGateway({
    rules,
    manifest: operations.map((o) => ({
      name: o.name,
      title: o.title,
      toolset: o.toolset,
      description: o.description,
      effect: o.effect,
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
      inputSchema: z.toJSONSchema(o.input, { io: 'input' }) as JsonObject,
    })),
    toolsets: ['resources'],
    confirm: 'auto',
    load: async (name) => operations.find((o) => o.name === name) ?? operation(name),
    ...NO_COMMAND_PORTS,
    ...GRAPH_DEFAULTS,
    openCluster: async () => ({
      ...NO_COMMANDS,
      ...NO_GRAPH,
      id: 'bench',
      view,
      redactor: createRedactor(key),
      decide: () => ({ allow: true }),
      resolveMarkers: async (manifest) => manifest,
    }),
    redactorFor: () => createRedactor(key),
    planTokens: createPlanTokens(key, Date.now),
    audit: () => {},
    report: () => {},
    limit: createLimiter(32, 128),
    callTimeoutMs: 10_000,
    budgetTokens: 8000,
    now: Date.now,
  });
  const principal = { id: 'bench', transport: 'stdio' as const, authenticated: true };
  const { signal } = new AbortController();
  const run = async (calls: number) => {
    for (let at = 0; at < calls; at++) {
      await gateway.call({ tool: `tool_${at % TOOLS}`, arguments: { kind: 'Pod', limit: 5 }, principal, signal });
    }
  };
  await run(500);
  const started = performance.now();
  await run(CALLS);
  const value = (performance.now() - started) / CALLS;
  return [{ measure: 'pipeline overhead per call, 60 tools', unit: 'ms', contender: 'k8s-mcp', value }];
}

function operation(name: string) {
  return defineOperation({
    name,
    toolset: 'resources',
    title: 'Bench',
    description: 'Answers at once.',
    effect: 'read',
    input: { kind: z.string(), namespace: z.string().optional(), limit: z.number().int().min(1).max(100).default(10) },
    output: z.looseObject({ text: z.string() }),
    resolve: async () => [],
    run: async ({ kind }) => ({ text: `${kind} is fine` }),
    render: ({ text }) => text,
  });
}
