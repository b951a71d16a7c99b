/** A Service that leads to a port which the pods do not have. */
import type { KubeObject } from '../../types.ts';
import type { Incident } from '../../worlds/types.ts';
import { service, spoilt } from './kit.ts';

interface WithPorts extends KubeObject {
  spec: { ports: { targetPort: string }[] };
}

export const WRONG_TARGET_PORT: Incident = {
  name: 'wrong-target-port',
  title: 'the Service shipping leads to a port named web, which its pods do not have',
  symptom: 'its endpoint is an address without a port; checkout is not ready: connection refused',
  root: { resource: 'service', namespace: 'shop', name: 'shipping' },
  look: ['describe', 'service', 'shipping', '-n', 'shop'],
  ...spoilt<WithPorts>(service('shop', 'shipping'), ({ spec }) => {
    for (const port of spec.ports) port.targetPort = 'web';
  }),
};
