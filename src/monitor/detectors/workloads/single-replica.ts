/** One pod only, and others depend on its Service: each of its restarts is an outage. */
import type { Detector } from '../../types.ts';
import { above, DEPLOYMENT, ownedBy, REPLICA_SET } from './reading/owners.ts';
import { HINT, POD } from './reading/pods.ts';
import { onWorkloads } from './reading/workloads.ts';

const BUDGET = 'PodDisruptionBudget.policy';

export const singleReplica: Detector = onWorkloads({
  id: 'single-replica',
  class: 'hygiene',
  kinds: [DEPLOYMENT],
  reads: [REPLICA_SET, POD, BUDGET],
  affected: above,
  look({ node, workload, view }) {
    if (workload.specReplicas !== 1) return undefined;
    const pods = ownedBy(node.id, REPLICA_SET, view).flatMap(({ id }) => ownedBy(id, POD, view));
    let budget: string | undefined;
    for (const { id } of pods)
      view.in(id, (source) => {
        const { kind, name } = view.node(source);
        if (kind === BUDGET) budget = name;
        return budget === undefined;
      });
    if (budget === undefined) return undefined;
    return {
      severity: HINT,
      title: 'a single replica behind a disruption budget',
      evidence: [
        'spec.replicas: 1',
        `PodDisruptionBudget ${budget} selects its pod: no drain can go on, or it protects nothing`,
      ],
    };
  },
});
