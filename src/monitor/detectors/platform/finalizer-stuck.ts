/** An object that was deleted and does not go, because nobody takes its finalizers away. */
import { generic } from '../../../graph/project/generic.ts';
import type { GraphNode, GraphView } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { lookWith } from '../workloads/reading/looking.ts';
import { MINOR, POD } from '../workloads/reading/pods.ts';
import { MINUTE, span } from '../workloads/reading/times.ts';

const HOLD = 10 * MINUTE;
/** They have detectors of their own. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set([POD, 'Namespace']);

export const finalizerStuck: Detector = {
  id: 'finalizer-stuck',
  class: 'incident',
  kinds: 'any',
  reads: ['Namespace'],
  detect(node, context) {
    const { deleting } = node;
    if (deleting === undefined || TOLD_ELSEWHERE.has(node.kind) || isGoing(node.namespace, context.view)) return [];
    return lookWith(context, { node }, (seen) => {
      const finalizers = generic.of(node)?.finalizers ?? [];
      const users = usersOf(node, seen.view);
      return {
        severity: MINOR,
        title: `deleted and does not go${finalizers.length === 0 ? '' : `: finalizer ${finalizers.slice(0, 2).join(', ')}`}`,
        evidence: [
          `metadata.deletionTimestamp: ${span(seen.now - deleting)} ago`,
          ...finalizers.slice(0, 2).map((name) => `metadata.finalizers: ${name}`),
          ...(users.length === 0 ? [] : [`still used by ${users.join(', ')}`]),
        ],
        since: deleting,
        holdMs: HOLD,
      };
    });
  },
};

/** Then it is told of the namespace. */
function isGoing(namespace: string, view: GraphView): boolean {
  const id = namespace === '' ? undefined : view.find('Namespace', '', namespace);
  return id !== undefined && view.node(id).deleting !== undefined;
}

/** Claims and volumes stay while they are in use. */
function usersOf(node: GraphNode, view: GraphView): string[] {
  const users: string[] = [];
  if (node.kind !== 'PersistentVolumeClaim' && node.kind !== 'PersistentVolume') return users;
  view.in(node.id, (source, { strength }) => {
    const user = view.node(source);
    if (strength === 'hard' && user.state === 'present') users.push(`${user.kind.split('.')[0]} ${user.name}`);
    return users.length < 3;
  });
  return users;
}
