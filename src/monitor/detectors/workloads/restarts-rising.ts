/** A container that is up, and is restarted time and again. */

import type { Detector } from '../../types.ts';
import { isLooping } from './crash-loop.ts';
import { ending, lastWords, onLivePods, WARNING, words } from './reading/pods.ts';
import { count, MINUTE, span } from './reading/times.ts';

const FEW = 3;
/** The last one is of now. */
const WINDOW = 15 * MINUTE;
/** More often than this over the pod's life. */
const EVERY = 30 * MINUTE;

export const restartsRising: Detector = onLivePods({
  id: 'restarts-rising',
  look: (seen) =>
    seen.pod.containers.flatMap((container) => {
      const { name, restarts, last, state, since } = container;
      if (restarts < FEW || last === undefined || state !== 'running' || isLooping(container, seen)) return [];
      const { node, pod, now } = seen;
      // Kills for memory are told by oom-killed.
      if (last.reason === 'OOMKilled' || now - last.at > WINDOW) return [];
      const life = now - (pod.started || node.created);
      if (life / restarts > EVERY) return [];
      return [
        {
          key: name,
          severity: WARNING,
          title: `${words(container)}: ${count(restarts, 'restart')} in ${span(life)}, last ${ending(last)}`,
          evidence: [
            `restartCount: ${restarts}`,
            `last state: ${ending(last)}, ${span(now - last.at)} ago`,
            `running for ${span(now - since)}`,
          ],
          since: last.at,
          ...lastWords(node, container),
        },
      ];
    }),
});
