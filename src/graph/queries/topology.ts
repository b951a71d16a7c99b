import { mostFirst } from '../../kernel/counts.ts';
import { pod as podKind } from '../project/pod.ts';
import type { GraphView, Health, KindKey, NodeId, Why } from '../types.ts';
import { type Budget, createBudget } from './budget.ts';
import { groupsOf, type NodeGroup, type NodeSummary, nodeSummaries } from './topology-nodes.ts';

export interface NamespaceSummary {
  name: string;
  total: number;
  byKind: Readonly<Record<KindKey, number>>;
  pods: { total: number; byHealth: Readonly<Record<Health, number>> };
}

export interface Topology {
  /** undefined: they may not be listed, and nothing says how many there are. */
  nodes:
    | {
        total: number;
        /** False where there may be more: not all are read yet. */
        whole: boolean;
        ready: number;
        cordoned: number;
        zones: Readonly<Record<string, number>>;
        shown: NodeSummary[];
        /** Of all. Those in trouble first, then the largest. */
        groups: NodeGroup[];
      }
    | undefined;
  /** False where no pod may be seen: then none is counted. */
  podsKnown: boolean;
  namespaces: { total: number; shown: NamespaceSummary[] };
  /** False where pods of nodes were counted in part. */
  complete: boolean;
}

export interface TopologyQuestion {
  /** Only these, and the nodes that host pods of theirs; undefined: all. */
  namespaces: readonly string[] | undefined;
  /** Only these, and the namespaces that have pods there; undefined: all. */
  nodes: ((node: NodeSummary) => boolean) | undefined;
  /** undefined: all. */
  kinds: readonly KindKey[] | undefined;
  maxResults: number;
  /** Pods looked at. */
  edges: number;
}

/** The pods of the largest cluster that is meant, and some more: counting 150,000 takes 15 to 40 ms. */
export const MOST_PODS = 200_000;

interface Tally {
  total: number;
  byHealth: Record<Health, number>;
}

/** The cluster as nodes with their pods and namespaces with their objects: those in trouble first, then the largest. */
export function topology(view: GraphView, question: TopologyQuestion): Topology {
  const budget = createBudget(question.edges);
  const all = nodeSummaries(view).filter((node) => question.nodes?.(node) ?? true);
  const there = countPods(view, all, question, budget);
  const told = question.namespaces === undefined ? all : all.filter(({ pods }) => pods > 0);
  return {
    nodes: isKnown(view, 'Node') ? { ...nodesOf(told, question.maxResults), whole: isWhole(view, 'Node') } : undefined,
    podsKnown: isKnown(view, 'Pod'),
    namespaces: question.nodes === undefined ? namespacesOf(view, question) : namespacesThere(there, question),
    complete: !budget.spent,
  };
}

/** The pods on each of `nodes`, told to it; where some nodes are asked about, also how many of them each namespace has. */
function countPods(
  view: GraphView,
  nodes: readonly NodeSummary[],
  { namespaces, nodes: isAsked }: TopologyQuestion,
  budget: Budget,
): ReadonlyMap<string, Tally> {
  const there = new Map<string, Tally>();
  const count = (node: NodeSummary, pod: NodeId) => {
    node.pods++;
    // Of all nodes nobody wants to know it: some 150,000 pods would be looked at for nothing.
    if (isAsked === undefined) return;
    const { namespace, health } = view.node(pod);
    const tally = there.get(namespace) ?? { total: 0, byHealth: { ...NONE } };
    tally.total++;
    tally.byHealth[health]++;
    there.set(namespace, tally);
  };
  if (namespaces === undefined) {
    const isHosted = ({ relation }: Why) => relation.id === 'pod-node';
    for (const node of nodes)
      view.in(
        node.id,
        (id) => {
          count(node, id);
          return budget.take();
        },
        isHosted,
      );
    return there;
  }
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const namespace of namespaces)
    view.eachOfKind('Pod', namespace, (id) => {
      const host = byName.get(podKind.of(view.node(id))?.node ?? '');
      if (host !== undefined) count(host, id);
      return budget.take();
    });
  return there;
}

function nodesOf(all: NodeSummary[], maxResults: number): Omit<NonNullable<Topology['nodes']>, 'whole'> {
  const zones: Record<string, number> = {};
  for (const { zone } of all) zones[zone || 'no zone'] = (zones[zone || 'no zone'] ?? 0) + 1;
  return {
    total: all.length,
    ready: all.filter(({ ready }) => ready).length,
    cordoned: all.filter(({ cordoned }) => cordoned).length,
    zones,
    shown: all.slice(0, maxResults),
    groups: groupsOf(all),
  };
}

/** What may not be listed, or was not, is not counted: none were found is not that there are none. */
function isKnown(view: GraphView, kind: KindKey): boolean {
  return isWhole(view, kind) || view.count(kind).total > 0;
}

function isWhole(view: GraphView, kind: KindKey): boolean {
  const { state } = view.kindState(kind);
  return state === 'synced' || state === 'stale' || state === 'missing';
}

const NONE: Readonly<Record<Health, number>> = { ok: 0, progressing: 0, warning: 0, failed: 0, done: 0, unknown: 0 };

function namespacesOf(view: GraphView, { namespaces, kinds, maxResults }: TopologyQuestion): Topology['namespaces'] {
  const names = namespaces ?? namespaceNames(view);
  const ranked = inOrder(names.map((name) => ({ name, pods: view.count('Pod', name) })));
  const shown = ranked.slice(0, maxResults).map(({ name, pods }) => {
    const counts = (kinds ?? view.kinds()).map((kind) => [kind, view.count(kind, name).total] as const);
    const held = mostFirst(counts.filter(([, count]) => count > 0));
    return { name, total: held.reduce((sum, [, count]) => sum + count, 0), byKind: Object.fromEntries(held), pods };
  });
  return { total: names.length, shown };
}

/** Those that there are, and those of which only what is in them may be seen. */
export function namespaceNames(view: GraphView): string[] {
  const names = new Set(view.namespaces());
  view.eachOfKind('Namespace', undefined, (id) => {
    names.add(view.node(id).name);
    return true;
  });
  return [...names];
}

function namespacesThere(there: ReadonlyMap<string, Tally>, { maxResults }: TopologyQuestion) {
  const ranked = inOrder([...there].map(([name, pods]) => ({ name, pods })));
  const shown = ranked
    .slice(0, maxResults)
    .map(({ name, pods }) => ({ name, total: pods.total, byKind: { Pod: pods.total }, pods }));
  return { total: ranked.length, shown };
}

function inOrder<T extends Pick<NamespaceSummary, 'name' | 'pods'>>(namespaces: T[]): T[] {
  return namespaces.sort(
    (a, b) =>
      trouble(b.pods.byHealth) - trouble(a.pods.byHealth) || b.pods.total - a.pods.total || (a.name < b.name ? -1 : 1),
  );
}

function trouble(byHealth: Readonly<Record<Health, number>>): number {
  return byHealth.failed + byHealth.warning;
}
