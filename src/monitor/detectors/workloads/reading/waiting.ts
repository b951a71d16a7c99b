/** Pods that could not be placed while nodes were cordoned: nodes that would take them. */
import type { PodFacts } from '../../../../graph/facts.ts';
import { pod as podKind } from '../../../../graph/project/pod.ts';
import type { GraphNode, GraphView } from '../../../../graph/types.ts';
import { POD } from './pods.ts';
import { SECOND } from './times.ts';

/** The scheduler may take so long to place a pod. */
export const PLACING = 45 * SECOND;
const CORDONED = /were unschedulable/;

export interface Waiting {
  node: GraphNode;
  pod: PodFacts;
  since: number;
}

const KNOWN = new WeakMap<GraphView, { generation: number; waiting: readonly Waiting[] }>();

/** All of them at once: many cordoned nodes ask the same. Only namespaces that have pods in trouble are looked through. */
export function waitingPods(view: GraphView): readonly Waiting[] {
  const known = KNOWN.get(view);
  if (known?.generation === view.generation) return known.waiting;
  const waiting: Waiting[] = [];
  for (const namespace of view.namespaces()) {
    if (view.count(POD, namespace).byHealth.warning === 0) continue;
    view.eachOfKind(POD, namespace, (id) => {
      const node = view.node(id);
      const one = node.health === 'warning' ? waitingPod(node) : undefined;
      if (one !== undefined) waiting.push(one);
      return undefined;
    });
  }
  KNOWN.set(view, { generation: view.generation, waiting });
  return waiting;
}

export function waitingPod(node: GraphNode): Waiting | undefined {
  const pod = podKind.of(node);
  if (pod === undefined || pod.node !== '' || node.deleting !== undefined) return undefined;
  const scheduled = pod.conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (scheduled === undefined || !CORDONED.test(scheduled.message)) return undefined;
  return { node, pod, since: Math.max(scheduled.since, node.created) };
}
