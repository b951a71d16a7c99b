/** A namespace that was deleted and does not go. */
import type { Condition } from '../../../graph/facts.ts';
import { apiService } from '../../../graph/project/api-service.ts';
import { isFalse } from '../../../graph/project/conditions.ts';
import { generic } from '../../../graph/project/generic.ts';
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

/** Looked at of one kind. */
const ENOUGH = 50;

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
      const broken = brokenApi(said, seen.view);
      const holders = broken === undefined ? holdersIn(node.name, seen.view) : [];
      const why = holders.length > 0 ? told(holders) : first && short(first.message, 200);
      return {
        severity: WARNING,
        title: `Terminating and does not go${why === undefined ? '' : `: ${why}`}`,
        evidence: [
          `metadata.deletionTimestamp: ${span(seen.now - deleting)} ago`,
          ...holders.slice(0, 2).map((one) => `${one.says}, deleted ${span(seen.now - one.deleting)} ago`),
          ...said.slice(0, 2).map((one) => saidBy(one, seen)),
        ],
        since: deleting,
        holdMs: 5 * MINUTE,
        ...because(broken),
      };
    });
  },
};

/** What lives there cannot be found out while an aggregated API does not answer. */
function brokenApi([first]: readonly Condition[], view: GraphView): NodeId | undefined {
  if (first?.type !== 'NamespaceDeletionDiscoveryFailure') return undefined;
  const named = new Set(first.message.split(/[^a-z0-9./-]+/i));
  let broken: NodeId | undefined;
  view.eachOfKind(apiService.kind, undefined, (id) => {
    const facts = apiService.of(view.node(id));
    if (facts === undefined || !isFalse(facts.conditions, 'Available')) return undefined;
    if (named.has(`${facts.group}/${facts.version}`)) broken = id;
    return broken === undefined;
  });
  return broken;
}

interface Holder {
  /** `Promotion spring-sale waits for its finalizer example.com/settle`. */
  says: string;
  deleting: number;
  waits: boolean;
}

/** What in it is deleted too and does not go: first those that wait for a finalizer, then those deleted first. */
function holdersIn(namespace: string, view: GraphView): Holder[] {
  const found: Holder[] = [];
  for (const kind of view.kinds()) {
    if (view.count(kind, namespace).total === 0) continue;
    let looked = 0;
    view.eachOfKind(kind, namespace, (id) => {
      const node = view.node(id);
      const { deleting, name } = node;
      const [finalizer] = generic.of(node)?.finalizers ?? [];
      const wait = finalizer === undefined ? 'does not go' : `waits for its finalizer ${finalizer}`;
      if (deleting !== undefined)
        found.push({ says: `${kind.split('.')[0]} ${name} ${wait}`, deleting, waits: finalizer !== undefined });
      return ++looked < ENOUGH;
    });
  }
  return found.sort(
    (a, b) => Number(b.waits) - Number(a.waits) || a.deleting - b.deleting || (a.says < b.says ? -1 : 1),
  );
}

const told = ([first, ...more]: readonly Holder[]) =>
  `${short(first?.says ?? '', 200)}${more.length === 0 ? '' : ` (and ${more.length} more)`}`;
