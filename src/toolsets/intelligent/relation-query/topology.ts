import { kindKeyOf } from '../../../graph/kind-key.ts';
import { countOf } from '../../../graph/queries/state-text.ts';
import { type NamespaceSummary, type NodeSummary, type Topology, topology } from '../../../graph/queries/topology.ts';
import { plural } from '../../../operations/shape/rest.ts';
import type { Asked, Found } from './answer.ts';
import { focusNamespace } from './targets.ts';

/** Kinds told of one namespace. */
const KINDS = 6;

/** Nodes with their pods, namespaces with their objects. */
export async function topologyOf({ graph: { view }, question, bounds, ctx }: Asked): Promise<Found> {
  const resources = await Promise.all(
    (question.resource_types ?? []).map((kind) => ctx.cluster.mapper.resolve(kind, undefined, ctx.signal)),
  );
  const kinds = resources.length === 0 ? undefined : resources.map(({ group, kind }) => kindKeyOf(group, kind));
  const found = topology(view, {
    namespace: focusNamespace(question),
    kinds,
    maxResults: question.max_results,
    edges: bounds.edges,
  });
  const { nodes, namespaces, complete } = found;
  return {
    count: nodes.total + namespaces.total,
    complete,
    lines: linesOf(found),
    typed: () => ({
      results: [
        ...nodes.shown.map((node) => nodeItem(node)),
        ...namespaces.shown.map((namespace) => namespaceItem(namespace)),
      ].slice(0, question.max_results),
      summary: {
        cluster_overview: {
          nodes: { total_nodes: nodes.total, healthy_nodes: nodes.ready },
          namespaces: { total_namespaces: namespaces.total },
        },
      },
    }),
  };
}

function nodeItem({ name, zone, ready, cordoned, pods }: NodeSummary) {
  return {
    level: 'node',
    resource_id: `Node/${name}`,
    kind: 'Node',
    namespace: '',
    name,
    zone,
    ready,
    cordoned,
    hosted_pods: pods,
  };
}

function namespaceItem({ name, total, byKind, pods }: NamespaceSummary) {
  const abnormal = pods.byHealth.failed + pods.byHealth.warning;
  return {
    level: 'namespace',
    resource_id: `Namespace/${name}`,
    kind: 'Namespace',
    namespace: '',
    name,
    total_resources: total,
    resource_breakdown: byKind,
    health_summary: { total_pods: pods.total, abnormal_pods: abnormal },
  };
}

function linesOf({ nodes, namespaces, complete }: Topology): string[] {
  const zones = Object.entries(nodes.zones).map(([zone, count]) => `${zone} ${count}`);
  const moreNodes = nodes.total - nodes.shown.length;
  const moreNamespaces = namespaces.total - namespaces.shown.length;
  return [
    `${plural(nodes.total, 'node')}: ${nodes.ready} ready${nodes.cordoned > 0 ? `, ${nodes.cordoned} cordoned` : ''}${zones.length > 0 ? `; by zone: ${zones.join(', ')}` : ''}`,
    ...nodes.shown.map(
      ({ name, zone, ready, cordoned, pods }) =>
        `  ${name}${zone === '' ? '' : ` [${zone}]`}${ready ? '' : ' NotReady'}${cordoned ? ' cordoned' : ''}: ${plural(pods, 'pod')}`,
    ),
    ...(moreNodes > 0 ? [`  and ${plural(moreNodes, 'more node')} (raise max_results)`] : []),
    `${plural(namespaces.total, 'namespace')}:`,
    ...namespaces.shown.map(namespaceLine),
    ...(moreNamespaces > 0
      ? [`  and ${plural(moreNamespaces, 'more namespace')} (raise max_results, or focus_namespace)`]
      : []),
    ...(complete ? [] : ['Pods of some nodes were counted in part.']),
  ];
}

function namespaceLine({ name, byKind, pods }: NamespaceSummary): string {
  const abnormal = pods.byHealth.failed + pods.byHealth.warning;
  const kinds = Object.entries(byKind);
  const told = kinds.slice(0, KINDS).map(([kind, count]) => countOf(count, kind));
  const rest = kinds.length - told.length;
  return `  ${name}: ${told.join(', ') || 'nothing'}${rest > 0 ? ` and ${plural(rest, 'more kind')}` : ''}${abnormal > 0 ? `; ${plural(abnormal, 'pod')} in trouble` : ''}`;
}
