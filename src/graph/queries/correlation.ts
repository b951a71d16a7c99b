import type { GraphView, NodeId } from '../types.ts';
import { dependencies } from './dependencies.ts';
import { impact } from './impact.ts';
import type { Bounds, Hit } from './types.ts';

/** Where something stands to a target: it is it, it is what the target needs, or it is what the target can hurt. */
export type Side = 'itself' | 'upstream' | 'downstream';

export interface Place {
  side: Side;
  /** Undefined for the target itself. */
  hit: Hit | undefined;
}

/** What surrounds a target. What is on both sides counts as upstream. */
export function surroundings(view: GraphView, target: NodeId, bounds: Bounds): ReadonlyMap<NodeId, Place> {
  const places = new Map<NodeId, Place>();
  for (const hit of impact(view, target, bounds).hits)
    if (hit.effect !== 'withstands') places.set(hit.id, { side: 'downstream', hit });
  for (const hit of dependencies(view, target, bounds).hits)
    places.set(hit.id, { side: hit.part ? 'itself' : 'upstream', hit });
  places.set(target, { side: 'itself', hit: undefined });
  return places;
}
