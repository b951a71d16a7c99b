/** Services that a workload's pods are told to call: known before there is a pod, and where none comes to be. */
import type { Relation } from '../../../types.ts';
import { templateHosts } from './template-hosts.ts';

export const workloadHost: Relation = {
  id: 'workload-host',
  rows: [74],
  verb: 'calls',
  sources: ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps', 'Job.batch', 'Rollout.argoproj.io'],
  class: 'connects',
  strength: 'soft',
  ...templateHosts('spec.template.spec'),
};
