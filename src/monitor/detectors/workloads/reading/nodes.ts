/** What the nodes of a cluster are, all at once: many pods that cannot be placed ask the same. */
import type { NodeFacts } from '../../../../graph/facts.ts';
import { node as nodeKind } from '../../../../graph/project/node.ts';
import type { GraphNode, GraphView } from '../../../../graph/types.ts';

export interface Machine {
  node: GraphNode;
  facts: NodeFacts;
}

export interface Machines {
  largest: { cpu: number; memory: number };
  /** By name. */
  cordoned: readonly Machine[];
  /** Not ready, or tainted by the control plane for what ails them. */
  unwell: readonly Machine[];
}

const KNOWN = new WeakMap<GraphView, { generation: number; machines: Machines }>();

/** Taints that the control plane sets for conditions. */
const AILING =
  /^node\.kubernetes\.io\/(not-ready|unreachable|memory-pressure|disk-pressure|pid-pressure|network-unavailable)$/;

export function machinesOf(view: GraphView): Machines {
  const known = KNOWN.get(view);
  if (known?.generation === view.generation) return known.machines;
  const machines = read(view);
  KNOWN.set(view, { generation: view.generation, machines });
  return machines;
}

function read(view: GraphView): Machines {
  const all: Machine[] = [];
  view.eachOfKind('Node', undefined, (id) => {
    const node = view.node(id);
    const facts = nodeKind.of(node);
    if (facts !== undefined) all.push({ node, facts });
    return undefined;
  });
  all.sort((a, b) => (a.node.name < b.node.name ? -1 : 1));
  return {
    largest: {
      cpu: Math.max(0, ...all.map(({ facts }) => facts.allocatable.cpu)),
      memory: Math.max(0, ...all.map(({ facts }) => facts.allocatable.memory)),
    },
    cordoned: all.filter(({ facts }) => facts.unschedulable),
    unwell: all.filter(({ facts }) => facts.ready !== 'True' || facts.taints.some(({ key }) => AILING.test(key))),
  };
}
