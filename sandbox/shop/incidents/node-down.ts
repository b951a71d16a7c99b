/** A node falls silent. */
import type { Incident } from '../../worlds/types.ts';
import { behaviour, node, spoilt } from './kit.ts';

export const NODE_DOWN: Incident = {
  name: 'node-down',
  title: 'the kubelet of worker-3 stops',
  symptom: 'worker-3 is NotReady after 50 s; five minutes later its pods are Terminating and replaced elsewhere',
  root: { resource: 'node', namespace: '', name: 'worker-3' },
  look: ['get', 'nodes'],
  ...spoilt(node('worker-3'), ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, [behaviour('kubelet')]: 'stopped' };
  }),
};
