/** A new revision that does not come up, while the one before still serves. */
import { workloadOf } from '../../../graph/project/workloads.ts';
import type { Detector } from '../../types.ts';
import { above, DEPLOYMENT, REPLICA_SET } from './reading/owners.ts';
import { POD, WARNING } from './reading/pods.ts';
import { rolloutOf, wayBack } from './reading/revisions.ts';
import { count, MINUTE, SECOND, short, span } from './reading/times.ts';
import { onWorkloads, podsOf, troubleOf } from './reading/workloads.ts';

/** What says of itself that it fails, and what may only be slow. */
const FAILS = 45 * SECOND;
const SLOW = 3 * MINUTE;
const MAY_BE_SLOW: ReadonlySet<string> = new Set(['not ready', 'not started', 'not scheduled']);

export const rolloutStuck: Detector = onWorkloads({
  id: 'rollout-stuck',
  kinds: [DEPLOYMENT],
  reads: [REPLICA_SET, POD],
  affected: above,
  look(seen) {
    const { node, workload, view } = seen;
    const rollout = rolloutOf(node, view);
    if (rollout === undefined || rollout.oldReady === 0 || workload.paused) return undefined;
    const { newest, oldReady } = rollout;
    const fresh = workloadOf(newest.node);
    if (fresh === undefined || fresh.specReplicas === 0 || fresh.ready > 0) return undefined;
    const pods = podsOf(newest.node.id, view);
    const [oldest] = pods.sort((a, b) => a.node.created - b.node.created);
    const trouble = oldest === undefined ? undefined : troubleOf(oldest.pod);
    // Without pods it is replica-failure that knows why.
    if (oldest === undefined || trouble === undefined) return undefined;
    const since = oldest.node.created;
    const images = workload.template.containers.filter(({ role }) => role === 'main').map(({ image }) => image);
    return {
      severity: WARNING,
      title: `its new revision does not come up: ${trouble}; ${count(oldReady, 'pod')} of the one before ${oldReady === 1 ? 'serves' : 'serve'}`,
      evidence: [
        `ReplicaSet ${newest.node.name}: 0 of ${fresh.specReplicas} ready, revision ${fresh.revision}`,
        `Pod ${oldest.node.name}: ${trouble} for ${span(seen.now - since)}`,
        `image: ${short(images.join(', '), 200)}`,
      ],
      since,
      holdMs: MAY_BE_SLOW.has(trouble) ? SLOW : FAILS,
      ...wayBack(node, rollout, view),
    };
  },
});
