/** A volume that cannot be attached or mounted: the pod stays in ContainerCreating. */
import type { EventFacts } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { danglingOf, missingIn, type Named, volumeIn } from './reading/named.ts';
import { because, CRITICAL, downSince, onLivePods, type PodInView } from './reading/pods.ts';
import { recent, told } from './reading/stories.ts';
import { MINUTE, SECOND, short } from './reading/times.ts';

const VOLUMES = ['Secret', 'ConfigMap', 'PersistentVolumeClaim'];

export const mountFailed: Detector = onLivePods({
  id: 'mount-failed',
  reads: [...VOLUMES, 'PersistentVolume'],
  look(seen) {
    const { node, pod, view } = seen;
    if (pod.node === '' || pod.phase !== 'Pending' || pod.containers.some(({ state }) => state !== 'waiting'))
      return undefined;
    const events = recent(node, seen, 'FailedMount', 'FailedAttachVolume', 'FailedMapVolume');
    const missing = namedIn(events, seen);
    const [event] = events;
    const dangling = missing ?? danglingOf(node, view, VOLUMES, 'spec.volumes');
    if (event === undefined && dangling === undefined) return undefined;
    return {
      severity: CRITICAL,
      title: titleOf(event, dangling),
      evidence: [
        ...(event === undefined ? [] : [told(event, seen.now)]),
        ...(dangling === undefined ? [] : [dangling.says]),
        'no container has started: ContainerCreating',
      ],
      since: event === undefined ? downSince(seen) : event.first,
      // Without an event the kubelet may just not have come to it.
      holdMs: event === undefined ? 2 * MINUTE : 30 * SECOND,
      ...because(dangling?.id),
    };
  },
});

function namedIn(events: readonly EventFacts[], { node, view }: PodInView): Named | undefined {
  for (const { message } of events) {
    const named = missingIn(message, node, view) ?? volumeIn(message, node, view);
    if (named !== undefined) return named;
  }
  return undefined;
}

function titleOf(event: EventFacts | undefined, named: Named | undefined): string {
  const attach = event?.reason === 'FailedAttachVolume' ? 'a volume cannot be attached' : 'a volume cannot be mounted';
  if (event !== undefined && /Multi-Attach/.test(event.message))
    return 'a volume cannot be attached: another node has it';
  if (named !== undefined && /does not exist|has no key/.test(named.says)) return `${attach}: ${short(named.says)}`;
  return event === undefined ? attach : `${attach}: ${short(event.message, 160)}`;
}
