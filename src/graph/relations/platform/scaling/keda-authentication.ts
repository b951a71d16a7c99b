/** How KEDA logs in to what it asks. */
import { defineRelation } from '../../define.ts';

export const kedaAuthentication = defineRelation(
  {
    id: 'keda-authentication',
    rows: [47],
    verb: 'asks its triggers with',
    sources: ['ScaledObject.keda.sh', 'ScaledJob.keda.sh'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.triggers[].authenticationRef', to: { kind: 'TriggerAuthentication', group: 'keda.sh' } }],
);
