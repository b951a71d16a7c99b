/** A release of Helm whose newest revision failed, or was left half done. Known from the labels of its Secrets only. */
import type { SecretFacts } from '../../../graph/facts.ts';
import { secret as secretKind } from '../../../graph/project/secret.ts';
import type { GraphView, NodeId } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { onKind } from './reading/on-kind.ts';

type Release = NonNullable<SecretFacts['helm']>;

export const helmReleaseFailed: Detector = onKind(secretKind, {
  id: 'helm-release-failed',
  reads: [secretKind.kind],
  affected: (changed, view) => revisionsNear(changed.id, view),
  look({ node, facts: { helm }, view }) {
    if (helm === undefined || !(helm.status === 'failed' || helm.status.startsWith('pending-'))) return undefined;
    const others = revisionsNear(node.id, view).flatMap((id) => secretKind.of(view.node(id))?.helm ?? []);
    if (others.some(({ revision }) => revision > helm.revision)) return undefined;
    const failed = helm.status === 'failed';
    return {
      severity: WARNING,
      title: `Helm release ${helm.release}: revision ${helm.revision} ${failed ? 'failed' : `stays ${helm.status}`}`,
      evidence: [`metadata.labels.status: ${helm.status}, version: ${helm.revision}`],
      since: node.created,
      // Helm waits for five minutes by default, charts are given up to a quarter of an hour.
      holdMs: failed ? 0 : 15 * MINUTE,
      advice: failed
        ? `helm history ${helm.release} -n ${node.namespace}`
        : `nobody may upgrade it until: helm ${wayOut(helm, others)} -n ${node.namespace}`,
    };
  },
});

/** Back to what was installed last; of a first installation that never ended there is nothing to go back to. */
function wayOut({ release, revision }: Release, others: readonly Release[]): string {
  const good = others.filter(({ status }) => status === 'deployed' || status === 'superseded');
  if (good.length > 0) return `rollback ${release} ${Math.max(...good.map((one) => one.revision))}`;
  return revision === 1 ? `uninstall ${release}` : `rollback ${release} <revision of helm history>`;
}

/** Revisions of the same release. */
function revisionsNear(id: NodeId, view: GraphView): NodeId[] {
  const found: NodeId[] = [];
  view.out(id, (release, { relation }) => {
    if (relation.id !== 'helm-history') return undefined;
    view.in(release, (source, why) => {
      if (why.relation.id === 'helm-history' && source !== id) found.push(source);
      return undefined;
    });
    return undefined;
  });
  return found;
}
