/** A node runs out of memory. */
import type { Pod } from '../../world/kubelet/pod-types.ts';
import type { Machine } from '../../world/types.ts';
import type { Incident } from '../../worlds/types.ts';
import { behaviour, node, spoilt, thenHeal } from './kit.ts';

/** Evicted pods stay as a record until somebody deletes them. */
function clearEvicted(machine: Machine): void {
  for (const { metadata, status } of machine.list<Pod>('pods')) {
    if (status?.phase === 'Failed' && status.reason === 'Evicted')
      machine.delete('pods', metadata.namespace ?? '', metadata.name);
  }
}

export const NODE_PRESSURE: Incident = {
  name: 'node-pressure',
  title: 'worker-4 is short of memory',
  symptom: 'MemoryPressure on worker-4, a taint, and pods Evicted that use more than they asked for',
  root: { resource: 'node', namespace: '', name: 'worker-4' },
  look: ['describe', 'node', 'worker-4'],
  ...thenHeal(
    spoilt(node('worker-4'), ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, [behaviour('pressure')]: 'memory' };
    }),
    clearEvicted,
  ),
};
