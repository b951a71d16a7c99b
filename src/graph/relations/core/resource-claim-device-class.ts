import { defineRelation } from '../define.ts';

export const resourceClaimDeviceClass = defineRelation(
  {
    id: 'resource-claim-device-class',
    rows: [38],
    verb: 'asks for',
    sources: ['ResourceClaim.resource.k8s.io', 'ResourceClaimTemplate.resource.k8s.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.devices.requests[].deviceClassName', to: 'DeviceClass.resource.k8s.io' },
    { at: 'spec.devices.requests[].exactly.deviceClassName', to: 'DeviceClass.resource.k8s.io' },
    { at: 'spec.devices.requests[].firstAvailable[].deviceClassName', to: 'DeviceClass.resource.k8s.io' },
    { at: 'spec.spec.devices.requests[].deviceClassName', to: 'DeviceClass.resource.k8s.io' },
    { at: 'spec.spec.devices.requests[].exactly.deviceClassName', to: 'DeviceClass.resource.k8s.io' },
    { at: 'spec.spec.devices.requests[].firstAvailable[].deviceClassName', to: 'DeviceClass.resource.k8s.io' },
  ],
);
