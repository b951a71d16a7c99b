/** Gateways and Services that a policy of the mesh names. */
import { defineRelation } from '../../define.ts';

export const istioPolicyTarget = defineRelation(
  {
    id: 'istio-policy-target',
    rows: [66],
    verb: 'applies to',
    sources: [
      'AuthorizationPolicy.security.istio.io',
      'RequestAuthentication.security.istio.io',
      'Telemetry.telemetry.istio.io',
      'WasmPlugin.extensions.istio.io',
    ],
    class: 'uses',
    strength: 'informational',
  },
  [
    { at: 'spec.targetRef', to: { kind: 'Service', group: '' } },
    { at: 'spec.targetRefs[]', to: { kind: 'Service', group: '' } },
  ],
);
