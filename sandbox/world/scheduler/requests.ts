/** What a pod asks of a node, by the rules of component-helpers' `PodRequests`, and its quality-of-service class. */
import { parseQuantity } from '../../kinds/quantity.ts';
import { type Container, isSidecar, type Pod, type ResourceRequirements } from '../kubelet/pod-types.ts';

/** Base units: cores, bytes, pieces. */
export type Amounts = Record<string, number>;

const amounts = (list: Readonly<Record<string, string>> | undefined): Amounts =>
  Object.fromEntries(Object.entries(list ?? {}).map(([name, text]) => [name, parseQuantity(String(text)) ?? 0]));

export function addTo(sum: Amounts, more: Amounts, sign: 1 | -1 = 1): void {
  for (const [name, value] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + sign * value;
}

function raiseTo(sum: Amounts, floor: Amounts): void {
  for (const [name, value] of Object.entries(floor)) sum[name] = Math.max(sum[name] ?? 0, value);
}

/** All containers together, or the largest moment of initialisation: sidecars that run already count in it. */
function total(pod: Pod, part: (container: Container) => Amounts): Amounts {
  const sum: Amounts = {};
  for (const container of pod.spec.containers) addTo(sum, part(container));
  const sidecars: Amounts = {};
  const initial: Amounts = {};
  for (const container of pod.spec.initContainers ?? []) {
    const own = part(container);
    const moment = { ...sidecars };
    addTo(moment, own);
    raiseTo(initial, moment);
    if (!isSidecar(container)) continue;
    addTo(sum, own);
    addTo(sidecars, own);
  }
  raiseTo(sum, initial);
  return sum;
}

/** Without `pods`: each pod is one. */
export function podRequests(pod: Pod): Amounts {
  const sum = total(pod, (container) => amounts(container.resources?.requests));
  // Requests of the pod as a whole (cpu, memory, hugepages) stand before those of its containers.
  Object.assign(sum, amounts(pod.spec.resources?.requests));
  addTo(sum, amounts(pod.spec.overhead));
  return sum;
}

const COMPUTE = ['cpu', 'memory'] as const;

/** `Guaranteed` when each container's cpu and memory limits equal its requests, `BestEffort` when none are set. */
export function qosClass(pod: Pod): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const whole = pod.spec.resources;
  const parts: (ResourceRequirements | undefined)[] =
    whole === undefined
      ? [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map(({ resources }) => resources)
      : [whole];
  let any = false;
  let guaranteed = true;
  for (const part of parts) {
    const requests = amounts(part?.requests);
    const limits = amounts(part?.limits);
    for (const name of COMPUTE) {
      any ||= (requests[name] ?? 0) > 0 || (limits[name] ?? 0) > 0;
      guaranteed &&= (limits[name] ?? 0) > 0 && (requests[name] ?? limits[name]) === limits[name];
    }
  }
  if (!any) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
