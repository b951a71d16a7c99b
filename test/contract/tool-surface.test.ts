/** What every client sees of the tools, pinned word for word: a change of it is a decision, made here too. */
import { describe, expect, test } from 'vitest';
import { toolTokens } from '../../bench/tokens.ts';
import { MANIFEST } from '../../src/app/face.ts';
import { TOOLSETS } from '../../src/app/rules.ts';
import { LOADERS } from '../../src/generated/operations.ts';
import type { ManifestTool } from '../../src/operations/gateway.ts';
import { shownTool } from '../../src/policy/visible.ts';

/** Read-only, destructive, idempotent, open world: the four hints of MCP, in this order. */
type Hints = readonly [readOnly: boolean, destructive: boolean, idempotent: boolean, openWorld: boolean];
const READ: Hints = [true, false, true, true];

const COMMAND = 'command! namespace timeout stdin files context confirm';

/** Name, hints, gate, arguments; an argument that must be given ends with `!`. */
const SURFACE: readonly (readonly [name: string, hints: Hints, gate: string, args: string])[] = [
  ['create_resource', [false, false, false, true], 'create', 'manifest! kind namespace dryRun context'],
  [
    'delete_resource',
    [false, true, true, true],
    'delete',
    'kind! name! namespace propagation gracePeriodSeconds dryRun context confirm',
  ],
  ['get_api_resources', READ, '', 'includeNamespaceScoped includeClusterScoped filter context'],
  ['get_resource', READ, '', 'kind! name! namespace apiVersion fields full output context'],
  [
    'list_resources',
    READ,
    'list',
    'kind! namespace labelSelector fieldSelector columns where sortBy groupBy limit continue output apiVersion context',
  ],
  ['update_resource', [false, true, false, true], 'update', 'kind name namespace manifest! mode dryRun force context'],
  ['k8s-describe-pod', READ, '', 'pod_name! namespace context'],
  ['k8s-get-deployments', READ, 'list', 'namespace name label_selector continue context'],
  ['k8s-get-events', READ, 'list', 'namespace limit type kind name context'],
  ['k8s-get-logs', READ, '', 'pod_name! namespace container lines since previous include exclude timestamps context'],
  ['k8s-get-nodes', READ, 'list', 'label_selector continue context'],
  ['k8s-get-pods', READ, 'list', 'namespace label_selector continue context'],
  ['k8s-get-services', READ, 'list', 'namespace name label_selector continue context'],
  ['k8s-scale-deployment', [false, true, true, true], 'update', 'name! replicas! namespace dryRun context'],
  ['k8s-cluster-summary', READ, 'list', 'scope focus_namespace include_details max_size_kb anomaly_threshold context'],
  [
    'k8s-relation-query',
    READ,
    'list',
    'query_type target_resources max_depth relation_filter max_results focus_namespace resource_types context',
  ],
  ['argocd', [false, true, false, true], '', COMMAND],
  ['helm', [false, true, false, true], '', COMMAND],
  ['istioctl', [false, true, false, true], '', COMMAND],
  ['kubectl', [false, true, false, true], '', COMMAND],
];

/** The tools of seed 0 and 1 and the cluster tools of seed 2, as their documents spell them (surface.md §3.4, §4.4). */
const SEEDS = [
  'get_api_resources',
  'list_resources',
  'get_resource',
  'create_resource',
  'update_resource',
  'delete_resource',
  'k8s-get-pods',
  'k8s-get-services',
  'k8s-get-deployments',
  'k8s-get-nodes',
  'k8s-scale-deployment',
  'k8s-get-logs',
  'k8s-describe-pod',
  'k8s-get-events',
  'k8s-relation-query',
  'k8s-cluster-summary',
  'kubectl',
  'helm',
  'istioctl',
  'argocd',
];

