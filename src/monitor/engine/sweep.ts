import type { GraphView, KindKey, NodeId } from '../../graph/types.ts';
import type { Detector } from '../types.ts';
import { kindsLookedAt } from './kinds.ts';

/** All that a detector looks at, one after the other. Gathered by namespace as it goes: the ids of all pods at once take a turn of their own. */
export interface Sweep {
  index: number;
  /** The first one after opening: findings are not complete without it. */
  first: boolean;
  /** ms so far. */
  spent: number;
  next(view: GraphView): NodeId | undefined;
}

export function createSweep(detector: Detector, index: number, first: boolean): Sweep {
  let places: { kind: KindKey; namespace: string }[] | undefined;
  let ids: NodeId[] = [];
  return {
    index,
    first,
    spent: 0,
    next(view) {
      places ??= placesOf(detector, view);
      for (;;) {
        const id = ids.pop();
        if (id !== undefined) return id;
        const place = places.pop();
        if (place === undefined) return undefined;
        ids = idsIn(place.kind, place.namespace, view);
      }
    },
  };
}

function placesOf(detector: Detector, view: GraphView): { kind: KindKey; namespace: string }[] {
  const namespaces = ['', ...view.namespaces()];
  return kindsLookedAt(detector, view).flatMap((kind) => namespaces.map((namespace) => ({ kind, namespace })));
}

function idsIn(kind: KindKey, namespace: string, view: GraphView): NodeId[] {
  const ids: NodeId[] = [];
  view.eachOfKind(kind, namespace, (id) => {
    ids.push(id);
    return undefined;
  });
  return ids;
}
