/** A StatefulSet that waits for one of its pods: the next ones are not made or updated before it is ready. */
import type { Detector } from '../../types.ts';
import { above, STATEFUL_SET } from './reading/owners.ts';
import { POD, WARNING } from './reading/pods.ts';
import { count, MINUTE, SECOND, span } from './reading/times.ts';
import { type OwnedPod, onWorkloads, podsOf, troubleOf } from './reading/workloads.ts';

const FAILS = 60 * SECOND;
/** Databases take their time. */
const SLOW = 3 * MINUTE;
const MAY_BE_SLOW: ReadonlySet<string> = new Set(['not ready', 'not started', 'not scheduled']);

/** Label of its pods. */
const REVISION = 'controller-revision-hash';

export const statefulSetStuck: Detector = onWorkloads({
  id: 'statefulset-stuck',
  kinds: [STATEFUL_SET],
  reads: [POD],
  affected: above,
  look(seen) {
    const { node, workload, view } = seen;
    const { desired, ready, current, updated, currentRevision, updateRevision, updateStrategy } = workload;
    const updating = currentRevision !== updateRevision && updated < desired && updateStrategy !== 'OnDelete';
    if (desired === 0 || ready >= desired || (!updating && current >= desired && ready > 0)) return undefined;
    const blocking = podsOf(node.id, view)
      .map((owned) => ({ ...owned, trouble: troubleOf(owned.pod) }))
      .filter(({ trouble }) => trouble !== undefined)
      .sort((a, b) => ordinalOf(a) - ordinalOf(b))[0];
    if (blocking === undefined) return undefined;
    const { trouble = '' } = blocking;
    const waiting = updating ? count(desired - updated, 'pod') : count(desired - current, 'pod');
    const since = Math.max(blocking.node.created, blocking.pod.readySince);
    return {
      severity: WARNING,
      title: `${updating ? 'its update' : 'it'} waits for Pod ${blocking.node.name}: ${trouble}`,
      evidence: [
        `Pod ${blocking.node.name}: ${trouble} for ${span(seen.now - since)}`,
        `status: ${ready} of ${desired} ready, ${updated} updated${waiting.startsWith('0 ') ? '' : `; ${waiting} to come`}`,
        ...(updating
          ? [`status.updateRevision ${updateRevision} is not status.currentRevision ${currentRevision}`]
          : []),
      ],
      since,
      holdMs: MAY_BE_SLOW.has(trouble) ? SLOW : FAILS,
      ...(updating && blocking.node.labels[REVISION] === updateRevision
        ? { advice: 'A pod of a bad revision is not replaced by itself: set the template right, then delete the pod' }
        : {}),
    };
  },
});

const ordinalOf = ({ node }: OwnedPod) => Number(/-(\d+)$/.exec(node.name)?.[1] ?? 0);
