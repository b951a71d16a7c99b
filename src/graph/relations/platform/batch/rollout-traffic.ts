/** Services and routes that a Rollout moves traffic with. */
import { defineRelation } from '../../define.ts';

export const rolloutTraffic = defineRelation(
  {
    id: 'rollout-traffic',
    rows: [52],
    verb: 'shifts traffic at',
    sources: ['Rollout.argoproj.io'],
    class: 'routes',
    strength: 'hard',
  },
  [
    { at: 'spec.strategy.blueGreen.activeService', to: 'Service' },
    { at: 'spec.strategy.blueGreen.previewService', to: 'Service' },
    { at: 'spec.strategy.canary.stableService', to: 'Service' },
    { at: 'spec.strategy.canary.canaryService', to: 'Service' },
    { at: 'spec.strategy.canary.trafficRouting.istio.virtualService', to: 'VirtualService.networking.istio.io' },
    { at: 'spec.strategy.canary.trafficRouting.istio.virtualServices[]', to: 'VirtualService.networking.istio.io' },
    { at: 'spec.strategy.canary.trafficRouting.istio.destinationRule', to: 'DestinationRule.networking.istio.io' },
    { at: 'spec.strategy.canary.trafficRouting.nginx.stableIngress', to: 'Ingress.networking.k8s.io' },
    { at: 'spec.strategy.canary.trafficRouting.alb.ingress', to: 'Ingress.networking.k8s.io' },
  ],
);
