/** The quota behind a queue. */
import { defineRelation } from '../../define.ts';

export const kueueQueue = defineRelation(
  {
    id: 'kueue-queue',
    rows: [52],
    verb: 'takes its quota from',
    sources: ['LocalQueue.kueue.x-k8s.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.clusterQueue', to: 'ClusterQueue.kueue.x-k8s.io' }],
);
