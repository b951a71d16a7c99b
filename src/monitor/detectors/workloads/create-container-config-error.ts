/** A container that lacks a ConfigMap, a Secret, or a key of one. */
import type { Detector } from '../../types.ts';
import { danglingOf, missingIn } from './reading/named.ts';
import { because, CRITICAL, downSince, onLivePods, words } from './reading/pods.ts';
import { recent, told } from './reading/stories.ts';
import { SECOND, short } from './reading/times.ts';

export const createContainerConfigError: Detector = onLivePods({
  id: 'create-container-config-error',
  reads: ['ConfigMap', 'Secret'],
  look: (seen) =>
    seen.pod.containers
      .filter(({ state, reason }) => state === 'waiting' && reason === 'CreateContainerConfigError')
      .map((container) => {
        const { node, view, now } = seen;
        const events = recent(node, seen, 'Failed');
        const messages = [container.message, ...events.map(({ message }) => message)];
        const missing =
          messages.map((message) => missingIn(message, node, view)).find((named) => named !== undefined) ??
          danglingOf(node, view, ['ConfigMap', 'Secret']);
        const evidence = [
          `status of ${words(container)}: CreateContainerConfigError${container.message === '' ? '' : `, ${short(container.message, 240)}`}`,
        ];
        if (missing !== undefined) evidence.push(missing.says);
        const [event] = events;
        if (event !== undefined) evidence.push(told(event, now));
        return {
          key: container.name,
          severity: CRITICAL,
          title: `${words(container)}: CreateContainerConfigError${missing === undefined ? '' : `, ${short(missing.says)}`}`,
          evidence,
          since: downSince(seen),
          // What is missing may be on its way, as in one `apply` of many objects.
          holdMs: 30 * SECOND,
          ...because(missing?.id),
        };
      }),
});
