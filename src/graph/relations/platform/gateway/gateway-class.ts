/** Who serves a Gateway. */
import { defineRelation } from '../../define.ts';

export const gatewayClass = defineRelation(
  {
    id: 'gateway-class',
    rows: [13],
    verb: 'is served by',
    sources: ['Gateway.gateway.networking.k8s.io'],
    class: 'uses',
    strength: 'hard',
  },
  [{ at: 'spec.gatewayClassName', to: 'GatewayClass.gateway.networking.k8s.io' }],
);
