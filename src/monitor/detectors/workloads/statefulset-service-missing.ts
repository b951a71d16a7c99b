/** A StatefulSet whose Service does not exist: its pods have no names that others could find them by. */
import type { Detector } from '../../types.ts';
import { STATEFUL_SET } from './reading/owners.ts';
import { MINOR, WARNING } from './reading/pods.ts';
import { MINUTE } from './reading/times.ts';
import { onWorkloads } from './reading/workloads.ts';

export const statefulSetServiceMissing: Detector = onWorkloads({
  id: 'statefulset-service-missing',
  kinds: [STATEFUL_SET],
  reads: ['Service'],
  look({ node, workload, view }) {
    if (workload.specReplicas === 0) return undefined;
    let name: string | undefined;
    let cause = node.id;
    view.out(node.id, (target, { relation }) => {
      if (relation.id !== 'stateful-set-service' || view.whereabouts(target) !== 'gone') return undefined;
      name = view.node(target).name;
      cause = target;
      return false;
    });
    if (name === undefined) return undefined;
    return {
      // One that works all the same is found by nobody by name, or never was.
      severity: workload.ready < workload.desired ? WARNING : MINOR,
      title: `its Service ${name} does not exist: its pods have no DNS names`,
      evidence: [`spec.serviceName: ${name}`],
      holdMs: MINUTE,
      own: true,
      cause,
      // The field cannot be changed.
      advice: `create the headless Service ${name} (clusterIP: None) in ${node.namespace}`,
    };
  },
});
