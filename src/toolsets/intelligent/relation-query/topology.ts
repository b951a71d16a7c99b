import { kindKeyOf } from '../../../graph/kind-key.ts';
import { countOf, nodeName } from '../../../graph/queries/state-text.ts';
import { MOST_PODS, type NamespaceSummary, type Topology, topology } from '../../../graph/queries/topology.ts';
import type { NodeGroup, NodeSummary } from '../../../graph/queries/topology-nodes.ts';
import type { GraphView } from '../../../graph/types.ts';
import { AppError } from '../../../kernel/errors.ts';
import { plural } from '../../../operations/shape/rest.ts';
import type { Asked, Found } from './answer.ts';
import { orMoreResults } from './more.ts';
import { knownFocus } from './targets.ts';

/** Kinds told of one namespace. */
const KINDS = 6;
/** Nodes named of one group; one that has no more is told node by node. */
const EXAMPLES = 5;
/** Groups of nodes that are told. */
const GROUPS = 20;
/** Zones that are counted in the first line. */
const ZONES = 12;

/** What narrows the nodes. */
const FEWER_BY_NAMESPACE = 'focus_namespace tells the nodes that host it; ';
const FEWER_BY_NAME = 'target_resources: ["zone/NAME"] or ["node/NAME"] tells those';

/** Nodes with their pods, namespaces with their objects. */
export async function topologyOf(asked: Asked): Promise<Found> {
  const { question, ctx } = asked;
  // Before anything is awaited: ids hold no longer.
  const narrowed = narrowedBy(asked);
  const resources = await Promise.all(
    (question.resource_types ?? []).map((kind) => ctx.cluster.mapper.resolve(kind, undefined, ctx.signal)),
  );
  const kinds = resources.length === 0 ? undefined : resources.map(({ group, kind }) => kindKeyOf(group, kind));
  const found = topology(asked.graph.view, {
    ...narrowed,
    kinds,
    maxResults: question.max_results,
    edges: MOST_PODS,
  });
  const { nodes, namespaces, complete } = found;
  return {
    count: (nodes?.total ?? 0) + namespaces.total,
    complete,
    lines: [
      ...nodeLines(found, narrowed, asked),
      ...namespaceLines(found, narrowed, asked),
      ...(complete ? [] : [`Only ${MOST_PODS} pods were counted.`]),
    ],
    typed: () => ({
      results: [
        ...(nodes?.shown ?? []).map((node) => nodeItem(node, found)),
        ...namespaces.shown.map((namespace) => namespaceItem(namespace)),
      ].slice(0, question.max_results),
      summary: {
        cluster_overview: {
          nodes: nodes === undefined ? { visible: false } : { total_nodes: nodes.total, healthy_nodes: nodes.ready },
          namespaces: { total_namespaces: namespaces.total },
        },
      },
    }),
  };
}

interface Narrowed {
  namespaces: readonly string[] | undefined;
  nodes: ((node: NodeSummary) => boolean) | undefined;
}

/** Targets narrow a topology: nodes and zones to those nodes, namespaces, as focus_namespace does, to those namespaces. */
function narrowedBy({ graph, targets, question }: Asked): Narrowed {
  const { view } = graph;
  const named = targets.map((id) => view.node(id));
  const other = named.find(({ kind }) => kind !== 'Node' && kind !== '~Zone' && kind !== 'Namespace');
  if (other !== undefined) {
    throw new AppError(
      'invalid_argument',
      `A topology is of nodes, zones and namespaces; ${nodeName(other)} is none.`,
      {
        problems: [
          { field: 'target_resources', problem: 'for cluster_topology: node/NAME, zone/NAME or namespace/NAME' },
        ],
        remedy: 'related_resources tells what is around other objects.',
      },
    );
  }
  const namesOf = (wanted: string) => named.filter(({ kind }) => kind === wanted).map(({ name }) => name);
  const [nodes, zones] = [new Set(namesOf('Node')), new Set(namesOf('~Zone'))];
  const focus = knownFocus(graph, question);
  const namespaces = [...new Set([...namesOf('Namespace'), ...(focus === undefined ? [] : [focus])])];
  return {
    namespaces: namespaces.length === 0 ? undefined : namespaces,
    nodes: nodes.size + zones.size === 0 ? undefined : ({ name, zone }) => nodes.has(name) || zones.has(zone),
  };
}

