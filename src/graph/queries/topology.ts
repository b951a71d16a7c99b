import { mostFirst } from '../../kernel/counts.ts';
import { node as nodeKind } from '../project/node.ts';
import type { GraphView, Health, KindKey, NodeId } from '../types.ts';
import { createBudget } from './budget.ts';

export interface NodeSummary {
  id: NodeId;
  name: string;
  zone: string;
  ready: boolean;
  cordoned: boolean;
  pods: number;
}

export interface NamespaceSummary {
  name: string;
  total: number;
  byKind: Readonly<Record<KindKey, number>>;
  pods: { total: number; byHealth: Readonly<Record<Health, number>> };
}

export interface Topology {
  nodes: {
    total: number;
    ready: number;
    cordoned: number;
    zones: Readonly<Record<string, number>>;
    shown: NodeSummary[];
  };
  namespaces: { total: number; shown: NamespaceSummary[] };
  /** False where pods of nodes were counted in part. */
  complete: boolean;
}

export interface TopologyQuestion {
  namespace: string | undefined;
  /** undefined: all. */
  kinds: readonly KindKey[] | undefined;
  maxResults: number;
  edges: number;
}

/** The cluster as nodes with their pods and namespaces with their objects: those in trouble first, then the largest. */
export function topology(view: GraphView, question: TopologyQuestion): Topology {
  const budget = createBudget(question.edges);
  const zones: Record<string, number> = {};
  const all: NodeSummary[] = [];
  view.eachOfKind('Node', undefined, (id) => {
    const node = view.node(id);
    const facts = nodeKind.of(node);
    const zone = facts?.zone ?? '';
    zones[zone || 'no zone'] = (zones[zone || 'no zone'] ?? 0) + 1;
    const ready = facts?.ready === 'True';
    all.push({ id, name: node.name, zone, ready, cordoned: facts?.unschedulable === true, pods: 0 });
    return true;
  });
  all.sort((a, b) => Number(a.ready) - Number(b.ready) || Number(b.cordoned) - Number(a.cordoned) || byName(a, b));
  const shown = all.slice(0, question.maxResults);
  for (const entry of shown) {
    view.in(entry.id, (source) => {
      if (!budget.take()) return false;
      const { kind, namespace } = view.node(source);
      if (kind === 'Pod' && (question.namespace === undefined || namespace === question.namespace)) entry.pods++;
      return true;
    });
  }
  const nodes = {
    total: all.length,
    ready: all.filter(({ ready }) => ready).length,
    cordoned: all.filter(({ cordoned }) => cordoned).length,
    zones,
    shown,
  };
  return { nodes, namespaces: namespacesOf(view, question), complete: !budget.spent };
}

function namespacesOf(view: GraphView, { namespace, kinds, maxResults }: TopologyQuestion): Topology['namespaces'] {
  const names = namespace === undefined ? view.namespaces() : [namespace];
  const ranked = names
    .map((name) => ({ name, pods: view.count('Pod', name) }))
    .sort((a, b) => trouble(b.pods.byHealth) - trouble(a.pods.byHealth) || b.pods.total - a.pods.total || byName(a, b));
  const shown = ranked.slice(0, maxResults).map(({ name, pods }) => {
    const counts = (kinds ?? view.kinds()).map((kind) => [kind, view.count(kind, name).total] as const);
    const held = mostFirst(counts.filter(([, count]) => count > 0));
    return { name, total: held.reduce((sum, [, count]) => sum + count, 0), byKind: Object.fromEntries(held), pods };
  });
  return { total: names.length, shown };
}

function trouble(byHealth: Readonly<Record<Health, number>>): number {
  return byHealth.failed + byHealth.warning;
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}
