/** Maintenance that nobody ended. */
import type { KubeObject } from '../../types.ts';
import type { Incident } from '../../worlds/types.ts';
import { losePod, node, spoilt, thenBreak, together } from './kit.ts';

interface Node extends KubeObject {
  spec: { unschedulable?: boolean };
}

const cordoned = (name: string) =>
  spoilt<Node>(node(name), ({ spec }) => {
    spec.unschedulable = true;
  });

export const CORDONED_POOL: Incident = {
  name: 'cordoned-pool',
  title: 'both nodes of the burst pool are cordoned and forgotten; a pod of order-worker is lost',
  symptom: 'its replacement stays Pending: node(s) were unschedulable',
  root: { resource: 'node', namespace: '', name: 'worker-4' },
  look: ['get', 'nodes'],
  ...thenBreak(together(cordoned('worker-4'), cordoned('worker-5')), losePod('shop', 'order-worker')),
};
