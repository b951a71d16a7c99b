/** Flavors and checks of a ClusterQueue. A cohort need not exist as an object. */
import { defineRelation } from '../../define.ts';

export const kueueClusterQueue = defineRelation(
  {
    id: 'kueue-cluster-queue',
    rows: [52],
    verb: 'is made of',
    sources: ['ClusterQueue.kueue.x-k8s.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.resourceGroups[].flavors[]', to: 'ResourceFlavor.kueue.x-k8s.io' },
    { at: 'spec.admissionChecks[]', to: 'AdmissionCheck.kueue.x-k8s.io' },
    { at: 'spec.admissionChecksStrategy.admissionChecks[]', to: 'AdmissionCheck.kueue.x-k8s.io' },
    { at: 'spec.cohort', to: 'Cohort.kueue.x-k8s.io', optional: true, strength: 'informational' },
    { at: 'spec.cohortName', to: 'Cohort.kueue.x-k8s.io', optional: true, strength: 'informational' },
  ],
);
