/** A pod that nobody makes anew when it is gone. */

import { pod as podKind } from '../../../graph/project/pod.ts';
import type { Detector } from '../../types.ts';
import { ownerOf } from './reading/owners.ts';
import { HINT, POD } from './reading/pods.ts';

export const unmanagedPod: Detector = {
  id: 'unmanaged-pod',
  class: 'hygiene',
  kinds: [POD],
  reads: [],
  detect(node, { view }) {
    const pod = podKind.of(node);
    if (pod?.phase !== 'Running' || pod.template.restartPolicy !== 'Always' || node.deleting !== undefined) return [];
    if (ownerOf(node.id, view) !== undefined) return [];
    return [
      {
        severity: HINT,
        title: 'has no owner: nobody replaces it',
        evidence: ['metadata.ownerReferences: none'],
        since: node.created,
      },
    ];
  },
};
