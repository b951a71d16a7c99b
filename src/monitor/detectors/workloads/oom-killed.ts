/** A container that took more memory than its limit. */
import type { ContainerFacts } from '../../../graph/facts.ts';
import type { Detector, Found } from '../../types.ts';
import { workloadAbove } from './reading/owners.ts';
import { because, CRITICAL, OWNERS, onLivePods, type PodInView, templateOf, WARNING, words } from './reading/pods.ts';
import { bytes, count, HOUR, MINUTE, span } from './reading/times.ts';

/** One kill is a matter of now for so long; of what is killed again and again, longer. */
const WINDOW = 15 * MINUTE;
const LONG_WINDOW = HOUR;
const OFTEN = 3;

export const oomKilled: Detector = onLivePods({
  id: 'oom-killed',
  reads: OWNERS,
  look: (seen) => seen.pod.containers.flatMap((container) => foundOf(container, seen)),
});

function foundOf(container: ContainerFacts, seen: PodInView): Found[] {
  const at = killedAt(container);
  const { name, restarts } = container;
  if (at === undefined) return [];
  const { node, pod, view, now } = seen;
  if (now - at > (restarts >= OFTEN ? LONG_WINDOW : WINDOW)) return [];
  const limit = templateOf(pod, name)?.limits.memory ?? 0;
  const bound = limit > 0 ? `memory limit ${bytes(limit)}` : 'no memory limit of its own: the node ran out';
  return [
    {
      key: name,
      severity: restarts > 1 || !container.ready ? CRITICAL : WARNING,
      title: `${words(container)}: OOMKilled, ${bound}${restarts > 0 ? `, ${count(restarts, 'restart')}` : ''}`,
      evidence: [`last state: OOMKilled, ${span(now - at)} ago`, bound, `restartCount: ${restarts}`],
      since: at,
      // Without a limit it is the node that is short.
      ...because(limit > 0 ? workloadAbove(node.id, view)?.id : view.find('Node', '', pod.node)),
      advice:
        limit > 0
          ? `raise resources.limits.memory of container ${name}, or find out what takes the memory`
          : `set requests and a limit of memory for container ${name}, so that its node is not overfilled`,
    },
  ];
}

function killedAt({ state, reason, since, last }: ContainerFacts): number | undefined {
  if (state === 'terminated' && reason === 'OOMKilled') return since;
  return last?.reason === 'OOMKilled' ? last.at : undefined;
}
