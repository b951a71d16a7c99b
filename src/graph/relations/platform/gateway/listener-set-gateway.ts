/** Listeners that live beside their Gateway. */
import { defineRelation } from '../../define.ts';

export const listenerSetGateway = defineRelation(
  {
    id: 'listener-set-gateway',
    rows: [15],
    verb: 'adds listeners to',
    sources: ['ListenerSet.gateway.networking.k8s.io', 'XListenerSet.gateway.networking.x-k8s.io'],
    class: 'routes',
    strength: 'hard',
  },
  [{ at: 'spec.parentRef', to: { kind: 'Gateway', group: 'gateway.networking.k8s.io' }, across: true }],
);
