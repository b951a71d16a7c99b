import { stepsTo } from '../../../graph/queries/path.ts';
import { stateText } from '../../../graph/queries/state-text.ts';
import type { Hit } from '../../../graph/queries/types.ts';
import type { GraphView, NodeId } from '../../../graph/types.ts';

/** One object of an answer, with the way that leads to it. Fields of surface.md §4.5 where they tell the truth. */
export interface ResultItem extends Record<string, unknown> {
  resource_id: string;
  kind: string;
  namespace: string;
  name: string;
}

export function hitItem(view: GraphView, hit: Hit): ResultItem {
  const { kind, namespace, name, health } = view.node(hit.id);
  const { why, effect, note, parent, depth, direction } = hit;
  return {
    resource_id: resourceId(view, hit.id),
    kind,
    namespace,
    name,
    depth,
    ...(why === undefined
      ? {}
      : {
          relation: why.relation.id,
          relation_class: why.relation.class,
          strength: why.strength,
          field: why.path,
          optional: why.optional,
        }),
    relation_direction: direction === 'out' ? 'outgoing' : 'incoming',
    ...(parent === undefined ? {} : { source_resource: resourceId(view, parent.id) }),
    path: stepsTo(hit).map(({ id }) => resourceId(view, id)),
    health_status: view.whereabouts(hit.id) === 'gone' ? 'missing' : health,
    state: stateText(view, hit.id),
    ...(effect === undefined ? {} : { effect }),
    ...(note === undefined ? {} : { note }),
  };
}

/** `Deployment.apps/shop/cart`, `Node/worker-1`. */
export function resourceId(view: GraphView, id: NodeId): string {
  const { kind, namespace, name } = view.node(id);
  return namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}
