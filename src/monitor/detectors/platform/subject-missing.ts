/** A binding that grants rights to a ServiceAccount which does not exist: whoever makes one of its name gets them. */
import { clusterRoleBinding, roleBinding } from '../../../graph/project/role-binding.ts';
import type { GraphNode } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { HINT } from '../workloads/reading/pods.ts';
import { HOUR } from '../workloads/reading/times.ts';
import { onKind } from './reading/on-kind.ts';

/** Kubernetes binds rights for controllers of its own that a cluster need not run. */
const BUILT_IN = /^system:/;

export const subjectMissing: Detector = onKind([roleBinding, clusterRoleBinding], {
  id: 'subject-missing',
  class: 'hygiene',
  reads: ['ServiceAccount'],
  look({ node, view }) {
    if (BUILT_IN.test(node.name)) return undefined;
    const missing: GraphNode[] = [];
    view.in(node.id, (source, { relation }) => {
      if (relation.id === 'role-binding-subject' && view.whereabouts(source) === 'gone')
        missing.push(view.node(source));
      return undefined;
    });
    const [first] = missing;
    if (first === undefined) return undefined;
    return {
      severity: HINT,
      title: `ServiceAccount ${first.namespace}/${first.name} does not exist`,
      evidence: missing.slice(0, 5).map(({ namespace, name }) => `subjects: ServiceAccount ${namespace}/${name}`),
      holdMs: HOUR,
    };
  },
});
