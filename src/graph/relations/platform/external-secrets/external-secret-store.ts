/** Where the values come from, or go to. */
import { defineRelation } from '../../define.ts';

export const externalSecretStore = defineRelation(
  {
    id: 'external-secret-store',
    rows: [65],
    verb: 'is read from',
    sources: ['ExternalSecret.external-secrets.io', 'PushSecret.external-secrets.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.secretStoreRef', to: { kind: 'SecretStore', group: 'external-secrets.io' } },
    { at: 'spec.secretStoreRefs[]', to: { kind: 'SecretStore', group: 'external-secrets.io' } },
    { at: 'spec.data[].sourceRef.storeRef', to: { kind: 'SecretStore', group: 'external-secrets.io' } },
    { at: 'spec.dataFrom[].sourceRef.storeRef', to: { kind: 'SecretStore', group: 'external-secrets.io' } },
  ],
);
