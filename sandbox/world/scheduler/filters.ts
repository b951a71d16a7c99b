/** Whether a pod may run on a node, filter after filter in the scheduler's order; the first that refuses gives its reasons. */
import { parseQuantity } from '../../kinds/quantity.ts';
import type { Pod } from '../kubelet/pod-types.ts';
import type { NodeState } from './cluster.ts';
import { type Company, companyOf, refusedCompany } from './pod-affinity.ts';
import type { Amounts } from './requests.ts';
import { namedNodes, nodeAccepted, tolerates, UNSCHEDULABLE_TAINT, untolerated } from './selectors.ts';
import { createSpread } from './topology-spread.ts';
import type { PodVolumes } from './volumes.ts';

export interface Refusal {
  reasons: readonly string[];
  /** Removing pods from the node would not help. */
  unresolvable: boolean;
  /** Other pods coming or going elsewhere may help. */
  byCompany?: boolean;
}

/** What is asked of every node, worked out once. */
export interface Request {
  pod: Pod;
  requests: Amounts;
  volumes: PodVolumes;
  namespaceLabels(namespace: string): Readonly<Record<string, string>>;
}

const refuse = (unresolvable: boolean, ...reasons: string[]): Refusal => ({ reasons, unresolvable });

/**
 * Looks at one state of the cluster: what (anti-)affinity and spread have to count over all nodes is counted once, when it is
 * first needed. Not to be used any more after a change of `all`.
 */
export function createFilter(request: Request, all: readonly NodeState[]): (on: NodeState) => Refusal | undefined {
  const { pod } = request;
  const named = namedNodes(pod);
  const spread = createSpread(request, all);
  let company: Company | undefined;
  return (on) => {
    const { node } = on;
    if (named !== undefined && !named.has(node.metadata.name))
      return refuse(true, "node(s) didn't satisfy plugin(s) [NodeAffinity]");
    if (node.spec?.unschedulable === true && !tolerates(pod.spec.tolerations, UNSCHEDULABLE_TAINT))
      return refuse(true, 'node(s) were unschedulable');
    if (untolerated(pod, node) !== undefined) return refuse(true, 'node(s) had untolerated taint(s)');
    if (!nodeAccepted(pod, node)) return refuse(true, "node(s) didn't match Pod's node affinity/selector");
    if (portTaken(pod, on)) return refuse(false, "node(s) didn't have free ports for the requested pod ports");
    const full = lacking(request, on);
    if (full !== undefined) return full;
    const volume = request.volumes.refused(node);
    if (volume !== undefined) return refuse(true, volume);
    const uneven = spread(on);
    if (uneven !== undefined) return { ...uneven, byCompany: true };
    company ??= companyOf(request, all);
    const unwelcome = refusedCompany(company, request, on);
    return unwelcome === undefined ? undefined : { ...unwelcome, byCompany: true };
  };
}

function hostPorts(pod: Pod): string[] {
  const ports: string[] = [];
  for (const { hostPort = 0, protocol = 'TCP' } of pod.spec.containers.flatMap((container) => container.ports ?? []))
    if (hostPort > 0) ports.push(`${protocol}/${hostPort}`);
  return ports;
}

function portTaken(pod: Pod, on: NodeState): boolean {
  const wanted = hostPorts(pod);
  if (wanted.length === 0) return false;
  for (const { pod: other } of on.pods.values())
    if (hostPorts(other).some((port) => wanted.includes(port))) return true;
  return false;
}

/** Everything of which the node has too little. */
function lacking({ requests }: Request, on: NodeState): Refusal | undefined {
  const allocatable = on.node.status?.allocatable ?? {};
  const has = (name: string) => parseQuantity(String(allocatable[name] ?? '0')) ?? 0;
  const reasons: string[] = [];
  let unresolvable = false;
  if (on.pods.size + 1 > has('pods')) reasons.push('Too many pods');
  for (const [name, wanted] of Object.entries(requests)) {
    // A thousandth of a millicore: sums of decimals are not exact.
    if (wanted <= 0 || wanted <= has(name) - (on.used[name] ?? 0) + 1e-6) continue;
    reasons.push(`Insufficient ${name}`);
    unresolvable ||= wanted > has(name);
  }
  return reasons.length === 0 ? undefined : { reasons, unresolvable };
}
