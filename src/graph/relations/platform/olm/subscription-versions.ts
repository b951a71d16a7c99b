/** What a subscription has installed and is about to. */
import { defineRelation } from '../../define.ts';

export const subscriptionVersions = defineRelation(
  {
    id: 'subscription-versions',
    rows: [68],
    verb: 'has installed',
    sources: ['Subscription.operators.coreos.com'],
    class: 'dependsOn',
    strength: 'soft',
  },
  [
    { at: 'status.installedCSV', to: 'ClusterServiceVersion.operators.coreos.com' },
    { at: 'status.currentCSV', to: 'ClusterServiceVersion.operators.coreos.com' },
    { at: 'status.installPlanRef', to: 'InstallPlan.operators.coreos.com' },
  ],
);
