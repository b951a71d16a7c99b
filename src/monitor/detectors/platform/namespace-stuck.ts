/** A namespace that was deleted and does not go. */
import type { Condition } from '../../../graph/facts.ts';
import { apiService } from '../../../graph/project/api-service.ts';
import { isFalse } from '../../../graph/project/conditions.ts';
import { namespace as namespaceKind } from '../../../graph/project/namespace.ts';
import type { GraphView, NodeId } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { lookWith } from '../workloads/reading/looking.ts';
import { because, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE, short, span } from '../workloads/reading/times.ts';
import { saidBy } from './reading/conditions.ts';
import { allOf } from './reading/on-kind.ts';

/** Of what its controller says, what tells most of why. */
const TELLING = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceFinalizersRemaining',
  'NamespaceContentRemaining',
];

export const namespaceStuck: Detector = {
  id: 'namespace-stuck',
  class: 'incident',
  kinds: [namespaceKind.kind],
  reads: [apiService.kind],
  affected: (changed, view) => allOf(namespaceKind.kind)(changed, view),
  detect(node, context) {
    const facts = namespaceKind.of(node);
    const { deleting } = node;
    if (facts === undefined || deleting === undefined) return [];
    return lookWith(context, { node }, (seen) => {
      const said = TELLING.flatMap((type) =>
        facts.conditions.filter((condition) => condition.type === type && condition.status === 'True'),
      );
      const [first] = said;
      return {
        severity: WARNING,
        title: `Terminating and does not go${first === undefined ? '' : `: ${short(first.message, 200)}`}`,
        evidence: [
          `metadata.deletionTimestamp: ${span(seen.now - deleting)} ago`,
          ...said.slice(0, 4).map((one) => saidBy(one, seen)),
        ],
        since: deleting,
        holdMs: 5 * MINUTE,
        ...because(brokenApi(said, seen.view)),
      };
    });
  },
};

/** What lives there cannot be found out while an aggregated API does not answer. */
function brokenApi([first]: readonly Condition[], view: GraphView): NodeId | undefined {
  if (first?.type !== 'NamespaceDeletionDiscoveryFailure') return undefined;
  let broken: NodeId | undefined;
  view.eachOfKind(apiService.kind, undefined, (id) => {
    const facts = apiService.of(view.node(id));
    if (facts === undefined || !isFalse(facts.conditions, 'Available')) return undefined;
    if (broken === undefined || first.message.includes(`${facts.group}/${facts.version}`)) broken = id;
    return undefined;
  });
  return broken;
}
