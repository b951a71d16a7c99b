/** An init container that fails, or that does not come to its end: the pod never starts. */
import type { ContainerFacts } from '../../../graph/facts.ts';
import type { Detector, Found } from '../../types.ts';
import { isLooping } from './crash-loop.ts';
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
  WARNING,
  words,
} from './reading/pods.ts';
import { faultyRollout } from './reading/revisions.ts';
import { count, MINUTE, SECOND, short, span } from './reading/times.ts';

/** Migrations and downloads may take their time. */
const LONG = 15 * MINUTE;

export const initContainerFailing: Detector = onLivePods({
  id: 'init-container-failing',
  reads: OWNERS,
  look: (seen) =>
    seen.pod.containers
      .filter(({ role }) => role === 'init')
      .map((container) => failing(container, seen) ?? stuck(container, seen))
      .filter((found) => found !== undefined),
});

function failing(container: ContainerFacts, seen: PodInView): Found | undefined {
  const { name, state, restarts, exitCode, last } = container;
  const failed = state === 'terminated' && exitCode !== 0;
  if (!failed && !isLooping(container, seen)) return undefined;
  const { node, view, now } = seen;
  const end = failed ? container : last;
  const evidence = [
    `status of ${words(container)}: ${short(container.reason || state)}, ${count(restarts, 'restart')}`,
  ];
  if (last !== undefined) evidence.push(`last state: ${ending(last)}, ${span(now - last.at)} ago`);
  return {
    key: name,
    severity: CRITICAL,
    title: `${words(container)} fails${end === undefined ? '' : `, ${ending(end)}`}, ${count(restarts, 'restart')}`,
    evidence,
    since: downSince(seen),
    holdMs: restarts < 2 ? 45 * SECOND : 0,
    ...endedOfItself(end),
    ...because(faultyRollout(node, view)),
    ...lastWords(node, container),
  };
}

function stuck(container: ContainerFacts, seen: PodInView): Found | undefined {
  const { pod, node } = seen;
  if (container.state !== 'running' || pod.phase !== 'Pending') return undefined;
  const since = container.since || pod.started || node.created;
  return {
    key: container.name,
    severity: WARNING,
    title: `${words(container)} has not come to its end`,
    evidence: [`status of ${words(container)}: running for ${span(seen.now - since)}; the others wait for it`],
    since,
    holdMs: LONG,
  };
}
