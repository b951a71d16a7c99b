/** Pods that nobody else removes: of nodes that are gone, never scheduled ones that end, and too many ended ones. */
import { parseTime, rfc3339 } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { setCondition } from './kit/conditions.ts';
import { managed } from './kit/keys.ts';
import { isFinished, isTerminating } from './kit/pods.ts';
import type { Pod } from './kit/shapes.ts';

/** As the real one: every 20 s; a node must be missing for 40 s; at most so many ended pods are kept. */
const PERIOD_MS = 20_000;
const QUARANTINE_MS = 40_000;
const ENDED_KEPT = 12_500;

export function podGarbageCollector(): Controller {
  const missingSince = new Map<string, number>();
  return {
    ...managed('pod-garbage-collector-controller', 'pod-garbage-collector'),
    watches: {},
    start: (queue) => queue('sweep'),
    reconcile(_key, machine) {
      const pods = machine.list<Pod>('pods');
      collectOrphans(pods, missingSince, machine);
      for (const pod of pods) if (isTerminating(pod) && !pod.spec.nodeName) remove(pod, machine);
      const ended = pods.filter((pod) => isFinished(pod) && !isTerminating(pod));
      const oldest = ended.toSorted(
        (a, b) => parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp),
      );
      for (const pod of oldest.slice(0, Math.max(0, ended.length - ENDED_KEPT))) remove(pod, machine);
      return PERIOD_MS;
    },
  };
}

function collectOrphans(pods: readonly Pod[], missingSince: Map<string, number>, machine: Machine): void {
  const now = machine.clock.now();
  const missing = new Set<string>();
  for (const { spec } of pods) {
    if (spec.nodeName && machine.get('nodes', '', spec.nodeName) === undefined) missing.add(spec.nodeName);
  }
  for (const node of missingSince.keys()) if (!missing.has(node)) missingSince.delete(node);
  for (const node of missing) {
    const since = missingSince.get(node) ?? now;
    missingSince.set(node, since);
    if (now - since < QUARANTINE_MS) continue;
    for (const pod of pods) if (pod.spec.nodeName === node) remove(pod, machine, 'PodGC: node no longer exists');
  }
}

/** At once and for good; one that has not ended is marked failed first. */
function remove(pod: Pod, machine: Machine, why?: string): void {
  const { namespace = '', name } = pod.metadata;
  if (!isFinished(pod)) {
    const condition = {
      type: 'DisruptionTarget',
      status: 'True' as const,
      lastProbeTime: null,
      lastTransitionTime: rfc3339(machine.clock.now()),
      reason: 'DeletionByPodGC',
      message: why ?? '',
    };
    const fail = (draft: Pod) => {
      const conditions =
        why === undefined ? draft.status?.conditions : setCondition(draft.status?.conditions, condition);
      draft.status = { ...draft.status, phase: 'Failed', ...(conditions === undefined ? {} : { conditions }) };
    };
    machine.modify<Pod>('pods', namespace, name, fail, 'status');
  }
  machine.delete('pods', namespace, name, { gracePeriodSeconds: 0 });
}
