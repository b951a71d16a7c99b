/** The Secret of a certificate is there once it was issued, and as good as its last renewal. */
import { defineRelation } from '../../define.ts';

export const secretCertificate = defineRelation(
  {
    id: 'secret-certificate',
    rows: [64],
    verb: 'is written by',
    sources: ['Certificate.cert-manager.io'],
    class: 'dependsOn',
    strength: 'hard',
    inverse: true,
  },
  [{ at: 'spec.secretName', to: 'Secret' }],
);
