/** The proxies that serve a Gateway, in any namespace. */
import { defineRelation } from '../../define.ts';

export const istioGatewayPods = defineRelation(
  {
    id: 'istio-gateway-pods',
    rows: [66],
    verb: 'is served by',
    sources: ['Gateway.networking.istio.io'],
    class: 'routes',
    strength: 'hard',
  },
  [{ at: 'spec.selector', select: 'Pod', form: 'labels', within: 'any' }],
);
