/** Pods that a policy of the mesh selects. One without a selector applies to its whole namespace. */
import { defineRelation } from '../../define.ts';

export const istioPolicyPods = defineRelation(
  {
    id: 'istio-policy-pods',
    rows: [66],
    verb: 'applies to',
    sources: [
      'AuthorizationPolicy.security.istio.io',
      'PeerAuthentication.security.istio.io',
      'RequestAuthentication.security.istio.io',
      'Telemetry.telemetry.istio.io',
      'WasmPlugin.extensions.istio.io',
      'Sidecar.networking.istio.io',
      'EnvoyFilter.networking.istio.io',
      'ServiceEntry.networking.istio.io',
      'ProxyConfig.networking.istio.io',
    ],
    class: 'uses',
    strength: 'informational',
  },
  [
    { at: 'spec.selector.matchLabels', select: 'Pod', form: 'labels', within: 'own' },
    { at: 'spec.workloadSelector.labels', select: 'Pod', form: 'labels', within: 'own' },
  ],
);
