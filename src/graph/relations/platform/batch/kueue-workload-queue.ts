/** Where a workload waits, and which quota it was admitted by. */
import { defineRelation } from '../../define.ts';

export const kueueWorkloadQueue = defineRelation(
  {
    id: 'kueue-workload-queue',
    rows: [52],
    verb: 'waits in',
    sources: ['Workload.kueue.x-k8s.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.queueName', to: 'LocalQueue.kueue.x-k8s.io' },
    { at: 'status.admission.clusterQueue', to: 'ClusterQueue.kueue.x-k8s.io' },
  ],
);
