/** The workloads of an operator. */
import { defineRelation } from '../../define.ts';

export const operatorDeployment = defineRelation(
  {
    id: 'operator-deployment',
    rows: [68],
    verb: 'runs',
    sources: ['ClusterServiceVersion.operators.coreos.com'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.install.spec.deployments[]', to: 'Deployment.apps' }],
);