/** What the seeds' own clients send: as an argument, or as an alias that is accepted and not advertised. */
const SEED_ARGUMENTS: Record<string, string[]> = {
  get_api_resources: ['includeNamespaceScoped', 'includeClusterScoped'],
  list_resources: ['kind', 'namespace', 'labelSelector', 'fieldSelector'],
  get_resource: ['kind', 'name', 'namespace'],
  create_resource: ['kind', 'namespace', 'manifest'],
  update_resource: ['kind', 'name', 'namespace', 'manifest'],
  delete_resource: ['kind', 'name', 'namespace'],
  'k8s-get-pods': ['namespace', 'label_selector'],
  'k8s-get-services': ['namespace', 'label_selector'],
  'k8s-get-deployments': ['namespace', 'label_selector'],
  'k8s-get-nodes': ['label_selector'],
  'k8s-scale-deployment': ['name', 'replicas', 'namespace'],
  'k8s-get-logs': ['pod_name', 'namespace', 'container', 'lines'],
  'k8s-describe-pod': ['pod_name', 'namespace'],
  'k8s-get-events': ['namespace', 'limit'],
  'k8s-relation-query': [
    ...['query_type', 'target_resources', 'max_depth', 'relation_filter', 'include_metadata', 'include_health_info'],
    ...['max_results', 'focus_namespace', 'resource_types', 'resource_type', 'resource_name', 'namespace'],
  ],
  'k8s-cluster-summary': [
    ...['scope', 'focus_namespace', 'include_details', 'max_size_kb', 'anomaly_threshold', 'include_historical'],
    ...['resource_types', 'time_range', 'summary_type', 'include_anomalies', 'include_metrics', 'namespace'],
  ],
  kubectl: ['command', 'namespace'],
  helm: ['command', 'namespace'],
  istioctl: ['command', 'namespace'],
  argocd: ['command', 'namespace'],
};

const properties = ({ inputSchema }: ManifestTool) =>
  inputSchema['properties'] as Record<string, { description?: string }>;

function surfaceOf(tool: ManifestTool) {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint, ...others } = tool.annotations;
  const required = (tool.inputSchema['required'] ?? []) as string[];
  const args = Object.keys(properties(tool)).map((name) => (required.includes(name) ? `${name}!` : name));
  expect(others).toEqual({});
  return [tool.name, [readOnlyHint, destructiveHint, idempotentHint, openWorldHint], tool.gate ?? '', args.join(' ')];
}

test('names, hints, gates and arguments are these and no other', () => {
  expect(MANIFEST.map(surfaceOf)).toEqual(SURFACE);
});

test("the names are the seeds' own, and each has a module", () => {
  expect(MANIFEST.map((tool) => tool.name).sort()).toEqual([...SEEDS].sort());
  expect(Object.keys(LOADERS).sort()).toEqual([...SEEDS].sort());
});

describe.each(MANIFEST.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  test('takes what the clients of its seed send', async () => {
    const { aliases, input } = await LOADERS[name]!();
    const taken = [...Object.keys(input.shape), ...Object.keys(aliases)];
    expect(taken).toEqual(expect.arrayContaining(SEED_ARGUMENTS[name]!));
    for (const meant of Object.values(aliases)) expect(Object.keys(properties(tool))).toContain(meant);
  });

  test('says what it does in at most 120 characters, and never more of an argument', () => {
    expect(tool.description.length).toBeGreaterThan(20);
    expect(tool.description.length).toBeLessThanOrEqual(120);
    expect(tool.title.length).toBeLessThanOrEqual(40);
    for (const { description = '' } of Object.values(properties(tool)))
      expect(description.length).toBeLessThanOrEqual(120);
  });

  test('takes one closed object, whose schema needs no other document', () => {
    expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(JSON.stringify(tool.inputSchema)).not.toMatch(/"\$(schema|ref|defs|id)"/);
  });

  test('hints agree with its effect', () => {
    const { readOnlyHint, destructiveHint } = tool.annotations;
    expect(readOnlyHint).toBe(tool.effect === 'read');
    if (tool.effect === 'destructive') expect(destructiveHint).toBe(true);
    if (readOnlyHint) expect(destructiveHint).toBe(false);
    expect('confirm' in properties(tool)).toBe(tool.effect === 'destructive');
  });
});

/** Of DESIGN.md §9's 2,600 tokens for a read-only server, and 3,600 for all: about 125 a tool (2,170 and 2,610 when this was set). */
test('the tools of a read-only server cost at most 2,300 tokens, all of them at most 2,750', () => {
  const gates = { list: true, create: false, update: false, delete: false, exec: false, escalation: false };
  const closed = { gates, toolsets: TOOLSETS, permissive: false };
  expect(toolTokens(MANIFEST.flatMap((tool) => shownTool(tool, closed)))).toBeLessThanOrEqual(2300);
  expect(toolTokens(MANIFEST)).toBeLessThanOrEqual(2750);
});
