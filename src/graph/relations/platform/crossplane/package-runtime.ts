/** How the pods of a package are made. */
import { defineRelation } from '../../define.ts';

export const packageRuntime = defineRelation(
  {
    id: 'package-runtime',
    rows: [63],
    verb: 'is set up by',
    sources: ['Provider.pkg.crossplane.io', 'Function.pkg.crossplane.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.runtimeConfigRef', to: 'DeploymentRuntimeConfig.pkg.crossplane.io' }],
);
