/** What detectors of single kinds have in common: their facts at hand, nothing said of what is being deleted. */
import type { GenericFacts } from '../../../../graph/facts.ts';
import { generic } from '../../../../graph/project/generic.ts';
import type { GraphNode, GraphView, KindKey, KindProjection, NodeId } from '../../../../graph/types.ts';
import type { DetectContext, Detector, Found } from '../../../types.ts';
import { lookWith } from '../../workloads/reading/looking.ts';

export interface Looked<Facts> extends DetectContext {
  node: GraphNode;
  facts: Facts;
}

interface KindDetector<Facts> {
  id: string;
  class?: Detector['class'];
  reads?: readonly KindKey[];
  affected?: NonNullable<Detector['affected']>;
  look(seen: Looked<Facts>): readonly Found[] | Found | undefined;
}

/** A detector of kinds that have facts of their own. */
export function onKind<Facts>(
  projection: KindProjection<Facts> | readonly KindProjection<Facts>[],
  detector: KindDetector<Facts>,
): Detector {
  const projections = 'kind' in projection ? [projection] : projection;
  return made(
    detector,
    projections.map(({ kind }) => kind),
    (node) => projections.find(({ kind }) => kind === node.kind)?.of(node),
  );
}

/** A detector of kinds of which only the generic facts are kept. */
export const onGeneric = (kinds: readonly KindKey[] | 'any', detector: KindDetector<GenericFacts>): Detector =>
  made(detector, kinds, generic.of);

function made<Facts>(
  { id, class: of = 'incident', reads = [], affected, look }: KindDetector<Facts>,
  kinds: Detector['kinds'],
  factsOf: (node: GraphNode) => Facts | undefined,
): Detector {
  return {
    id,
    class: of,
    kinds,
    reads,
    ...(affected === undefined ? {} : { affected }),
    detect(node, context) {
      const facts = node.deleting === undefined ? factsOf(node) : undefined;
      return facts === undefined ? [] : lookWith(context, { node, facts }, look);
    },
  };
}

/** For `affected`: all of some kinds in the namespace of what changed; everywhere for what is in none. */
export const allOf =
  (...kinds: KindKey[]) =>
  (changed: GraphNode, view: GraphView): Iterable<NodeId> =>
    everywhere(kinds, view, changed.namespace === '' ? undefined : changed.namespace);

export function everywhere(kinds: readonly KindKey[], view: GraphView, namespace?: string): NodeId[] {
  const found: NodeId[] = [];
  for (const kind of kinds)
    view.eachOfKind(kind, namespace, (id) => {
      found.push(id);
      return undefined;
    });
  return found;
}
