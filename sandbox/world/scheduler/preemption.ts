/** Room made for a pod by ending less important ones, and why that is no help. */
import type { Pod } from '../kubelet/pod-types.ts';
import type { Machine } from '../types.ts';
import type { NodeState, PlacedPod } from './cluster.ts';
import { createFilter, type Refusal, type Request } from './filters.ts';
import { addTo } from './requests.ts';

export type Preemption = { kind: 'none'; message: string } | { kind: 'victims'; node: string; victims: readonly Pod[] };

const priorityOf = (pod: Pod) => pod.spec.priority ?? 0;

export const disruptedByPreemption = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp !== undefined &&
  pod.status?.conditions?.some(
    ({ type, reason }) => type === 'DisruptionTarget' && reason === 'PreemptionByScheduler',
  ) === true;

/** `refusals` by node name, one for each of `all`. */
export function findVictims(
  request: Request,
  all: readonly NodeState[],
  refusals: ReadonlyMap<string, Refusal>,
): Preemption {
  const { pod } = request;
  if (pod.spec.preemptionPolicy === 'Never')
    return { kind: 'none', message: 'not eligible due to preemptionPolicy=Never.' };
  const nominated = all.find(({ node }) => node.metadata.name === pod.status?.nominatedNodeName);
  const leaving = [...(nominated?.pods.values() ?? [])].some(
    ({ pod: other }) => priorityOf(other) < priorityOf(pod) && disruptedByPreemption(other),
  );
  if (leaving && refusals.get(nominated?.node.metadata.name ?? '')?.unresolvable !== true)
    return { kind: 'none', message: 'not eligible due to a terminating pod on the nominated node.' };
  const reasons: string[] = [];
  let best: { node: string; victims: readonly Pod[] } | undefined;
  for (const state of all) {
    const name = state.node.metadata.name;
    const found =
      refusals.get(name)?.unresolvable === true
        ? ['Preemption is not helpful for scheduling']
        : victimsOn(request, state, all);
    if (isReasons(found)) reasons.push(...found);
    else if (best === undefined || cheaper(found, best.victims)) best = { node: name, victims: found };
  }
  if (best !== undefined) return { kind: 'victims', ...best };
  return { kind: 'none', message: unavailable(all.length, reasons) };
}

const isReasons = (found: readonly string[] | readonly Pod[]): found is readonly string[] =>
  typeof found[0] === 'string';

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s).` */
export function unavailable(nodes: number, reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes} nodes are available:${texts.length === 0 ? '' : ` ${texts.join(', ')}.`}`;
}

/** Lower highest priority first, then fewer pods. */
function cheaper(victims: readonly Pod[], than: readonly Pod[]): boolean {
  const highest = (pods: readonly Pod[]) => Math.max(...pods.map(priorityOf));
  const difference = highest(victims) - highest(than);
  return difference === 0 ? victims.length < than.length : difference < 0;
}

function victimsOn(request: Request, state: NodeState, all: readonly NodeState[]): readonly string[] | readonly Pod[] {
  const lower = [...state.pods].filter(([, { pod }]) => priorityOf(pod) < priorityOf(request.pod));
  if (lower.length === 0) return ['No preemption victims found for incoming pod'];
  const trial: NodeState = { node: state.node, pods: new Map(state.pods), used: { ...state.used } };
  const others = all.map((other) => (other === state ? trial : other));
  const fits = () => createFilter(request, others)(trial);
  const set = ([key, placed]: [string, PlacedPod], present: boolean) => {
    if (present) trial.pods.set(key, placed);
    else trial.pods.delete(key);
    addTo(trial.used, placed.requests, present ? 1 : -1);
  };
  for (const entry of lower) set(entry, false);
  const still = fits();
  if (still !== undefined) return still.reasons;
  const victims: Pod[] = [];
  // The most important ones are spared first.
  for (const entry of lower.sort(([, a], [, b]) => priorityOf(b.pod) - priorityOf(a.pod))) {
    set(entry, true);
    if (fits() === undefined) continue;
    set(entry, false);
    victims.push(entry[1].pod);
  }
  return victims;
}

/** Marks and deletes the victims; the pod's own nomination is the caller's. */
export function preempt(pod: Pod, node: string, victims: readonly Pod[], machine: Machine, now: string): void {
  const scheduler = pod.spec.schedulerName ?? 'default-scheduler';
  for (const victim of victims) {
    const { namespace = '', name } = victim.metadata;
    machine.modify<Pod>(
      'pods',
      namespace,
      name,
      ({ status = {}, metadata }) => {
        status.conditions = [
          ...(status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget'),
          {
            type: 'DisruptionTarget',
            ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
            status: 'True',
            lastProbeTime: null,
            lastTransitionTime: now,
            reason: 'PreemptionByScheduler',
            message: `${scheduler}: preempting to accommodate a higher priority pod`,
          },
        ];
      },
      'status',
    );
    machine.delete('pods', namespace, name, victim.metadata.uid === undefined ? {} : { uid: victim.metadata.uid });
    machine.event(victim, 'Normal', 'Preempted', `Preempted by pod ${pod.metadata.uid} on node ${node}`);
  }
}
