/** Which of the nodes that can take a pod is the best: the default plugins' weights, each on a scale of 100. */
import { parseQuantity } from '../../kinds/quantity.ts';
import { selects } from '../controllers/kit/selector.ts';
import type { Pod } from '../kubelet/pod-types.ts';
import type { NodeState } from './cluster.ts';
import type { Request } from './filters.ts';
import { termCovers } from './pod-affinity.ts';
import { termMatches, tolerates } from './selectors.ts';

/** What a pod without requests is taken to ask for, so that such pods spread too: the scheduler's defaults. */
const DEFAULT_CPU = 0.1;
const DEFAULT_MEMORY = 200 * 1024 * 1024;
const WEIGHTS = { taint: 3, nodeAffinity: 2, spread: 2, podAffinity: 2, siblings: 2 };

/** The names of the best ones; several when they are equal. */
export function bestNodes(request: Request, fitting: readonly NodeState[], all: readonly NodeState[]): string[] {
  const totals = fitting.map((state) => resources(request, state));
  const add = (weight: number, raw: readonly number[]) => {
    const least = Math.min(...raw);
    const range = Math.max(...raw) - least;
    raw.forEach((value, at) => {
      totals[at] = (totals[at] ?? 0) + (range === 0 ? 0 : (weight * 100 * (value - least)) / range);
    });
  };
  add(
    WEIGHTS.taint,
    fitting.map((state) => -softTaints(request.pod, state)),
  );
  add(
    WEIGHTS.nodeAffinity,
    fitting.map((state) => preferredNode(request.pod, state)),
  );
  add(
    WEIGHTS.spread,
    fitting.map((state) => -softSpread(request.pod, state, all)),
  );
  add(
    WEIGHTS.podAffinity,
    fitting.map((state) => preferredCompany(request, state, all)),
  );
  add(
    WEIGHTS.siblings,
    fitting.map((state) => -siblings(request.pod, state)),
  );
  const best = Math.max(...totals);
  return fitting.filter((_, at) => (totals[at] ?? 0) >= best - 1e-9).map(({ node }) => node.metadata.name);
}

/** Least allocated, and balanced between cpu and memory. */
function resources({ requests }: Request, { node, used, pods }: NodeState): number {
  const share = (name: string, fallback: number) => {
    const has = parseQuantity(String(node.status?.allocatable?.[name] ?? '0')) ?? 0;
    // Pods that ask for nothing count with the default, as the real non-zero requests do.
    const asked = Math.max(used[name] ?? 0, fallback * pods.size) + (requests[name] ?? fallback);
    return has === 0 ? 1 : Math.min(1, asked / has);
  };
  const cpu = share('cpu', DEFAULT_CPU);
  const memory = share('memory', DEFAULT_MEMORY);
  return 100 * (1 - (cpu + memory) / 2) + 100 * (1 - Math.abs(cpu - memory) / 2);
}

const softTaints = (pod: Pod, { node }: NodeState) =>
  (node.spec?.taints ?? []).filter(
    (taint) => taint.effect === 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, taint),
  ).length;

function preferredNode(pod: Pod, { node }: NodeState): number {
  const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.reduce((sum, { weight, preference }) => sum + (termMatches(preference, node) ? weight : 0), 0);
}

/** Matching pods in the node's domains, for constraints that are wishes. */
function softSpread(pod: Pod, state: NodeState, all: readonly NodeState[]): number {
  let crowd = 0;
  for (const { topologyKey, whenUnsatisfiable, labelSelector } of pod.spec.topologySpreadConstraints ?? []) {
    if (whenUnsatisfiable !== 'ScheduleAnyway') continue;
    const domain = state.node.metadata.labels?.[topologyKey];
    for (const other of all) {
      if (other.node.metadata.labels?.[topologyKey] !== domain) continue;
      for (const { pod: neighbour } of other.pods.values())
        if (
          neighbour.metadata.namespace === pod.metadata.namespace &&
          selects(labelSelector, neighbour.metadata.labels ?? {})
        )
          crowd += 1;
    }
  }
  return crowd;
}

function preferredCompany({ pod, namespaceLabels }: Request, state: NodeState, all: readonly NodeState[]): number {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const wishes = [
    ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
      weight: -weight,
      podAffinityTerm,
    })),
  ];
  let sum = 0;
  for (const { weight, podAffinityTerm } of wishes) {
    const domain = state.node.metadata.labels?.[podAffinityTerm.topologyKey];
    if (domain === undefined) continue;
    for (const other of all) {
      if (other.node.metadata.labels?.[podAffinityTerm.topologyKey] !== domain) continue;
      for (const { pod: neighbour } of other.pods.values())
        if (termCovers(podAffinityTerm, pod, neighbour, namespaceLabels)) sum += weight;
    }
  }
  return sum;
}

/** Pods of the same owner: the default spread over hosts. */
function siblings(pod: Pod, { pods }: NodeState): number {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
  if (owner === undefined) return 0;
  let count = 0;
  for (const { pod: other } of pods.values())
    if (other.metadata.ownerReferences?.some(({ uid }) => uid === owner) === true) count += 1;
  return count;
}
