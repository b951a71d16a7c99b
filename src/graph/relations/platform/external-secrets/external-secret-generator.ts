/** Generators of values. */
import { defineRelation } from '../../define.ts';

export const externalSecretGenerator = defineRelation(
  {
    id: 'external-secret-generator',
    rows: [65],
    verb: 'is made by',
    sources: ['ExternalSecret.external-secrets.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.dataFrom[].sourceRef.generatorRef', to: { kind: '', group: 'generators.external-secrets.io' } }],
);
