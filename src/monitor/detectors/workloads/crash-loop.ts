/** A container that ends again and again, and what it ended with. */
import type { ContainerFacts } from '../../../graph/facts.ts';
import type { DetectContext, Detector, Found } from '../../types.ts';
import { workloadAbove } from './reading/owners.ts';
import {
  because,
  CRITICAL,
  downSince,
  endedOfItself,
  ending,
  lastWords,
  OWNERS,
  onLivePods,
  type PodInView,
  templateOf,
  words,
} from './reading/pods.ts';
import { faultyRollout } from './reading/revisions.ts';
import { bytes, count, MINUTE, SECOND, short, span } from './reading/times.ts';

/** One end at the start is often a dependency that was not up yet. */
const FEW = 2;
/** Between two ends it runs for a while: it is still looping when it has not run for longer than this. */
const STABLE = 2 * MINUTE;
/** The kubelet waits at most five minutes between two starts. */
const LONGEST_WAIT = 6 * MINUTE;

export const crashLoop: Detector = onLivePods({
  id: 'crash-loop',
  reads: OWNERS,
  look: (seen) =>
    seen.pod.containers
      .filter((container) => container.role !== 'init' && isLooping(container, seen))
      .map((container) => foundOf(container, seen)),
});

export function isLooping(
  { state, reason, restarts, last, since, ready }: ContainerFacts,
  seen: DetectContext,
): boolean {
  if (state === 'waiting' && reason === 'CrashLoopBackOff') return true;
  if (restarts < FEW || last === undefined || last.exitCode === 0 || seen.now - last.at > LONGEST_WAIT) return false;
  return state === 'terminated' || (state === 'running' && !ready && seen.now - since < STABLE);
}

function foundOf(container: ContainerFacts, seen: PodInView): Found {
  const { node, pod, view, now } = seen;
  const { name, restarts, last, message } = container;
  const limit = templateOf(pod, name)?.limits.memory ?? 0;
  const outOfMemory = last?.reason === 'OOMKilled';
  const end = last === undefined ? '' : `, ${ending(last)}`;
  const evidence = [
    `status of ${words(container)}: ${short(container.reason || container.state)}, ${count(restarts, 'restart')}`,
  ];
  if (last !== undefined) evidence.push(`last state: ${ending(last)}, ${span(now - last.at)} ago`);
  if (outOfMemory && limit > 0) evidence.push(`memory limit: ${bytes(limit)}`);
  if (message !== '') evidence.push(short(message, 240));
  return {
    key: name,
    severity: CRITICAL,
    title: `${words(container)}: CrashLoopBackOff${end}, ${count(restarts, 'restart')}`,
    evidence,
    since: downSince(seen),
    // A single end counts when the pod has been down for a while.
    holdMs: restarts < FEW ? 45 * SECOND : 0,
    ...endedOfItself(last),
    ...because(outOfMemory ? workloadAbove(node.id, view)?.id : faultyRollout(node, view)),
    ...lastWords(node, container),
  };
}
