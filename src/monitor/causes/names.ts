import type { GraphNode, GraphView, KindKey, NodeId } from '../../graph/types.ts';
import type { ObjectName } from '../types.ts';

/** `Pod/shop/cart-1`, `Node/worker-3`: one word for one object. */
export const keyOf = ({ kind, namespace, name }: ObjectName): string =>
  namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;

/** As a sentence names it: `Deployment shop/cart`, `image repo/cart:2`. */
export function spoken(object: ObjectName): string {
  const { namespace, name } = object;
  return `${spokenKind(object.kind)} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** `Deployment.apps` -> `Deployment`, `~Image` -> `image`. */
export function spokenKind(kind: KindKey): string {
  if (kind.startsWith('~')) return kind.slice(1).toLowerCase();
  const dot = kind.indexOf('.');
  return dot < 0 ? kind : kind.slice(0, dot);
}

export const nameOf = ({ kind, namespace, name }: GraphNode | ObjectName): ObjectName => ({ kind, namespace, name });

export const idOf = (view: GraphView, { kind, namespace, name }: ObjectName): NodeId | undefined =>
  view.find(kind, namespace, name);
