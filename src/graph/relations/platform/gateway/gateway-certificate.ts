/** Certificates of listeners, and the authorities that clients are checked against. */
import { defineRelation } from '../../define.ts';

export const gatewayCertificate = defineRelation(
  {
    id: 'gateway-certificate',
    rows: [14],
    verb: 'serves the certificate of',
    sources: [
      'Gateway.gateway.networking.k8s.io',
      'ListenerSet.gateway.networking.k8s.io',
      'XListenerSet.gateway.networking.x-k8s.io',
    ],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.listeners[].tls.certificateRefs[]', to: { kind: 'Secret', group: '' }, across: true },
    {
      at: 'spec.listeners[].tls.frontendValidation.caCertificateRefs[]',
      to: { kind: 'ConfigMap', group: '' },
      across: true,
    },
    {
      at: 'spec.tls.frontend.default.validation.caCertificateRefs[]',
      to: { kind: 'ConfigMap', group: '' },
      across: true,
    },
    {
      at: 'spec.tls.frontend.perPort[].tls.validation.caCertificateRefs[]',
      to: { kind: 'ConfigMap', group: '' },
      across: true,
    },
    { at: 'spec.tls.backend.clientCertificateRef', to: { kind: 'Secret', group: '' }, across: true },
  ],
);
