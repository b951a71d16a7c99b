/** Who is told. */
import { defineRelation } from '../../define.ts';

export const fluxAlertProvider = defineRelation(
  {
    id: 'flux-alert-provider',
    rows: [62],
    verb: 'tells',
    sources: ['Alert.notification.toolkit.fluxcd.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.providerRef', to: 'Provider.notification.toolkit.fluxcd.io' }],
);
