/** What the nodes of a cluster are, all at once: many pods that cannot be placed ask the same. */
import type { NodeFacts, PodFacts } from '../../../../graph/facts.ts';
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

/** Of conditions, and of a cordon. They go when the node is well again. */
const PASSING = /^node\.kubernetes\.io\//;
type Taint = NodeFacts['taints'][number];
type Toleration = PodFacts['template']['tolerations'][number];

/** Whether it would take a pod if it were well and not cordoned, as far as labels, taints and its size say. */
export function wouldTake({ node, facts }: Machine, pod: PodFacts): boolean {
  const { nodeSelector, tolerations } = pod.template;
  const [asked, has] = [askedOf(pod), facts.allocatable];
  if ((has.cpu > 0 && asked.cpu > has.cpu) || (has.memory > 0 && asked.memory > has.memory)) return false;
  if (!Object.entries(nodeSelector).every(([key, value]) => node.labels[key] === value)) return false;
  return facts.taints.every(
    (taint) =>
      PASSING.test(taint.key) ||
      taint.effect === 'PreferNoSchedule' ||
      tolerations.some((one) => tolerates(one, taint)),
  );
}

/** What its containers ask for together: cores, bytes. */
export function askedOf({ template }: PodFacts): { cpu: number; memory: number } {
  const asked = template.containers.filter(({ role }) => role !== 'init').map(({ requests }) => requests);
  return {
    cpu: asked.reduce((sum, { cpu }) => sum + cpu, 0),
    memory: asked.reduce((sum, { memory }) => sum + memory, 0),
  };
}

const tolerates = ({ key, operator, value, effect }: Toleration, taint: Taint): boolean =>
  (key === '' || key === taint.key) &&
  (effect === '' || effect === taint.effect) &&
  (operator === 'Exists' || value === taint.value);

export function machinesOf(view: GraphView): Machines {
  const known = KNOWN.get(view);
  if (known?.generation === view.generation) return known.machines;
  const machines = read(view);
  KNOWN.set(view, { generation: view.generation, machines });
  return machines;
}

function read(view: GraphView): Machines {
  const largest = { cpu: 0, memory: 0 };
  const [cordoned, unwell]: [Machine[], Machine[]] = [[], []];
  view.eachOfKind('Node', undefined, (id) => {
    const node = view.node(id);
    const facts = nodeKind.of(node);
    if (facts === undefined) return undefined;
    largest.cpu = Math.max(largest.cpu, facts.allocatable.cpu);
    largest.memory = Math.max(largest.memory, facts.allocatable.memory);
    if (facts.unschedulable) cordoned.push({ node, facts });
    if (facts.ready !== 'True' || facts.taints.some(({ key }) => AILING.test(key))) unwell.push({ node, facts });
    return undefined;
  });
  return { largest, cordoned: cordoned.sort(byName), unwell: unwell.sort(byName) };
}

const byName = (a: Machine, b: Machine) => (a.node.name < b.node.name ? -1 : 1);
