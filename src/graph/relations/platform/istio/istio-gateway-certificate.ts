/** Certificates of servers. They belong beside the proxies, often another namespace than that of the Gateway: one that is missing here proves nothing. */
import { defineRelation } from '../../define.ts';

export const istioGatewayCertificate = defineRelation(
  {
    id: 'istio-gateway-certificate',
    rows: [66],
    verb: 'serves the certificate of',
    sources: ['Gateway.networking.istio.io'],
    class: 'dependsOn',
    strength: 'soft',
  },
  [{ at: 'spec.servers[].tls.credentialName', to: 'Secret', optional: true }],
);
