/** What a class or a Gateway takes its settings from: any kind that its controller knows. */
import { defineRelation } from '../../define.ts';

export const gatewayParameters = defineRelation(
  {
    id: 'gateway-parameters',
    rows: [13],
    verb: 'is set up by',
    sources: ['Gateway.gateway.networking.k8s.io', 'GatewayClass.gateway.networking.k8s.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.parametersRef', to: { kind: '', group: '' }, across: true },
    { at: 'spec.infrastructure.parametersRef', to: { kind: '', group: '' } },
  ],
);
