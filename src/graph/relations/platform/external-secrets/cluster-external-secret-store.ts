/** Where the values of many namespaces come from. A store that is of a namespace is another one in each. */
import { defineRelation } from '../../define.ts';

export const clusterExternalSecretStore = defineRelation(
  {
    id: 'cluster-external-secret-store',
    rows: [65],
    verb: 'is read from',
    sources: ['ClusterExternalSecret.external-secrets.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    {
      at: 'spec.externalSecretSpec.secretStoreRef',
      to: { kind: 'SecretStore', group: 'external-secrets.io', only: ['ClusterSecretStore.external-secrets.io'] },
    },
  ],
);
