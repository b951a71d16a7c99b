/** Label selectors as objects, node selectors, taints: pure matching. */
import type {
  KubeNode,
  LabelSelector,
  NodeSelector,
  NodeSelectorTerm,
  Pod,
  SelectorRequirement,
  Taint,
  Toleration,
} from '../kubelet/pod-types.ts';

type Labels = Readonly<Record<string, string>>;

function meets(labels: Labels, { key, operator, values = [] }: SelectorRequirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt':
      return compares(value, operator, values[0]);
    default:
      return false;
  }
}

function compares(value: string | undefined, operator: 'Gt' | 'Lt', bound: string | undefined): boolean {
  const integer = /^[+-]?\d+$/;
  if (value === undefined || bound === undefined || !integer.test(value) || !integer.test(bound)) return false;
  return operator === 'Gt' ? Number(value) > Number(bound) : Number(value) < Number(bound);
}

/** No selector matches nothing, an empty one everything. */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels[key] !== value) return false;
  return (selector.matchExpressions ?? []).every((requirement) => meets(labels, requirement));
}

/** A term without any requirement matches nothing. */
export function termMatches(term: NodeSelectorTerm, node: KubeNode): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  return (
    matchExpressions.every((requirement) => meets(labels, requirement)) &&
    matchFields.every((requirement) => meets({ 'metadata.name': node.metadata.name }, requirement))
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
