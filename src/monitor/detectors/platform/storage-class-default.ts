/** Several classes are the default: which one a claim gets depends on their age. */
import { storageClass as classKind } from '../../../graph/project/storage-class.ts';
import type { Detector } from '../../types.ts';
import { MINOR } from '../workloads/reading/pods.ts';
import { HOUR } from '../workloads/reading/times.ts';
import { allOf, onKind } from './reading/on-kind.ts';

export const storageClassDefault: Detector = onKind(classKind, {
  id: 'storage-class-default',
  class: 'hygiene',
  reads: [classKind.kind],
  affected: (changed, view) => allOf(classKind.kind)(changed, view),
  look({ node, facts, view }) {
    if (!facts.isDefault) return undefined;
    const others: string[] = [];
    view.eachOfKind(classKind.kind, undefined, (id) => {
      const other = view.node(id);
      if (id !== node.id && classKind.of(other)?.isDefault === true) others.push(other.name);
      return undefined;
    });
    if (others.length === 0) return undefined;
    return {
      severity: MINOR,
      title: `is the default class, and so ${others.length === 1 ? 'is' : 'are'} ${others.sort().slice(0, 3).join(', ')}`,
      evidence: ['metadata.annotations[storageclass.kubernetes.io/is-default-class]: true'],
      holdMs: HOUR,
    };
  },
});
