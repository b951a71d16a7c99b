import type { GraphView, NodeId, Why } from '../types.ts';
import { createBudget } from './budget.ts';
import type { Bounds, Hit } from './types.ts';

/** The shortest way between two nodes over edges of any direction, from the first to the second; undefined where there is none within the bounds. */
export function shortestPath(
  view: GraphView,
  from: NodeId,
  to: NodeId,
  bounds: Bounds,
): { steps: Hit[] | undefined; complete: boolean } {
  const budget = createBudget(bounds.edges);
  const start: Hit = { id: from, depth: 0, parent: undefined, why: undefined, direction: 'out' };
  const seen = new Set<NodeId>([from]);
  let frontier = [start];
  for (let depth = 1; depth <= bounds.depth && frontier.length > 0 && !budget.spent; depth++) {
    const next: Hit[] = [];
    for (const parent of frontier) {
      const add = (direction: Hit['direction']) => (id: NodeId, why: Why) => {
        if (!budget.take()) return false;
        if (seen.has(id) || bounds.relations?.has(why.relation.class) === false) return true;
        seen.add(id);
        next.push({ id, depth, parent, why, direction });
        return id !== to;
      };
      view.out(parent.id, add('out'));
      view.in(parent.id, add('in'));
      const last = next.at(-1);
      if (last?.id === to) return { steps: stepsTo(last), complete: true };
    }
    frontier = next;
  }
  return { steps: from === to ? [start] : undefined, complete: !budget.spent };
}

/** From the start to `hit`, both included. */
export function stepsTo(hit: Hit): Hit[] {
  const steps: Hit[] = [];
  for (let at: Hit | undefined = hit; at !== undefined; at = at.parent) steps.unshift(at);
  return steps;
}
