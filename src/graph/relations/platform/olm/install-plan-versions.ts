/** Versions that a plan installs. */
import { defineRelation } from '../../define.ts';

export const installPlanVersions = defineRelation(
  {
    id: 'install-plan-versions',
    rows: [68],
    verb: 'installs',
    sources: ['InstallPlan.operators.coreos.com'],
    class: 'uses',
    strength: 'soft',
  },
  [{ at: 'spec.clusterServiceVersionNames[]', to: 'ClusterServiceVersion.operators.coreos.com' }],
);
