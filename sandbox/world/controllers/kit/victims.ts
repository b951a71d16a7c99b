/** Which pods go first when there are too many. */
import { parseTime } from '../../timestamps.ts';
import { isActive, isReady, readySince } from './pods.ts';
import type { Pod } from './shapes.ts';

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const COST = 'controller.kubernetes.io/pod-deletion-cost';

/** In the order of the real ranking; `related` are the pods whose company on a node counts against a pod. */
export function victimsFirst(pods: readonly Pod[], related: readonly Pod[], now: number): Pod[] {
  const onNode = new Map<string, number>();
  for (const pod of related) {
    const node = pod.spec.nodeName;
    if (node !== undefined && isActive(pod)) onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const rank = (pod: Pod) => onNode.get(pod.spec.nodeName ?? '') ?? 0;
  const scores = (pod: Pod): readonly number[] => {
    const ready = isReady(pod);
    return [
      Number(pod.spec.nodeName !== undefined && pod.spec.nodeName !== ''),
      PHASES[pod.status?.phase ?? 'Pending'] ?? 0,
      Number(ready),
      Number(pod.metadata.annotations?.[COST] ?? 0) || 0,
      -rank(pod),
      ready ? ageClass(readySince(pod), now) : 0,
      -restarts(pod),
      ageClass(parseTime(pod.metadata.creationTimestamp), now),
    ];
  };
  return pods
    .map((pod) => ({ pod, scores: scores(pod) }))
    .toSorted((a, b) => {
      for (const [i, score] of a.scores.entries()) {
        const difference = score - (b.scores[i] ?? 0);
        if (difference !== 0) return difference;
      }
      return (a.pod.metadata.uid ?? '') < (b.pod.metadata.uid ?? '') ? -1 : 1;
    })
    .map(({ pod }) => pod);
}

/** Ages on a logarithmic scale, in ns as the real one: about equal ones are equal. */
function ageClass(since: number, now: number): number {
  const age = (now - since) * 1e6;
  return age > 0 ? Math.floor(Math.log2(age)) : -1;
}

function restarts(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));
}
