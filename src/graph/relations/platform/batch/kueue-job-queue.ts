/** Jobs say by label where they wait. */
import type { Relation } from '../../../types.ts';
import { nameReference, namespaceOf } from '../../define.ts';
import { textOf } from '../../field-path.ts';

const LABEL = 'kueue.x-k8s.io/queue-name';

export const kueueJobQueue: Relation = {
  id: 'kueue-job-queue',
  rows: [52],
  verb: 'waits in',
  sources: [
    'Job.batch',
    'JobSet.jobset.x-k8s.io',
    'LeaderWorkerSet.leaderworkerset.x-k8s.io',
    'RayJob.ray.io',
    'RayCluster.ray.io',
    'PyTorchJob.kubeflow.org',
    'TFJob.kubeflow.org',
    'MPIJob.kubeflow.org',
    'TrainJob.trainer.kubeflow.org',
    'Deployment.apps',
    'StatefulSet.apps',
    'Pod',
  ],
  class: 'dependsOn',
  strength: 'hard',
  fields: [],
  references(object) {
    const name = textOf(object.metadata?.labels?.[LABEL]);
    const found = nameReference('LocalQueue.kueue.x-k8s.io', namespaceOf(object), name, `metadata.labels[${LABEL}]`);
    return found === undefined ? [] : [found];
  },
};
