/** Node selectors and taints: pure matching. */
import { fits } from '../controllers/kit/selector.ts';
import type { KubeNode, NodeSelector, NodeSelectorTerm, Pod, Taint, Toleration } from '../kubelet/pod-types.ts';

/** A term without any requirement matches nothing. */
export function termMatches(term: NodeSelectorTerm, node: KubeNode): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  return (
    matchExpressions.every((requirement) => fits(requirement, labels)) &&
    matchFields.every((requirement) => fits(requirement, { 'metadata.name': node.metadata.name }))
  );
}

/** Terms are alternatives. */
export const nodeSelected = (selector: NodeSelector, node: KubeNode): boolean =>
  selector.nodeSelectorTerms.some((term) => termMatches(term, node));

/** The pod's node selector and required node affinity. */
export function nodeAccepted(pod: Pod, node: KubeNode): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, value] of Object.entries(pod.spec.nodeSelector ?? {})) if (labels[key] !== value) return false;
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || nodeSelected(required, node);
}

/**
 * The nodes that required affinity names one by one (`metadata.name In [...]` in every term), as DaemonSets do; undefined when
 * some term leaves the name open.
 */
export function namedNodes(pod: Pod): ReadonlySet<string> | undefined {
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined || required.nodeSelectorTerms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of required.nodeSelectorTerms) {
    const byName = (term.matchFields ?? []).filter(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    const [first, ...others] = byName;
    if (first === undefined) return undefined;
    for (const name of first.values ?? [])
      if (others.every(({ values = [] }) => values.includes(name))) names.add(name);
  }
  return names;
}

export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some(
    ({ key = '', operator = 'Equal', value = '', effect = '' }) =>
      (effect === '' || effect === taint.effect) &&
      (key === '' ? operator === 'Exists' : key === taint.key) &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  );
}

/** The first taint that keeps the pod off the node. */
export function untolerated(pod: Pod, node: KubeNode): Taint | undefined {
  return node.spec?.taints?.find(
    (taint) =>
      (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !tolerates(pod.spec.tolerations, taint),
  );
}

export const UNSCHEDULABLE_TAINT: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
