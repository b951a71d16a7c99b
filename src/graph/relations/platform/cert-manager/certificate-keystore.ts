/** Passwords of keystores. */
import { defineRelation } from '../../define.ts';

export const certificateKeystore = defineRelation(
  {
    id: 'certificate-keystore',
    rows: [64],
    verb: 'seals its keystore with',
    sources: ['Certificate.cert-manager.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.keystores.jks.passwordSecretRef', to: 'Secret' },
    { at: 'spec.keystores.pkcs12.passwordSecretRef', to: 'Secret' },
  ],
);
