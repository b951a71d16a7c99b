/** Who issues a certificate. Requests, orders and challenges are owned one by the other. */
import { defineRelation } from '../../define.ts';

export const certificateIssuer = defineRelation(
  {
    id: 'certificate-issuer',
    rows: [64],
    verb: 'is issued by',
    sources: [
      'Certificate.cert-manager.io',
      'CertificateRequest.cert-manager.io',
      'Order.acme.cert-manager.io',
      'Challenge.acme.cert-manager.io',
    ],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.issuerRef', to: { kind: 'Issuer', group: 'cert-manager.io' } }],
);
