import type { KindKey } from '../../graph/types.ts';

/** Kinds whose health is worth a line of its own, by the name under which they are told. */
export const KEY_KINDS: Readonly<Record<string, KindKey>> = {
  nodes: 'Node',
  pods: 'Pod',
  deployments: 'Deployment.apps',
  statefulsets: 'StatefulSet.apps',
  daemonsets: 'DaemonSet.apps',
  jobs: 'Job.batch',
  persistentvolumeclaims: 'PersistentVolumeClaim',
};
