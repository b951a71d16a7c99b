import { node as nodeProjection } from '../../../graph/project/node.ts';
import { quantity } from '../../../graph/project/quantity.ts';
import type { GraphView } from '../../../graph/types.ts';
import { toAppError } from '../../../kernel/errors.ts';
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import type { ApiResource } from '../../../kube/types.ts';
import type { NodeUsage, Performance } from '../../../monitor/summary/types.ts';
import { scopesOf } from '../../../operations/query/across-namespaces.ts';
import type { CallContext } from '../../../operations/types.ts';

/** Consumers that are named. */
const TOP = 10;
/** Above this many pods their metrics are read of one namespace only: the API has no pages. */
const MOST_PODS = 5000;

/** `nodes` and `pods` of metrics.k8s.io, as far as they are served. Nodes work for all namespaces, and are no part of one. */
export async function servedMetrics(ctx: CallContext, namespace: string | undefined): Promise<readonly ApiResource[]> {
  const { resources } = await ctx.cluster.mapper.snapshot(ctx.signal);
  const wanted = namespace === undefined ? ['nodes', 'pods'] : ['pods'];
  return resources.filter(
    ({ group, resource, preferred }) => group === 'metrics.k8s.io' && preferred && wanted.includes(resource),
  );
}

type Read = Pick<Performance, 'nodes' | 'in_namespace' | 'top_pods' | 'notes'>;

/** Usage as the metrics server measured it last. */
export async function readUsage(view: GraphView, namespace: string | undefined, ctx: CallContext): Promise<Read> {
  const served = await servedMetrics(ctx, namespace);
  const nodes = served.find(({ resource }) => resource === 'nodes');
  const pods = served.find(({ resource }) => resource === 'pods');
  if (nodes === undefined && pods === undefined) {
    return { notes: ['usage is not known: metrics.k8s.io is not served (metrics-server is not installed or down)'] };
  }
  const notes: string[] = [];
  const nodeUsage =
    nodes === undefined ? undefined : await attempt(notes, 'nodes', () => usageOfNodes(nodes, view, ctx));
  const count = view.count('Pod', namespace).total;
  if (count > MOST_PODS) {
    notes.push(`usage by pod is not read for ${count} pods at once: send focus_namespace`);
  }
  const podUsage =
    pods === undefined || count > MOST_PODS
      ? undefined
      : await attempt(notes, 'pods', () => usageOfPods(pods, namespace, ctx));
  return {
    notes,
    ...(nodeUsage === undefined ? {} : { nodes: nodeUsage }),
    ...podUsage,
  };
}

async function attempt<T>(notes: string[], what: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'cancelled') throw error;
    notes.push(`usage of ${what} is not known: ${error.message}`);
    return undefined;
  }
}

async function usageOfNodes(
  resource: ApiResource,
  view: GraphView,
  ctx: CallContext,
): Promise<NonNullable<Performance['nodes']>> {
  const { items } = await ctx.cluster.client.list(resource, {}, ctx.signal);
  const nodes = items.map((item): NodeUsage => {
    const name = item.metadata?.name ?? '';
    const id = view.find('Node', '', name);
    const allocatable = id === undefined ? undefined : nodeProjection.of(view.node(id))?.allocatable;
    const used = usageIn(item['usage']);
    return {
      name,
      cpu: { used: used.cpu, allocatable: allocatable?.cpu ?? 0 },
      memory: { used: used.memory, allocatable: allocatable?.memory ?? 0 },
    };
  });
  const sum = (pick: (node: NodeUsage) => NodeUsage['cpu']) => ({
    used: nodes.reduce((total, node) => total + pick(node).used, 0),
    allocatable: nodes.reduce((total, node) => total + pick(node).allocatable, 0),
  });
  const load = ({ cpu, memory }: NodeUsage) => Math.max(shareOf(cpu), shareOf(memory));
  const busiest = [...nodes].sort((a, b) => load(b) - load(a) || (a.name < b.name ? -1 : 1)).slice(0, TOP);
  return { cpu: sum(({ cpu }) => cpu), memory: sum(({ memory }) => memory), busiest };
}

const shareOf = ({ used, allocatable }: NodeUsage['cpu']) => (allocatable === 0 ? 0 : used / allocatable);

async function usageOfPods(
  resource: ApiResource,
  namespace: string | undefined,
  ctx: CallContext,
): Promise<Pick<Read, 'in_namespace' | 'top_pods'>> {
  const items: KubeObject[] = [];
  for (const scope of scopesOf(resource, namespace, ctx.policy)) {
    const list = await ctx.cluster.client.list(resource, scope === undefined ? {} : { namespace: scope }, ctx.signal);
    items.push(...list.items);
  }
  const pods = items.map((item) => {
    const containers = Array.isArray(item['containers']) ? item['containers'] : [];
    const used = containers.map((container) => usageIn(fieldOf(container, 'usage')));
    return {
      namespace: item.metadata?.namespace ?? '',
      name: item.metadata?.name ?? '',
      cpu: used.reduce((total, { cpu }) => total + cpu, 0),
      memory: used.reduce((total, { memory }) => total + memory, 0),
    };
  });
  const byCpu = [...pods].sort((a, b) => b.cpu - a.cpu || (a.name < b.name ? -1 : 1)).slice(0, TOP / 2);
  const byMemory = [...pods].sort((a, b) => b.memory - a.memory || (a.name < b.name ? -1 : 1)).slice(0, TOP / 2);
  const top_pods = [...new Set([...byCpu, ...byMemory])];
  if (namespace === undefined) return { top_pods };
  const sum = (of: 'cpu' | 'memory') => pods.reduce((total, { [of]: used }) => total + used, 0);
  return { top_pods, in_namespace: { pods: pods.length, cpu: sum('cpu'), memory: sum('memory') } };
}

function usageIn(usage: unknown): { cpu: number; memory: number } {
  return { cpu: quantity(fieldOf(usage, 'cpu')), memory: quantity(fieldOf(usage, 'memory')) };
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
