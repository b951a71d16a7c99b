/** A request that no node can meet. */
import type { Incident } from '../../worlds/types.ts';
import { containerOf, deployment, spoiltPods } from './kit.ts';

export const UNSCHEDULABLE_CPU: Incident = {
  name: 'unschedulable-cpu',
  title: 'inventory asks for 12 CPUs, more than any node has',
  symptom: 'a pod stays Pending; event FailedScheduling: Insufficient cpu',
  root: { resource: 'deployment', namespace: 'shop', name: 'inventory' },
  look: ['get', 'events', '-n', 'shop', '--field-selector', 'reason=FailedScheduling'],
  ...spoiltPods(deployment('shop', 'inventory'), (template) => {
    const { resources } = containerOf(template, 'inventory');
    if (resources?.requests !== undefined) resources.requests['cpu'] = '12';
  }),
};