function nodeItem({ name, zone, pool, ready, cordoned, pods }: NodeSummary, { podsKnown }: Topology) {
  return {
    level: 'node',
    resource_id: `Node/${name}`,
    kind: 'Node',
    namespace: '',
    name,
    zone,
    ...(pool === '' ? {} : { pool }),
    ready,
    cordoned,
    ...(podsKnown ? { hosted_pods: pods } : {}),
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

function nodeLines({ nodes, podsKnown }: Topology, { namespaces }: Narrowed, { graph }: Asked): string[] {
  if (nodes === undefined) return [`nodes: ${unseen(graph.view, 'Node')}`];
  const zones = Object.entries(nodes.zones).sort(([, a], [, b]) => b - a);
  const moreZones = zones.length - ZONES;
  const byZone = `; by zone: ${zones
    .slice(0, ZONES)
    .map(([zone, count]) => `${zone} ${count}`)
    .join(', ')}${moreZones > 0 ? ` and ${plural(moreZones, 'more zone')}` : ''}`;
  const which =
    namespaces === undefined ? '' : ` ${nodes.total === 1 ? 'hosts' : 'host'} pods of ${namespaces.join(', ')}`;
  const told = nodes.groups.slice(0, GROUPS);
  const untold = nodes.total - told.reduce((sum, group) => sum + group.nodes.length, 0);
  const isCut = untold > 0 || told.some((group) => group.nodes.length > EXAMPLES);
  return [
    `${nodes.whole ? '' : 'at least '}${plural(nodes.total, 'node')}${which}: ${nodes.ready} ready${nodes.cordoned > 0 ? `, ${nodes.cordoned} cordoned` : ''}${zones.length > 0 ? byZone : ''}`,
    ...told.flatMap((group) => groupLines(group, podsKnown)),
    ...(untold > 0 ? [`  and ${plural(untold, 'more node')} in ${nodes.groups.length - told.length} groups`] : []),
    ...(isCut ? [`  (${namespaces === undefined ? FEWER_BY_NAMESPACE : ''}${FEWER_BY_NAME})`] : []),
    ...(podsKnown ? [] : [`pods: ${unseen(graph.view, 'Pod')}`]),
  ];
}

/** Nodes alike in one line, where they are many. */
function groupLines({ nodes, pods: { least, median, most } }: NodeGroup, podsKnown: boolean): string[] {
  const [first] = nodes;
  if (first === undefined) return [];
  const { zone, pool, ready, cordoned } = first;
  const place = [zone, pool === '' ? '' : `pool ${pool}`].filter((part) => part !== '').join(', ');
  const marks = `${place === '' ? '' : ` [${place}]`}${ready ? '' : ' NotReady'}${cordoned ? ' cordoned' : ''}`;
  if (nodes.length <= EXAMPLES)
    return nodes.map(({ name, pods }) => `  ${name}${marks}${podsKnown ? ` · ${plural(pods, 'pod')}` : ''}`);
  const hosted = least === most ? `${plural(most, 'pod')} each` : `${least} to ${most} pods each (median ${median})`;
  const examples = nodes.slice(0, EXAMPLES).map(({ name }) => name);
  return [
    `  ${nodes.length} nodes${marks}${podsKnown ? `, ${hosted}` : ''}: ${examples.join(', ')} and ${nodes.length - EXAMPLES} more`,
  ];
}

function namespaceLines({ namespaces }: Topology, narrowed: Narrowed, asked: Asked): string[] {
  const more = namespaces.total - namespaces.shown.length;
  const { state } = asked.graph.view.kindState('Namespace');
  const which =
    narrowed.nodes !== undefined ? ' with pods there' : state === 'forbidden' ? ' visible to this identity' : '';
  return [
    `${plural(namespaces.total, 'namespace')}${which}${namespaces.total === 0 ? '' : ':'}`,
    ...namespaces.shown.map(namespaceLine),
    ...(more > 0
      ? [`  and ${plural(more, 'more namespace')}: name one with focus_namespace${orMoreResults(asked)}`]
      : []),
  ];
}

/** Without a colon behind the name: `db-password: 3 Pods` would look like a password. */
function namespaceLine({ name, byKind, pods }: NamespaceSummary): string {
  const abnormal = pods.byHealth.failed + pods.byHealth.warning;
  const kinds = Object.entries(byKind);
  const told = kinds.slice(0, KINDS).map(([kind, count]) => countOf(count, kind));
  const rest = kinds.length - told.length;
  return `  ${name} · ${told.join(', ') || 'nothing'}${rest > 0 ? ` and ${plural(rest, 'more kind')}` : ''}${abnormal > 0 ? `; ${plural(abnormal, 'pod')} in trouble` : ''}`;
}

/** Why there is no number of a kind. */
function unseen(view: GraphView, kind: string): string {
  const { state } = view.kindState(kind);
  if (state === 'forbidden') return 'not visible to this identity';
  return state === 'syncing' ? 'still being read' : 'not read';
}
