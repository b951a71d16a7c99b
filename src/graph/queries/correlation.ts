import type { GraphView, NodeId } from '../types.ts';
import { dependencies } from './dependencies.ts';
import { impact } from './impact.ts';
import type { Bounds } from './types.ts';

/** Where something stands to a target: it is it, it is what the target needs, or it is what the target can hurt. */
export type Side = 'itself' | 'upstream' | 'downstream';

/** What surrounds a target, by side. What is on both sides counts as upstream. */
export function surroundings(view: GraphView, target: NodeId, bounds: Bounds): ReadonlyMap<NodeId, Side> {
  const sides = new Map<NodeId, Side>();
  for (const { id, effect } of impact(view, target, bounds).hits)
    if (effect !== 'withstands') sides.set(id, 'downstream');
  for (const { id, part } of dependencies(view, target, bounds).hits) sides.set(id, part ? 'itself' : 'upstream');
  sides.set(target, 'itself');
  return sides;
}
